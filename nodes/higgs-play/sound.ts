/** What a message may bring to be played. */
import type { PcmShape, SoundSource } from '../../src/players/index.js';
import type { NodeAPI, NodeMessageInFlow } from '../common/node-red.js';
import { fileToRead } from '../common/paths.js';
import { readFileBytes } from '../common/read-file-bytes.js';
import { invalid } from '../common/readers.js';
import { soundNameIn, storedSoundsOf } from '../common/stored-sounds.js';
import { isRecord } from '../common/values.js';

const UNREADABLE = { code: 'HIGGS_SOUND_MISSING', advice: 'A text is spoken by a speak node first.' } as const;

/** A Buffer, `sound:<name>`, an address (http, https), or a file. Throws HIGGS_SOUND_MISSING, HIGGS_OPTION_INVALID. */
export async function soundOf(red: NodeAPI, value: unknown, msg: NodeMessageInFlow): Promise<SoundSource> {
  if (value instanceof Uint8Array) return { kind: 'bytes', bytes: value, ...pcmOf(msg) };
  if (typeof value !== 'string' || value.trim() === '') {
    throw invalid(
      'sound',
      value,
      'a Buffer, the path of a file, an address or "sound:" and the name of a stored sound',
    );
  }
  const name = soundNameIn(value);
  if (name !== undefined) return { kind: 'bytes', bytes: await storedSoundsOf(red).read(name) };
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return { kind: 'url', url: value.trim() };
  return { kind: 'bytes', bytes: await readFileBytes(fileToRead(red)(value), UNREADABLE) };
}

/** Raw PCM does not say itself what it is; what a speaking node tells of it does. */
export function pcmOf(msg: NodeMessageInFlow): { readonly pcm?: PcmShape } {
  const { higgs } = msg as { higgs?: unknown };
  if (!isRecord(higgs) || higgs.format !== 'pcm16') return {};
  const { sampleRateHz, channels } = higgs;
  if (typeof sampleRateHz !== 'number' || typeof channels !== 'number') return {};
  return { pcm: { sampleRateHz, channelCount: channels } };
}
