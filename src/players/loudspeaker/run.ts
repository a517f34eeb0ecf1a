/** A program that is asked something, and one that plays. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { HiggsError } from '../../engine/index.js';
import { FILE_VARIABLE, type PlayerProgram } from './programs.js';

/** What is kept of what a program writes. */
const SAID_LIMIT_CHARACTERS = 64_000;
const ANSWER_LIMIT_MS = 3000;
/** A program that does not end when it is asked to is killed. */
const END_LIMIT_MS = 1000;

/** What the program writes; undefined where it fails, is not there or does not end. */
export async function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  const timer = setTimeout(() => child.kill('SIGKILL'), ANSWER_LIMIT_MS);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, SAID_LIMIT_CHARACTERS)));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null)).once('close', resolve);
  });
  clearTimeout(timer);
  return code === 0 ? said : undefined;
}

export interface Playing {
  readonly program: PlayerProgram;
  readonly command: string;
  readonly args: readonly string[];
  /** A file that it plays, or what goes into its standard input. */
  readonly file?: string;
  readonly input?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** Settles when the program has ended by itself. Rejects with HIGGS_ABORTED, HIGGS_PLAYER_FAILED, or as its input does. */
export async function runPlayer({ program, command, args, file, input, signal }: Playing): Promise<void> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'ignore', 'pipe'],
    windowsHide: true,
    env: { ...process.env, ...(file === undefined ? {} : { [FILE_VARIABLE]: file }) },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-SAID_LIMIT_CHARACTERS)));
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 'unknown'));
  });
  let killTimer: NodeJS.Timeout | undefined;
  const end = () => {
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), END_LIMIT_MS);
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  // A program that ends early breaks the pipe; how it ended says why.
  child.stdin.on('error', () => undefined);
  let failure: HiggsError | undefined;
  const fed = feed(child.stdin, input, ended, signal).catch((thrown: unknown) => {
    failure = HiggsError.from(thrown);
    end();
  });
  const code = await ended;
  clearTimeout(killTimer);
  signal.removeEventListener('abort', end);
  if (signal.aborted) throw new HiggsError('HIGGS_ABORTED', 'The sound was stopped.');
  if (code === 0 && program.saysFailed?.test(said) !== true) {
    await fed;
    if (failure !== undefined) throw failure;
    return;
  }
  if (failure !== undefined) throw failure;
  const why = lastLineOf(said) ?? `it ended with ${code}`;
  throw new HiggsError('HIGGS_PLAYER_FAILED', `The program ${program.name} did not play the sound: ${why}`);
}

async function feed(
  stdin: NodeJS.WritableStream,
  input: AsyncIterable<Uint8Array> | undefined,
  ended: Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const state = { isOver: false };
  const over = ended.then(() => (state.isOver = true));
  for await (const part of input ?? []) {
    if (state.isOver || signal.aborted) break;
    if (!stdin.write(part)) await Promise.race([once(stdin, 'drain').catch(() => undefined), over]);
  }
  stdin.end();
}

function lastLineOf(said: string): string | undefined {
  return said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1);
}
