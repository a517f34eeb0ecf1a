/** One model on one device, measured: the loop over frames as the engine runs it. */
import { endlessRows, textPrompt } from '../bench/endless-rows.js';
import { timed } from '../bench/contender.js';
import type { Unit } from '../bench/figures.js';
import { codeFrames } from '../engine/codes.js';
import { openCodec, openLanguageModel, type LoadedLanguageModel } from '../engine/runtime/index.js';
import { usedMegabytes } from './cards.js';
import * as names from './names.js';
import type { Line, MeasureTask } from './tasks.js';

/** For a figure values are taken for so long, but one at least. */
const MOST_SECONDS = 3;
const MOST_PREFILLS = 3;
/** Steps before those that are timed: the first row comes with the prompt, the second brings sequences together. */
const STEPS_BEFORE = 2;

export async function measure(task: MeasureTask, tell: (line: Line) => void): Promise<void> {
  const { seconds, values, modelDir, codecDir, cacheDir, device, settings, bits, threads } = task;
  const begun = performance.now();
  const before = await usedMegabytes();
  const add = (what: string, unit: Unit, ...values: readonly number[]): void => tell({ what, unit, values });
  const isLate = (): boolean => performance.now() - begun > 1000 * seconds;

  const model = await openLanguageModel({
    ...{ modelDir, cacheDir, device, deviceSettings: settings, threads },
    // What is compared is the device, not what the CPU gains by keys and values of 8 bits.
    cacheBits: 32,
    ...(bits === undefined ? {} : { bits }),
  });
  await prefill(model, 8);
  add(names.LOADING, 's', (performance.now() - begun) / 1000);
  tell({ layers: model.config.layers, bits: model.bits });
  for (const positions of names.PREFILLS) {
    if (isLate()) return;
    add(
      names.prefillOf(positions),
      'ms',
      ...(await repeated(Math.min(values, MOST_PREFILLS), () => prefill(model, positions))),
    );
  }
  for (const positions of names.STEPS) {
    if (isLate()) return;
    if (positions + STEPS_BEFORE + values > model.maxPositions) continue;
    add(names.stepAt(positions), 'ms', ...(await steps(model, 1, positions, values)));
  }
  if (isLate()) return;
  add(names.FIRST_SOUND, 's', (await firstSound(model, cacheDir, codecDir)) / 1000);
  for (const sequences of names.TOGETHER) {
    if (isLate()) return;
    add(names.stepOf(sequences), 'ms', ...(await steps(model, sequences, names.TOGETHER_POSITIONS, values)));
  }
  const after = await usedMegabytes();
  if (before !== undefined && after !== undefined) add(names.DEVICE_MEMORY, 'MB', after - before);
  add(names.PROCESS_MEMORY, 'MB', process.memoryUsage().rss / 1e6);
}

async function prefill(model: LoadedLanguageModel, positions: number): Promise<void> {
  const context = model.open(positions);
  await context.feed({ kind: 'text', ids: textPrompt(positions).ids });
  context.close();
}

/** Milliseconds of a step of all sequences, each in a loop of its own. */
async function steps(
  model: LoadedLanguageModel,
  sequences: number,
  positions: number,
  most: number,
): Promise<number[]> {
  const shared = model.together(sequences);
  const contexts = Array.from({ length: sequences }, () => shared.open(positions + STEPS_BEFORE + most));
  const loops = contexts.map((context) => endlessRows(model.shape, context, positions));
  const all = (): Promise<unknown> => Promise.all(loops.map((rows) => rows.next()));
  for (let step = 0; step < STEPS_BEFORE; step++) await all();
  const milliseconds = await repeated(most, all);
  for (const context of contexts) context.close();
  return milliseconds;
}

/** Milliseconds from the prompt to the first chunk's sound; without a codec to the frames that it is made of. */
async function firstSound(model: LoadedLanguageModel, cacheDir: string, codecDir?: string): Promise<number> {
  const codec = codecDir === undefined ? undefined : await openCodec({ codecDir, cacheDir, device: 'cpu', threads: 0 });
  const { numCodebooks, bosCode } = model.shape;
  const frameCount = names.ROWS_BEFORE_SOUND - numCodebooks;
  const codes = codeFrames(numCodebooks, new Int32Array(numCodebooks * frameCount));
  const context = model.open(64 + names.ROWS_BEFORE_SOUND);
  const rows = endlessRows(model.shape, context, 64);
  const milliseconds = await timed(async () => {
    for (let row = 0; row < names.ROWS_BEFORE_SOUND; row++) await rows.next();
    // What the codes are makes no difference to the time, as long as they are codes.
    if (bosCode > 0) await codec?.decode(codes);
  });
  context.close();
  await codec?.close();
  return milliseconds;
}

async function repeated(most: number, work: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  const begun = performance.now();
  while (values.length < most && (values.length === 0 || performance.now() - begun < 1000 * MOST_SECONDS)) {
    values.push(await timed(work));
  }
  return values;
}
