/** Music under audio that arrives. */
import {
  encodeSound,
  HiggsError,
  mixMusic,
  readSound,
  type MusicSetting,
  type TimeMark,
} from '../../src/engine/index.js';
import { moveMark } from '../../src/engine/package-api.js';
import { accountFor } from '../common/msg-higgs.js';
import type { NodeMessageInFlow } from '../common/node-red.js';
import type { ReadFile } from '../common/paths.js';
import { readFileBytes } from '../common/read-file-bytes.js';
import { readClip } from '../common/readers.js';
import { isRecord } from '../common/values.js';

/**
 * Puts the mix into msg.payload as a WAV file of 16 bits with the channels and the rate that arrived. What a speaking node
 * told about the speech stays; its marks and length follow. Throws HIGGS_CLIP_UNREADABLE, HIGGS_OPTION_INVALID.
 */
export async function mixUnder(msg: NodeMessageInFlow, music: MusicSetting, findFile: ReadFile): Promise<void> {
  if (music.kind !== 'bed') {
    const why = 'Music that the model makes cannot be mixed with audio that is there; choose a recording or a track.';
    throw new HiggsError('HIGGS_OPTION_INVALID', why);
  }
  const source = readClip(findFile)(msg.payload, 'msg.payload');
  const arrived = readSound(await readFileBytes(source));
  const { sound, startSeconds } = await mixMusic(arrived, music);
  msg.payload = Buffer.from(await encodeSound(sound, 'wav16'));
  const { higgs } = msg as { higgs?: unknown };
  if (!isRecord(higgs) || !isRecord(higgs.result)) return;
  const seconds = sound.channels[0]!.length / sound.sampleRateHz;
  const marks = Array.isArray(higgs.marks)
    ? higgs.marks.map((mark: TimeMark) => moveMark(mark, (at) => at + startSeconds))
    : undefined;
  msg.higgs = accountFor({ ...higgs, seconds, ...(marks === undefined ? {} : { marks }), format: 'wav16' });
}
