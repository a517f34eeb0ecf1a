/** This package's own language model and codec, measured without queue, process and prompt around them. */
import { codeFrames, type CodeFrames } from '../engine/codes.js';
import { generateFrames, seededRng, type LanguageModelContext, type SamplingRule } from '../engine/frames/index.js';
import type { Prompt } from '../engine/prompt/index.js';
import { openCodec, openLanguageModel, type LoadedCodec, type LoadedLanguageModel } from '../engine/runtime/index.js';
import { answerTasks, timed, type Task } from './contender.js';

export interface EngineContenderOptions {
  readonly modelDir: string;
  readonly codecDir: string;
  readonly cacheDir: string;
  readonly bits?: 4 | 8 | 32;
  readonly threads: number;
}

const SAMPLE_RATE_HZ = 24_000;
const FRAMES_PER_SECOND = 25;
/** As the published model is used. */
const RULE: SamplingRule = { temperature: 1, topK: 50, topP: 0.95, rasWindowFrames: 7, rasLimit: 2 };
/** Room for the steps that one sequence makes over all rounds. */
const STEPS = 512;

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
      this.sequences.set(positions, (rows = this.begin(this.languageModel.open(positions + STEPS), positions)));
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
    const contexts = Array.from({ length: sequences }, () => model.open(positions + STEPS));
    const together = contexts.map((context) => this.begin(context, positions));
    const all = (): Promise<unknown> => Promise.all(together.map((rows) => rows.next()));
    await all();
    // The first step brings the sequences together.
    await all();
    const milliseconds: number[] = [];
    for (let step = 0; step < count; step++) milliseconds.push(await timed(all));
    for (const context of contexts) context.close();
    return milliseconds;
  }

  private begin(context: LanguageModelContext, positions: number): AsyncGenerator<Int32Array, unknown> {
    const { shape } = this.languageModel;
    return generateFrames({
      context: endless(context, shape.codebookSize, shape.eosCode),
      prompt: textPrompt(positions),
      // All but the last position are the same for all sequences.
      prefixRuns: 1,
      shape,
      rule: RULE,
      rng: seededRng(1),
      maxFrames: STEPS,
    });
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

function textPrompt(positions: number): Prompt {
  const ids = Int32Array.from({ length: positions }, (_, i) => i % 250);
  const runs = [ids.subarray(0, -1), ids.subarray(-1)].map((part) => ({ kind: 'text', ids: part }) as const);
  return { text: '', ids, runs, positionCount: positions };
}

function randomFrames(numCodebooks: number, codebookSize: number, count: number): CodeFrames {
  const rng = seededRng(1);
  return codeFrames(
    numCodebooks,
    Int32Array.from({ length: count * numCodebooks }, () => Math.floor(rng() * codebookSize)),
  );
}

/** A context whose sequence never ends by itself. */
function endless(context: LanguageModelContext, codebookSize: number, eosCode: number): LanguageModelContext {
  return {
    get positionCount() {
      return context.positionCount;
    },
    feed: async (run) => {
      const logits = await context.feed(run);
      for (let at = eosCode; at < logits.length; at += codebookSize) logits[at] = -Infinity;
      return logits;
    },
    feedPrefix: async (runs, beforeRun) => context.feedPrefix?.(runs, beforeRun),
    close: () => context.close(),
  };
}

const contender = new EngineContender(JSON.parse(process.argv[2]!) as EngineContenderOptions);
void answerTasks((task) => contender.perform(task));
