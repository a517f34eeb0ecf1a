import { DIALOGUE_RULES, parseDialogue } from '../../src/engine/index.js';
import type { InputTable } from '../common/inputs.js';
import type { NodeAPI } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readChoice, readNumber, readSpeakerList, readVoices } from '../common/readers.js';
import { commonRequest, speakingInputs, type SpeakingRole } from '../common/speaking.js';

const TURNS = ['auto', 'together', 'by-line'] as const;

function dialogueInputs(red: NodeAPI) {
  return {
    ...speakingInputs(red),
    lines: { property: 'script', kind: 'msg', initial: 'payload', read: parseDialogue, fallback: [] },
    /** The editor's list, and the message's voices that win over it, speaker by speaker. */
    speakers: { property: 'speakers', read: readSpeakerList, fallback: {} },
    voices: { message: 'voices', read: readVoices(fileToRead(red)), fallback: {} },
    turns: { message: 'turns', property: 'turns', read: readChoice(TURNS), fallback: 'auto' },
    gapSeconds: {
      message: 'gapSeconds',
      property: 'gapSeconds',
      kind: 'num',
      read: readNumber(DIALOGUE_RULES.gapSeconds),
      fallback: DIALOGUE_RULES.gapSeconds.fallback,
    },
  } as const satisfies InputTable;
}

/** Several speakers' lines, mixed into one sound with its time marks. */
export function dialogueRole(red: NodeAPI): SpeakingRole<ReturnType<typeof dialogueInputs>> {
  return {
    inputs: dialogueInputs(red),
    ask: (engine, values, options) => {
      const { lines, speakers, voices, turns, gapSeconds } = values;
      return engine.dialogue(
        { ...commonRequest(values), lines, voices: { ...speakers, ...voices }, turns, gapSeconds },
        options,
      );
    },
  };
}
