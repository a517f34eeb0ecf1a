/** This package's own language model and codec, measured without queue, process and prompt around them. */
import { codeFrames, type CodeFrames } from '../engine/codes.js';
import { seededRng } from '../engine/frames/index.js';
import { openCodec, openLanguageModel, type LoadedCodec, type LoadedLanguageModel } from '../engine/runtime/index.js';
import { answerTasks, timed, type Task } from './contender.js';
import { endlessRows, MOST_STEPS, textPrompt } from './endless-rows.js';

export interface EngineContenderOptions {
  readonly modelDir: string;
  readonly codecDir: string;
  readonly cacheDir: string;
  readonly bits?: 4 | 8 | 32;
  readonly threads: number;
}

const SAMPLE_RATE_HZ = 24_000;
const FRAMES_PER_SECOND = 25;

class EngineContender {
  private model: LoadedLanguageModel | undefined;
  private codec: LoadedCodec | undefined;
  private readonly sequences = new Map<number, AsyncGenerator<Int32Array, unknown>>();

  constructor(private readonly options: EngineContenderOptions) {}

  async perform(task: Task): Promise<number[]> {
    switch (task.do) {
      case 'load': {
        const { options } = this;
        this.model = await openLanguageModel({ ...options, device: 'cpu' });
        this.codec = await openCodec({ ...options, device: 'cpu' });
        return [];
      }
      case 'step':
        return await this.steps(task.positions, task.count);
      case 'prefill': {
        const context = this.languageModel.open(task.positions);
        const { ids } = textPrompt(task.positions);
        const milliseconds = await timed(() => context.feed({ kind: 'text', ids }));
        context.close();
        return [milliseconds];
      }
      case 'decode': {
        const { numCodebooks, codebookSize } = this.openCodec;
        const frames = randomFrames(numCodebooks, codebookSize, FRAMES_PER_SECOND);
        return [await timed(() => this.openCodec.decode(frames))];
      }
      case 'encode': {
        const tone = Float32Array.from({ length: task.seconds * SAMPLE_RATE_HZ }, (_, i) => Math.sin(i / 20) / 4);
        return [await timed(() => this.openCodec.encode(tone))];
      }
      case 'batch':
        return await this.batchSteps(task.positions, task.sequences, task.count);
    }
  }

  /** Whole steps of the loop over frames: draw, embed, run, keep the new keys and values. */
  private async steps(positions: number, count: number): Promise<number[]> {
    let rows = this.sequences.get(positions);
    if (rows === undefined) {
      const context = this.languageModel.open(positions + MOST_STEPS);
      rows = endlessRows(this.languageModel.shape, context, positions);
      this.sequences.set(positions, rows);
      // The first row comes with the prefill.
      await rows.next();
    }
    const milliseconds: number[] = [];
    for (let step = 0; step < count; step++) milliseconds.push(await timed(() => rows.next()));
    return milliseconds;
  }

  /** The same for several sequences that go on together, each in the loop of its own. */
  private async batchSteps(positions: number, sequences: number, count: number): Promise<number[]> {
    const model = this.languageModel.together(sequences);
    const contexts = Array.from({ length: sequences }, () => model.open(positions + MOST_STEPS));
    const together = contexts.map((context) => endlessRows(model.shape, context, positions));
    const all = (): Promise<unknown> => Promise.all(together.map((rows) => rows.next()));
    await all();
    // The first step brings the sequences together.
    await all();
    const milliseconds: number[] = [];
    for (let step = 0; step < count; step++) milliseconds.push(await timed(all));
    for (const context of contexts) context.close();
    return milliseconds;
  }

  private get languageModel(): LoadedLanguageModel {
    if (this.model === undefined) throw new Error('not loaded');
    return this.model;
  }

  private get openCodec(): LoadedCodec {
    if (this.codec === undefined) throw new Error('not loaded');
    return this.codec;
  }
}

function randomFrames(numCodebooks: number, codebookSize: number, count: number): CodeFrames {
  const rng = seededRng(1);
  return codeFrames(
    numCodebooks,
    Int32Array.from({ length: count * numCodebooks }, () => Math.floor(rng() * codebookSize)),
  );
}

const contender = new EngineContender(JSON.parse(process.argv[2]!) as EngineContenderOptions);
void answerTasks((task) => contender.perform(task));
