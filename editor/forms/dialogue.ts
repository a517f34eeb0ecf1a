import { DIALOGUE_RULES } from '../../src/engine/options.js';
import type { Form } from './form.js';
import { HEAD, LISTEN, MODEL_TAB, numberField, OUTPUT_TAB, QUEUE_TAB, READING, SCENE, SPEED } from './speaking.js';

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

export const DIALOGUE: Form = {
  type: 'higgs-dialogue',
  head: HEAD,
  tabs: [
    {
      id: 'speech',
      icon: 'comments-o',
      label: 'common.tabs.speech',
      rows: [
        {
          kind: 'typed',
          name: 'script',
          icon: 'comments-o',
          label: 'dialogue.script',
          from: ['msg', 'str', 'json', 'flow', 'global', 'env', 'jsonata'],
          value: 'payload',
        },
        {
          kind: 'list',
          name: 'speakers',
          icon: 'users',
          label: 'dialogue.speakers',
          value: SPEAKERS,
          panel: 'speakers',
        },
        {
          kind: 'choice',
          name: 'turns',
          icon: 'exchange',
          label: 'dialogue.turns',
          value: 'auto',
          choices: {
            auto: 'dialogue.turnsOf.auto',
            together: 'dialogue.turnsOf.together',
            'by-line': 'dialogue.turnsOf.byLine',
          },
        },
        numberField('gap', 'arrows-h', 'dialogue.gapSeconds', DIALOGUE_RULES.gapSeconds, { example: '0.3' }),
        {
          kind: 'switch',
          name: 'stems',
          icon: 'columns',
          label: 'dialogue.stems',
          value: false,
          hint: 'dialogue.stemsHint',
        },
        ...READING,
        SPEED,
        SCENE,
      ],
    },
    OUTPUT_TAB,
    MODEL_TAB,
    QUEUE_TAB,
  ],
  foot: LISTEN,
};
