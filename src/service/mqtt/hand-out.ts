/** Where the sound of an announcement goes: to a sound host, to this process, or into the result itself. */
import type { SpeakResult } from '../../engine/index.js';
import { resultOf, type AnnouncementResult } from './announcement.js';
import type { FinishedSound } from './finish.js';
import type { AnnouncerOptions } from './options.js';
import type { WaitingEntry } from './waiting-list.js';

/** True once the sound is where it should be. `tell` publishes the result, and gives whether it has arrived. */
export async function handOut(
  { announcement, spokenCount }: WaitingEntry,
  spoken: SpeakResult,
  { bytes, mediaType, extension, seconds }: FinishedSound,
  { soundHost, onSpoken }: Pick<AnnouncerOptions, 'soundHost' | 'onSpoken'>,
  tell: (result: AnnouncementResult) => Promise<boolean>,
): Promise<boolean> {
  const done: AnnouncementResult = {
    state: 'done',
    time: spokenCount + 1,
    seconds: Math.round(seconds * 1000) / 1000,
    voice: spoken.voice,
    mediaType,
    ...(soundHost === undefined ? {} : { url: soundHost.put(bytes, mediaType, extension).url }),
  };
  onSpoken?.({ announcement, result: resultOf(announcement, done), sound: bytes, mediaType });
  const audio = soundHost === undefined && onSpoken === undefined ? Buffer.from(bytes).toString('base64') : undefined;
  const told = tell({ ...done, ...(audio === undefined ? {} : { audio }) });
  return onSpoken !== undefined || (await told);
}
