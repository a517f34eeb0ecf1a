/** Loads the converted model and speaks with it. */
import fs from 'node:fs';
import path from 'node:path';
import { acquireEngine, encodeWav, SAMPLE_RATE_HZ, type ProgressEvent } from '../../src/engine/index.js';
import { gigabytes, minimumAndMedian, type Figures } from './figures.js';
import { processMemory, type ProcessMemory } from './process-memory.js';
import { LANGUAGE_MODEL } from './sizes.js';
import type { Folders, Generation, Loading } from './tasks.js';
import { run } from './workers.js';

const MOST_LOADING_SECONDS = 10;
const MOST_GIGABYTES = 4;
const FRAMES = 500;
/** Between frame 100 and the last, beside the KV cache. */
const MOST_GROWTH_MEGABYTES = 20;
const LOADINGS = 3;
/** That step times are taken from. */
const STEPS = 32;
const POSITIONS = 2048;
/** A reference clip as long as they are in practice. */
const CLIP_SECONDS = 20;

export async function measureLoading(folders: Folders, figures: Figures): Promise<void> {
  const loadings: Loading[] = [];
  // Brings the files into the system's cache.
  await run({ kind: 'load', ...folders });
  for (let i = 0; i < LOADINGS; i++) loadings.push(await run({ kind: 'load', ...folders }));
  const seconds = loadings.map(
    (loading) => loading.tokenizerSeconds + loading.languageModelSeconds + loading.codecSeconds,
  );
  figures.below('loading, warm: the slowest', Math.max(...seconds), MOST_LOADING_SECONDS, 's');
  figures.note('loading, minimum / median', minimumAndMedian(seconds, 's'));
  const { tokenizerSeconds, languageModelSeconds, codecSeconds, memory } = loadings.at(-1)!;
  const parts = [tokenizerSeconds, languageModelSeconds, codecSeconds].map((part) => part.toFixed(1));
  figures.note('of which tokenizer, language model, codec', `${parts.join(', ')} s`);
  figures.note('memory when loaded', memoryText(memory));
}

export async function measureGeneration(folders: Folders, figures: Figures): Promise<void> {
  const generations = await run({ kind: 'generate', ...folders, frames: FRAMES });
  const after = (generation: Generation, frames: number): number =>
    generation.memory.find((point) => point.frames === frames)!.at.resident;
  figures.holds(
    `${FRAMES} frames are generated, ${generations.length} times`,
    generations.every(({ memory, stop }) => memory.at(-1)!.frames === FRAMES && stop === 'limit'),
  );
  for (const [index, generation] of generations.entries()) {
    const points = generation.memory.map(({ frames, at }) => `${frames}: ${gigabytes(at.resident).toFixed(2)}`);
    figures.note(`resident memory in GB by frames, time ${index + 1}`, points.join(', '));
  }
  const first = generations[0]!;
  const cache = keyValueBytes(capacity(first, FRAMES)) - keyValueBytes(capacity(first, 100));
  figures.below(
    `growth from frame 100 to ${FRAMES}, without the KV cache's ${(cache / 1e6).toFixed(0)} MB`,
    (after(first, FRAMES) - after(first, 100) - cache) / 1e6,
    MOST_GROWTH_MEGABYTES,
    'MB',
  );
  // The second time the first one's KV cache may still wait to be collected.
  const [earlier, last] = generations.slice(-2).map((generation) => after(generation, FRAMES));
  figures.below('growth from the last time but one to the last', (last! - earlier!) / 1e6, MOST_GROWTH_MEGABYTES, 'MB');
  const prefills = generations.map(({ prefillSeconds }) => 1000 * prefillSeconds);
  figures.note(`prefill of ${first.prefillPositions} positions, minimum / median`, minimumAndMedian(prefills, 'ms'));
  for (const positions of [128, 512]) {
    const to = positions - first.prefillPositions;
    const steps = generations.flatMap(({ stepSeconds }) => stepSeconds.slice(to - STEPS, to));
    const milliseconds = steps.map((step) => 1000 * step);
    figures.note(
      `a step at ${positions - STEPS} to ${positions} positions, minimum / median`,
      minimumAndMedian(milliseconds, 'ms'),
    );
  }
}

/** Keys and values of all layers, 8 bits each. */
function keyValueBytes(positions: number): number {
  const { layers, keyValueHeads, headDim } = LANGUAGE_MODEL;
  return 2 * layers * keyValueHeads * headDim * positions;
}

/** Positions that the cache had room for at a frame (key-values.ts). */
function capacity({ prefillPositions }: Generation, frames: number): number {
  return Math.ceil((prefillPositions + frames) / 256) * 256;
}

/** The engine as users have it: a cloned voice, until its 2,048 positions are full. */
export async function measureEngine(dir: string, cacheDir: string, figures: Figures): Promise<void> {
  const { engine, release } = acquireEngine({
    model: dir,
    cacheDir,
    device: 'cpu',
    bits: 4,
    dataDir: path.join(cacheDir, 'data'),
  });
  const peaks: Partial<Record<ProgressEvent['phase'], number>> = {};
  let positions = 0;
  try {
    const result = await engine.speak(
      {
        text: 'The sun rises in the east and sets in the west.',
        voice: {
          kind: 'clip',
          clip: clip(),
          transcript: 'Dinner is ready, and the washing machine has finished. '.repeat(5),
        },
        maxSeconds: 600,
        rasWindowFrames: 0,
        seed: 1,
      },
      {
        // Someone listens, so that noise, which no check would let pass, is not spoken again.
        onChunk: () => undefined,
        onProgress: (event) => {
          const [child] = children();
          if (child !== undefined) peaks[event.phase] = processMemory(child).peak;
          if (event.phase === 'prefill') positions = event.positionsTotal;
        },
      },
    );
    const all = positions + result.frameCount + LANGUAGE_MODEL.numCodebooks;
    figures.holds(
      `the engine speaks until its ${POSITIONS} positions are full (prompt ${positions}, frames ${result.frameCount})`,
      all >= POSITIONS,
    );
    figures.note(
      'most memory of the engine up to each phase',
      Object.entries(peaks)
        .map(([phase, peak]) => `${phase} ${gigabytes(peak).toFixed(2)} GB`)
        .join(', '),
    );
    const memory = processMemory(children()[0]);
    figures.note('memory of the engine at the end', memoryText(memory));
    figures.below(`most memory of the engine, ${POSITIONS} positions`, gigabytes(memory.peak), MOST_GIGABYTES, 'GB');
    figures.note(
      'time for that',
      `${result.workSeconds.toFixed(0)} s for ${result.durationSeconds.toFixed(1)} s of sound`,
    );
  } finally {
    await release();
  }
}

/** Processes that this one started. */
function children(): number[] {
  const text = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Something loud enough to be taken for a reference. */
function clip(): Uint8Array {
  const samples = Float32Array.from({ length: CLIP_SECONDS * SAMPLE_RATE_HZ }, (_, i) => {
    const seconds = i / SAMPLE_RATE_HZ;
    return 0.2 * Math.sin(2 * Math.PI * 180 * seconds) * (1 + Math.sin(2 * Math.PI * 3 * seconds));
  });
  return encodeWav(samples);
}

function memoryText({ resident, anonymous, file, peak }: ProcessMemory): string {
  const [all, own, mapped, most] = [resident, anonymous, file, peak].map((bytes) => gigabytes(bytes).toFixed(2));
  return `${all} GB (own ${own}, files ${mapped}; the most ${most})`;
}
