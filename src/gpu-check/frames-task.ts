/** The embedded voice, greedily and in float32, on one device; and its scores with 4 bits, whose kernels are others. */
import path from 'node:path';
import { generateFrames, type SamplingRule } from '../engine/frames/index.js';
import { EMBEDDED_DIR } from '../engine/package-files.js';
import { buildPrompt, composeConversation, openTokenizer, type Prompt } from '../engine/prompt/index.js';
import { openLanguageModel, type LoadedLanguageModel } from '../engine/runtime/index.js';
import type { FramesTask, Line } from './tasks.js';

const GREEDY: SamplingRule = { temperature: 0, topK: 1, topP: 1, rasWindowFrames: 0, rasLimit: 1 };
/** Fewer say nothing: the delay pattern's first rows hold codes of few codebooks. */
const LEAST_ROWS = 4;
const MODEL_DIR = path.join(EMBEDDED_DIR, 'model');

export async function greedyFrames(task: FramesTask, tell: (line: Line) => void): Promise<void> {
  const { device, settings, cacheDir, rows: most, seconds } = task;
  const begun = performance.now();
  const open = (bits: 4 | 32): Promise<LoadedLanguageModel> =>
    openLanguageModel({
      modelDir: MODEL_DIR,
      cacheDir,
      device,
      deviceSettings: settings,
      bits,
      cacheBits: 32,
      threads: 0,
    });
  const whole = await open(32);
  const conversation = composeConversation({ text: 'Dinner is ready.' });
  const prompt = buildPrompt(conversation, await openTokenizer(MODEL_DIR), whole.config);
  const rows: number[][] = [];
  const generated = generateFrames({
    context: whole.open(prompt.positionCount + most),
    prompt,
    shape: whole.shape,
    rule: GREEDY,
    rng: () => 0,
    maxFrames: most,
  });
  for await (const row of generated) {
    rows.push([...row]);
    const isLate = rows.length >= LEAST_ROWS && performance.now() - begun > 1000 * seconds;
    if (rows.length >= most || isLate) break;
  }
  tell({ rows });
  await whole.close();
  if (performance.now() - begun > 1000 * seconds) return;
  const rounded = await open(4);
  tell({ scores: [...(await scoresAfter(prompt, rounded))] });
  await rounded.close();
}

async function scoresAfter(prompt: Prompt, model: LoadedLanguageModel): Promise<Float32Array> {
  const context = model.open(prompt.positionCount);
  let scores = new Float32Array(0);
  for (const run of prompt.runs) scores = new Float32Array(await context.feed(run));
  context.close();
  return scores;
}
