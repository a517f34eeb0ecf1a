/** The recording that a request wants under its speech. */
import type { MusicSetting } from '../requests.js';
import { atCodecRate, readWav } from '../sound/index.js';
import { readClip } from '../voices/index.js';
import type { Bed } from './recital.js';

/** Read before anything is generated, so that a bad file costs no work. Throws HIGGS_CLIP_UNREADABLE. */
export async function readBed(music: MusicSetting | undefined): Promise<Bed | undefined> {
  if (music?.kind !== 'bed') return undefined;
  const { clip, ...settings } = music;
  return { samples: atCodecRate(readWav(await readClip(clip))), settings };
}
