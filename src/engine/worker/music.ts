/** The music that a request wants under its speech. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import { readBedSource } from '../production/index.js';
import type { MusicSetting } from '../requests.js';
import type { Bed } from './assembler.js';

/** Read before anything is generated, so that a bad file costs no work. Throws HIGGS_CLIP_UNREADABLE. */
export async function readBed(music: MusicSetting | undefined): Promise<Bed | undefined> {
  if (music?.kind !== 'bed') return undefined;
  return { samples: await readBedSource(music, SAMPLE_RATE_HZ), settings: music };
}
