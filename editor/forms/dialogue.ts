import { MESSAGE_PROPERTIES, SWITCHES } from '../../nodes/common/catalogue.js';
import { DIALOGUE_RULES, TURNS } from '../../src/engine/options.js';
import { choiceField } from './form.js';
import { numberField, speakingForm } from './speaking.js';

/** A speaker of the script: whose voice is heard, and from where. */
export interface SpeakerEntry {
  readonly speaker: string;
  /** A voice's name, or where to find one; empty for the model's choice. */
  readonly voice: string;
  readonly voiceType?: string;
  /** -1 (left) to 1 (right). */
  readonly pan?: number;
}

const SPEAKERS: readonly SpeakerEntry[] = [
  { speaker: 'SPEAKER0', voice: 'ella', voiceType: 'voice', pan: 0 },
  { speaker: 'SPEAKER1', voice: 'robert', voiceType: 'voice', pan: 0 },
];

export const DIALOGUE = speakingForm('higgs-dialogue', 'comments-o', [
  {
    kind: 'typed',
    name: 'script',
    icon: 'comments-o',
    label: 'dialogue.script',
    from: ['msg', 'str', 'json', 'flow', 'global', 'env', 'jsonata'],
    value: MESSAGE_PROPERTIES.script,
  },
  {
    kind: 'list',
    name: 'speakers',
    icon: 'users',
    label: 'dialogue.speakers',
    value: SPEAKERS,
    panel: 'speakers',
  },
  choiceField('turns', 'exchange', 'dialogue.turns', TURNS, 'dialogue.turnsOf'),
  numberField('gap', 'arrows-h', 'dialogue.gapSeconds', DIALOGUE_RULES.gapSeconds, {
    example: String(DIALOGUE_RULES.gapSeconds.fallback),
  }),
  {
    kind: 'switch',
    name: 'stems',
    icon: 'columns',
    label: 'dialogue.stems',
    value: SWITCHES.stems,
    hint: 'dialogue.stemsHint',
  },
]);
