/** What a higgs-voice node is set to. */
import { ACCENTS } from '../../src/engine/index.js';
import { FIRST_VOICE, MESSAGE_PROPERTIES, SWITCHES, VOICE_ACTIONS, VOICE_SOURCES } from '../common/catalogue.js';
import type { Input, InputTable, InputValues } from '../common/inputs.js';
import type { NodeAPI } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readBoolean, readChoice, readClip, readText } from '../common/readers.js';

export function voiceInputs(red: NodeAPI) {
  const text = (name: string): Input<string> => ({ message: name, property: name, read: readText, fallback: '' });
  return {
    action: { property: 'action', read: readChoice(VOICE_ACTIONS), fallback: VOICE_ACTIONS[0] },
    source: { property: 'source', read: readChoice(VOICE_SOURCES), fallback: VOICE_SOURCES[0] },
    /** A voice that is there already. */
    voice: { property: 'voice', read: readText, fallback: FIRST_VOICE },
    /** The name that a new voice is registered under; a renamed or imported voice's new name. */
    voiceName: text('voiceName'),
    /** A recording, or, to import it, a voice's file. */
    clip: {
      message: 'clip',
      property: 'clip',
      kind: 'msg',
      initial: MESSAGE_PROPERTIES.clip,
      read: readClip(fileToRead(red)),
      fallback: undefined,
    },
    transcript: text('transcript'),
    /** How whoever speaks in the clip says English. */
    accent: { message: 'accent', property: 'accent', read: readChoice(ACCENTS), fallback: ACCENTS[0] },
    description: text('description'),
    /** Silence at both ends of a clip is left away. */
    trim: { property: 'trim', kind: 'bool', read: readBoolean, fallback: SWITCHES.trim },
  } as const satisfies InputTable;
}

export type VoiceValues = InputValues<ReturnType<typeof voiceInputs>>;
