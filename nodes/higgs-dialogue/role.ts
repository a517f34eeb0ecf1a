import {
  DIALOGUE_RULES,
  parseDialogue,
  TURNS,
  type DialogueLine,
  type DialogueRequest,
  type VoiceSource,
} from '../../src/engine/index.js';
import { MESSAGE_PROPERTIES, SWITCHES } from '../common/catalogue.js';
import { describeVoice } from '../common/describe-voice.js';
import type { InputTable, InputValues } from '../common/inputs.js';
import type { NodeAPI } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readBoolean, readChoice, readNumber, readSpeakers, readVoices, type Speaker } from '../common/readers.js';
import type { SpeakingRole } from '../common/speaking.js';
import { commonRequest, speakingInputs } from '../common/speaking-inputs.js';
import { textOfBytes } from '../common/spoken-text.js';

const NO_SPEAKERS: Readonly<Record<string, Speaker>> = {};
const NO_VOICES: Readonly<Record<string, VoiceSource>> = {};

function dialogueInputs(red: NodeAPI) {
  const findFile = fileToRead(red);
  return {
    ...speakingInputs(red),
    script: {
      property: 'script',
      kind: 'msg',
      initial: MESSAGE_PROPERTIES.script,
      read: readScript,
      fallback: [],
    },
    /** The editor's list, and the message's voices that win over it, speaker by speaker. */
    speakers: { property: 'speakers', read: readSpeakers(findFile), fallback: NO_SPEAKERS },
    voices: { message: 'voices', read: readVoices(findFile), fallback: NO_VOICES },
    turns: { message: 'turns', property: 'turns', read: readChoice(TURNS), fallback: TURNS[0] },
    /** Seconds; negative: lines overlap. */
    gap: {
      message: 'gapSeconds',
      property: 'gap',
      kind: 'num',
      read: readNumber(DIALOGUE_RULES.gapSeconds),
      fallback: DIALOGUE_RULES.gapSeconds.fallback,
    },
    /** Each speaker alone, in a message at the second output. */
    stems: { property: 'stems', kind: 'bool', read: readBoolean, fallback: SWITCHES.stems },
  } as const satisfies InputTable;
}

type DialogueTable = ReturnType<typeof dialogueInputs>;

/** Several speakers' lines, mixed into one sound with its time marks. */
export function dialogueRole(red: NodeAPI): SpeakingRole<DialogueTable> {
  return {
    inputs: dialogueInputs(red),
    plan: (values) => {
      const request = requestOf(values);
      const { lines, voices, pans } = request;
      const named = [...new Set(lines.map(({ speaker }) => speaker))];
      return {
        text: lines.map(({ text }) => text).join(' '),
        voice: named.map((speaker) => describeVoice(voices[speaker])).join(', '),
        request,
        channelCount: pans !== undefined || lines.some(({ pan }) => pan !== undefined) ? 2 : 1,
        speak: (engine, options) => engine.dialogue(request, options),
      };
    },
  };
}

/** A Buffer is a script in UTF-8. */
function readScript(value: unknown, name: string): DialogueLine[] {
  return parseDialogue(value instanceof Uint8Array ? textOfBytes(value, name) : value);
}

function requestOf(values: InputValues<DialogueTable>): DialogueRequest {
  const { script: lines, speakers, turns, gap: gapSeconds, stems } = values;
  const voices: Record<string, VoiceSource> = {};
  const pans: Record<string, number> = {};
  for (const [name, { voice, pan }] of Object.entries(speakers)) {
    voices[name] = voice;
    if (pan !== 0) pans[name] = pan;
  }
  return {
    ...commonRequest(values),
    lines,
    voices: { ...voices, ...values.voices },
    turns,
    gapSeconds,
    // Everyone in the middle is mono.
    ...(Object.keys(pans).length > 0 ? { pans } : {}),
    ...(stems ? { stems } : {}),
  };
}
