/** A file counts where it is a WAV file with sound in it. */
import fs from 'node:fs/promises';
import { readWav } from '../../src/engine/sound/index.js';

export interface Sound {
  readonly seconds: number;
  readonly loudnessDb: number;
}

const SHORTEST_SECONDS = 0.5;
const QUIETEST_DB = -50;

/** Throws where the file is missing, no WAV, too short for words, or silent. */
export async function checkSound(file: string): Promise<Sound> {
  const { samples, sampleRateHz } = readWav(await fs.readFile(file));
  const seconds = samples.length / sampleRateHz;
  if (seconds < SHORTEST_SECONDS) throw new Error(`${file} holds only ${seconds.toFixed(2)} s of sound.`);
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const loudnessDb = 10 * Math.log10(energy / samples.length);
  if (!(loudnessDb > QUIETEST_DB)) throw new Error(`${file} is silent (${loudnessDb.toFixed(0)} dB).`);
  return { seconds, loudnessDb };
}
