/** The process that is measured: does one task, tells its report, and ends. */
import { readLanguageModelConfig } from '../../src/engine/checkpoint/index.js';
import { HiggsError } from '../../src/engine/errors.js';
import { exportCodec } from '../../src/engine/export/codec.js';
import { exportLanguageModel } from '../../src/engine/export/language-model.js';
import { alignFrames, generateFrames, seededRng, type LanguageModelContext } from '../../src/engine/frames/index.js';
import {
  buildPrompt,
  composeConversation,
  openTokenizer,
  type PromptTokenizer,
} from '../../src/engine/prompt/index.js';
import {
  openCodec,
  openLanguageModel,
  type LoadedCodec,
  type LoadedLanguageModel,
} from '../../src/engine/runtime/index.js';
import { decodeStream } from '../../src/engine/sound/index.js';
import { bytesRead, processMemory } from './process-memory.js';
import type { Conversion, Folders, Generation, Loading, Report, Task } from './tasks.js';

const BITS = 4;
const GENERATIONS = 3;
/** The runtime's buffers and compiled code come with the first steps; what is measured begins after them. */
const WARM_UP_FRAMES = 100;
const RULE = { temperature: 1, topK: 50, topP: 0.95, rasWindowFrames: 0, rasLimit: 1 };
const TEXT = 'The sun rises in the east and sets in the west.';

const tell = (report: Report): Promise<void> =>
  new Promise((resolve, reject) => process.send!(report, (error: Error | null) => (error ? reject(error) : resolve())));

async function timed<T>(work: () => Promise<T>): Promise<[seconds: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

async function convert({ modelDir, codecDir, cacheDir }: Folders): Promise<Conversion> {
  const stop = new AbortController();
  process.on('message', () => stop.abort());
  const options = { cacheDir, bits: BITS, signal: stop.signal } as const;
  const before = bytesRead();
  const start = performance.now();
  let failed: string | undefined;
  try {
    await exportLanguageModel({
      ...options,
      modelDir,
      onProgress: (event) => {
        if (event.phase === 'converting') {
          void tell({ kind: 'progress', bytesDone: event.bytesDone, bytesTotal: event.bytesTotal });
        }
      },
    });
  } catch (error) {
    failed = HiggsError.from(error).code;
  }
  const languageModel = {
    languageModelSeconds: (performance.now() - start) / 1000,
    bytesRead: bytesRead() - before,
    languageModelPeak: processMemory().peak,
  };
  if (failed !== undefined) return { ...languageModel, failed, codecSeconds: 0, peak: processMemory().peak };
  const [codecSeconds] = await timed(() => exportCodec({ codecDir, cacheDir }));
  return { ...languageModel, codecSeconds, peak: processMemory().peak };
}

interface Loaded {
  readonly tokenizer: PromptTokenizer;
  readonly model: LoadedLanguageModel;
  readonly codec: LoadedCodec;
  readonly loading: Loading;
}

async function load({ modelDir, codecDir, cacheDir }: Folders): Promise<Loaded> {
  const options = { cacheDir, device: 'cpu', threads: 0 } as const;
  const [tokenizerSeconds, tokenizer] = await timed(() => openTokenizer(modelDir));
  const [languageModelSeconds, model] = await timed(() => openLanguageModel({ ...options, modelDir, bits: BITS }));
  const [codecSeconds, codec] = await timed(() => openCodec({ ...options, codecDir }));
  const loading = { tokenizerSeconds, languageModelSeconds, codecSeconds, memory: processMemory() };
  return { tokenizer, model, codec, loading };
}

/** The same again and again, so that what the last one adds is what is never given back. */
async function generate(folders: Folders, frames: number): Promise<Generation[]> {
  const loaded = await load(folders);
  const config = await readLanguageModelConfig(folders.modelDir);
  const prompt = buildPrompt(composeConversation({ text: TEXT }), loaded.tokenizer, config);
  await generateOnce(loaded, prompt, WARM_UP_FRAMES);
  const generations: Generation[] = [];
  for (let i = 0; i < GENERATIONS; i++) generations.push(await generateOnce(loaded, prompt, frames));
  return generations;
}

async function generateOnce(
  { model, codec }: Loaded,
  prompt: ReturnType<typeof buildPrompt>,
  frames: number,
): Promise<Generation> {
  const stepSeconds: number[] = [];
  const memory: Generation['memory'][number][] = [];
  let prefillSeconds = 0;
  const context = model.open(prompt.positionCount + frames + model.shape.numCodebooks);
  const timedContext: LanguageModelContext = {
    get positionCount() {
      return context.positionCount;
    },
    feed: async (run) => {
      const [seconds, scores] = await timed(() => context.feed(run));
      if (run.kind === 'audio') stepSeconds.push(seconds);
      else prefillSeconds += seconds;
      return scores;
    },
    close: () => context.close(),
  };
  const rows = generateFrames({
    context: timedContext,
    prompt,
    shape: model.shape,
    rule: RULE,
    rng: seededRng(1),
    maxFrames: frames,
  });
  const sound = decodeStream(
    counted(alignFrames(rows, model.shape), (count) => {
      if (count % 100 === 0) memory.push({ frames: count, at: processMemory() });
    }),
    codec,
  );
  try {
    for (;;) {
      const step = await sound.next();
      if (step.done !== true) continue;
      const { positionCount: prefillPositions } = prompt;
      return { prefillPositions, prefillSeconds, stepSeconds, memory, stop: step.value.stop };
    }
  } finally {
    context.close();
  }
}

async function* counted<T, Result>(
  items: AsyncGenerator<T, Result, void>,
  look: (count: number) => void,
): AsyncGenerator<T, Result, void> {
  for (let count = 1; ; count++) {
    const item = await items.next();
    if (item.done === true) return item.value;
    look(count);
    yield item.value;
  }
}

async function perform(task: Task): Promise<Report> {
  switch (task.kind) {
    case 'convert':
      return { kind: 'convert', result: await convert(task) };
    case 'load':
      return { kind: 'load', result: (await load(task)).loading };
    case 'generate':
      return { kind: 'generate', result: await generate(task, task.frames) };
  }
}

void perform(JSON.parse(process.argv[2]!) as Task)
  .then(tell)
  .then(() => process.exit(0));
