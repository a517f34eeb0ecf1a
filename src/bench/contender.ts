/**
 * A process that is measured: it reads a task a line from its standard input and answers each with a line of JSON. All that
 * are compared are asked in turn, so that what else the machine does hits all alike.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** Positions are counted before the step; times are in milliseconds. */
export type Task =
  /** Loads the model. Answers nothing. */
  | { readonly do: 'load' }
  /** `count` steps of one sequence that stands at `positions`, or goes on from where its last steps ended. */
  | { readonly do: 'step'; readonly positions: number; readonly count: number }
  /** `count` steps of `sequences` sequences, each at `positions`, in one batch. */
  | { readonly do: 'batch'; readonly positions: number; readonly sequences: number; readonly count: number }
  /** A prompt of so many positions of text. */
  | { readonly do: 'prefill'; readonly positions: number }
  /** A second of sound out of frames. */
  | { readonly do: 'decode' }
  /** The codes of a clip of so many seconds. */
  | { readonly do: 'encode'; readonly seconds: number };

/** A text that a voice of others is to speak, in English. */
export interface SpeakTask {
  readonly do: 'speak';
  readonly text: string;
}

/** How long the sound is, and how long it took from text to samples. */
export interface Spoken {
  readonly durationSeconds: number;
  readonly workSeconds: number;
}

type Answer = { readonly milliseconds: readonly number[] } | { readonly spoken: Spoken } | { readonly failed: string };

export class Contender {
  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    private readonly reader: Interface,
  ) {}

  static start(name: string, command: string, args: readonly string[]): Contender {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const reader = createInterface({ input: child.stdout });
    // What cannot be started, or ends, shows as the end of its lines.
    child.on('error', () => reader.close());
    child.stdin.on('error', () => undefined);
    return new Contender(name, child, reader[Symbol.asyncIterator](), reader);
  }

  /** Milliseconds, as many as the task makes. Throws where the process fails. */
  async ask(task: Task): Promise<readonly number[]> {
    const answer = await this.answerTo(task);
    if (!('milliseconds' in answer)) throw new Error(`${this.name} gave no times for: ${JSON.stringify(task)}`);
    return answer.milliseconds;
  }

  /** Throws where the process fails. */
  async speak(text: string): Promise<Spoken> {
    const answer = await this.answerTo({ do: 'speak', text });
    if (!('spoken' in answer)) throw new Error(`${this.name} did not say how it spoke.`);
    return answer.spoken;
  }

  private async answerTo(task: Task | SpeakTask): Promise<Exclude<Answer, { readonly failed: string }>> {
    this.child.stdin!.write(`${JSON.stringify(task)}\n`);
    for (;;) {
      const line = await this.lines.next();
      if (line.done === true) throw new Error(`${this.name} ended while it was asked for: ${JSON.stringify(task)}`);
      // Libraries print lines of their own.
      if (!line.value.startsWith('{"')) continue;
      const answer = JSON.parse(line.value) as Answer;
      if ('failed' in answer) throw new Error(`${this.name}: ${answer.failed}`);
      return answer;
    }
  }

  /** Ends the process; settles when it is gone and its memory is free. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin!.end();
    this.child.kill();
    await gone;
    this.reader.close();
  }
}

/** The other end: answers tasks, one after the other, for as long as they come. */
export async function answerTasks(perform: (task: Task) => Promise<readonly number[]>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer: Answer = await perform(JSON.parse(line) as Task).then(
      (milliseconds) => ({ milliseconds }),
      (error: unknown) => ({ failed: error instanceof Error ? error.message : String(error) }),
    );
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

export async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
