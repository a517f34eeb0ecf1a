/** From an announcement to what the engine is asked. */
import type { SpeakRequest } from '../../engine/index.js';
import type { Announcement } from './announcement.js';
import type { Settings } from './settings.js';

/** What the announcement says counts before what is set, and that before `usual`, what the announcer's owner chose. */
export function requestFor(
  { text, voice, language, music }: Announcement,
  settings: Settings,
  usual: Omit<SpeakRequest, 'text'> = {},
): SpeakRequest {
  const name = voice ?? settings.voice;
  const withMusic = music ?? settings.music;
  return {
    ...usual,
    text,
    ...(name === undefined ? {} : { voice: { kind: 'named', name } }),
    ...(language === undefined ? {} : { language }),
    music: withMusic ? (usual.music ?? { kind: 'model' }) : { kind: 'none' },
  };
}
