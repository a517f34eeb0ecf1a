/** llama.cpp through node-llama-cpp, where `scripts/peers/install.sh` has put it, on a model of the same shapes. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerTasks, timed, type Task } from './contender.js';

export interface LlamaContenderOptions {
  readonly peersDir: string;
  readonly modelFile: string;
  readonly threads: number;
  readonly vocabularySize: number;
}

/** The part of node-llama-cpp that is used here. */
interface LlamaModule {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<LlamaModel> }>;
}
interface LlamaModel {
  createContext(options: object): Promise<{ getSequence(): LlamaSequence }>;
}
interface LlamaSequence {
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number>;
  clearHistory(): Promise<void>;
}

const POSITIONS = 2048;
/** One for each number of positions that steps are measured at, and one for prompts. */
const SEQUENCES = 4;

class LlamaContender {
  private free: LlamaSequence[] = [];
  private readonly sequences = new Map<number, AsyncGenerator<number>>();
  private prompts: LlamaSequence | undefined;

  constructor(private readonly options: LlamaContenderOptions) {}

  async perform(task: Task): Promise<number[]> {
    switch (task.do) {
      case 'load':
        await this.load();
        return [];
      case 'step': {
        const tokens = await this.at(task.positions);
        const milliseconds: number[] = [];
        for (let step = 0; step < task.count; step++) milliseconds.push(await timed(() => tokens.next()));
        return milliseconds;
      }
      case 'prefill': {
        this.prompts ??= this.take();
        await this.prompts.clearHistory();
        return [await timed(() => this.begin(this.prompts!, task.positions).next())];
      }
      case 'batch':
      case 'decode':
      case 'encode':
        throw new Error(`llama.cpp is not asked for "${task.do}"`);
    }
  }

  private async load(): Promise<void> {
    const { peersDir, modelFile, threads } = this.options;
    const file = path.join(peersDir, 'node_modules', 'node-llama-cpp', 'dist', 'index.js');
    const module = (await import(pathToFileURL(file).href)) as LlamaModule;
    const llama = await module.getLlama({ gpu: false, build: 'never', logLevel: 'error' });
    const model = await llama.loadModel({ modelPath: modelFile });
    const settings = { contextSize: POSITIONS, batchSize: 512, sequences: 1, threads: threads };
    for (let i = 0; i < SEQUENCES; i++) this.free.push((await model.createContext(settings)).getSequence());
  }

  private take(): LlamaSequence {
    const sequence = this.free.pop();
    if (sequence === undefined) throw new Error('there are no more sequences');
    return sequence;
  }

  private async at(positions: number): Promise<AsyncGenerator<number>> {
    const known = this.sequences.get(positions);
    if (known !== undefined) return known;
    const tokens = this.begin(this.take(), positions);
    this.sequences.set(positions, tokens);
    await tokens.next();
    return tokens;
  }

  private begin(sequence: LlamaSequence, positions: number): AsyncGenerator<number> {
    const tokens = Array.from({ length: positions }, (_, i) => (i * 31) % this.options.vocabularySize);
    return sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true });
  }
}

const contender = new LlamaContender(JSON.parse(process.argv[2]!) as LlamaContenderOptions);
void answerTasks((task) => contender.perform(task));
