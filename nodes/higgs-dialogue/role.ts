import { DIALOGUE_RULES, parseDialogue, type VoiceSource } from '../../src/engine/index.js';
import { describeVoice } from '../common/describe-voice.js';
import type { InputTable } from '../common/inputs.js';
import type { NodeAPI } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readChoice, readNumber, readSpeakerList, readVoices } from '../common/readers.js';
import type { SpeakingRole } from '../common/speaking.js';
import { commonRequest, speakingInputs } from '../common/speaking-inputs.js';

const NO_VOICES: Readonly<Record<string, VoiceSource>> = {};
const TURNS = ['auto', 'together', 'by-line'] as const;

function dialogueInputs(red: NodeAPI) {
  return {
    ...speakingInputs(red),
    script: { property: 'script', kind: 'msg', initial: 'payload', read: parseDialogue, fallback: [] },
    /** The editor's list, and the message's voices that win over it, speaker by speaker. */
    speakers: { property: 'speakers', read: readSpeakerList, fallback: NO_VOICES },
    voices: { message: 'voices', read: readVoices(fileToRead(red)), fallback: NO_VOICES },
    turns: { message: 'turns', property: 'turns', read: readChoice(TURNS), fallback: 'auto' },
    gap: {
      message: 'gapSeconds',
      property: 'gap',
      formerly: 'gapSeconds',
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
    plan: (values) => {
      const { script: lines, speakers, voices: own, turns, gap: gapSeconds } = values;
      const voices = { ...speakers, ...own };
      const request = { ...commonRequest(values), lines, voices, turns, gapSeconds };
      const named = [...new Set(lines.map(({ speaker }) => speaker))];
      return {
        text: lines.map(({ text }) => text).join(' '),
        voice: named.map((speaker) => describeVoice(voices[speaker])).join(', '),
        request,
        speak: (engine, options) => engine.dialogue(request, options),
      };
    },
  };
}
