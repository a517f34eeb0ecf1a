/**
 * Kills workers at random moments under pairs of requests, and looks at what becomes of the requests, of the next one, and of what
 * this process holds.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineOptions } from '../../src/engine/options.js';
import type { SpeakOptions } from '../../src/engine/requests.js';
import type { OwnEngine } from '../../src/engine/speech-engine.js';
import { takeHoldings, type Holdings } from './holdings.js';
import { drawKills, type Kill } from './moments.js';

export interface SoakOptions {
  /** The compiled engine's: its worker is a compiled file beside it. */
  readonly createEngine: (options: EngineOptions) => OwnEngine;
  readonly model: string;
  readonly kills: number;
  readonly seed: number;
  /** Called after each kill. */
  readonly onRound?: (round: Round) => void;
}

export interface Round extends Kill {
  /** How both requests ended: `sound` or an error's code. */
  readonly ends: readonly string[];
  /** From the signal to the end of the later request. */
  readonly endSeconds: number;
}

export interface SoakReport {
  readonly rounds: readonly Round[];
  readonly before: Holdings;
  readonly after: Holdings;
  /** What is not as it should be; empty where all is. */
  readonly problems: readonly string[];
}

/** A stopped worker is noticed after this long; one that is well makes progress more often, on a busy machine too. */
const STALL_SECONDS = 10;
/** A request that has not ended after this long never will. */
const MOST_SECONDS = 120;
/** Long enough to be met in the middle, by a model that ends by itself as well as by one that never does. */
const LONG = {
  text: 'The washing machine has finished, and the kitchen window is still open. '.repeat(3),
  maxSeconds: 8,
};
const SHORT = { text: 'Hello there.', maxSeconds: 0.5 };
/** Objects that the engine and the JIT keep for good, whatever the number of kills. */
const KEPT_BYTES = 8e6;
const CODES = ['HIGGS_WORKER_ENDED', 'HIGGS_WORKER_STALLED'];

export async function soak(options: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'higgs-soak-'));
  const cacheDir = path.join(folder, 'cache');
  // Where the worker would put temporary files that do not belong into the cache.
  const temporary = path.join(folder, 'temporary');
  for (const made of [cacheDir, temporary]) mkdirSync(made);
  const saved = process.env.TMPDIR;
  process.env.TMPDIR = temporary;
  const { model } = options;
  const engine = options.createEngine({
    model,
    cacheDir,
    threads: 1,
    speechCacheMegabytes: 0,
    stallSeconds: STALL_SECONDS,
  });
  try {
    return await run(engine, options, [cacheDir, temporary]);
  } finally {
    if (saved === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = saved;
    await engine.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function run(engine: OwnEngine, options: SoakOptions, folders: readonly string[]): Promise<SoakReport> {
  const problems: string[] = [];
  const rounds: Round[] = [];
  // Once as it will be, so that what is made once is made.
  for (let warm = 0; warm < 2; warm += 1)
    await killOnce(engine, { moment: 'frames', signal: 'SIGKILL', delayMs: 0 }, problems);
  const before = takeHoldings(folders);
  for (const kill of drawKills(options.kills, options.seed)) {
    const round = await killOnce(engine, kill, problems);
    rounds.push(round);
    options.onRound?.(round);
    // An engine that has given up speaks no more: that is a problem by itself, once.
    if (engine.info().state === 'given-up') break;
  }
  const after = takeHoldings(folders);
  problems.push(...differences(before, after));
  await engine.close();
  const left = takeHoldings(folders).processes;
  if (left !== undefined && left > (before.processes ?? 0) - 1)
    problems.push(`${left} processes after the engine's close`);
  return { rounds, before, after, problems };
}

/** Two requests, a kill, the end of both, and a third request that has to be spoken. */
async function killOnce(engine: OwnEngine, kill: Kill, problems: string[]): Promise<Round> {
  const { moment, signal, delayMs } = kill;
  if (moment === 'loading') await endWorker(engine);
  if (moment === 'idle') killWorker(engine, signal, problems);
  const begun = new Begin();
  const calls = [watched(engine, begun, problems), watched(engine, undefined, problems)];
  let killedMs = performance.now();
  if (moment !== 'idle') {
    await Promise.race([begun.of(moment), Promise.all(calls)]);
    await sleep(delayMs);
    killedMs = performance.now();
    killWorker(engine, signal, problems);
  }
  const ends = await Promise.all(calls.map((call) => within(call)));
  const endSeconds = (performance.now() - killedMs) / 1000;
  const what = `${signal} while ${moment}, ${delayMs.toFixed(0)} ms`;
  for (const end of ends) {
    if (end !== 'sound' && !CODES.includes(end)) problems.push(`${what}: a request ended with ${end}`);
    if (end !== 'sound' && moment === 'idle')
      problems.push(`${what}: a request that met an idle worker ended with ${end}`);
  }
  const next = await within(endOf(engine.speak(SHORT)));
  if (next !== 'sound') problems.push(`${what}: the next request ended with ${next}`);
  return { ...kill, ends, endSeconds };
}

/** A long request that is not heard of after its end. */
async function watched(engine: OwnEngine, begun: Begin | undefined, problems: string[]): Promise<string> {
  let isOver = false;
  const heard = (moment: string) => {
    if (isOver) problems.push(`${moment} was told after a request's end`);
    begun?.tell(moment);
  };
  const options: SpeakOptions = { onProgress: ({ phase }) => heard(phase), onChunk: () => heard('decoding') };
  const end = await endOf(engine.speak(LONG, options));
  isOver = true;
  return end;
}

function endOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'sound',
    (thrown: unknown) => String((thrown as { code?: unknown }).code ?? thrown),
  );
}

/** Waits for moments by name. */
class Begin {
  private readonly waiting = new Map<string, () => void>();

  of(moment: string): Promise<void> {
    return new Promise((resolve) => this.waiting.set(moment, resolve));
  }

  tell(moment: string): void {
    this.waiting.get(moment)?.();
  }
}

function within(end: Promise<string>): Promise<string> {
  const late = new AbortController();
  const never = sleep(MOST_SECONDS * 1000, `no end within ${MOST_SECONDS} s`, { signal: late.signal });
  never.catch(() => undefined);
  return Promise.race([end, never]).finally(() => late.abort());
}

function killWorker(engine: OwnEngine, signal: NodeJS.Signals, problems: string[]): void {
  const { workerPid } = engine.info();
  if (workerPid === undefined) problems.push(`there was no process to send ${signal} to`);
  else process.kill(workerPid, signal);
}

/** Ends a worker that rests, so that the next request has to load the model. */
async function endWorker(engine: OwnEngine): Promise<void> {
  const { workerPid } = engine.info();
  if (workerPid === undefined) return;
  process.kill(workerPid, 'SIGKILL');
  while (engine.info().workerPid === workerPid) await sleep(5);
}

function differences(before: Holdings, after: Holdings): string[] {
  const left = after.files.filter((file) => !before.files.includes(file));
  const more = (name: 'processes' | 'descriptors' | 'resources') =>
    (after[name] ?? 0) > (before[name] ?? 0) ? [`${name}: ${after[name]} after, ${before[name]} before`] : [];
  const grown = after.heapBytes - before.heapBytes;
  return [
    ...more('processes'),
    ...more('descriptors'),
    ...more('resources'),
    ...left.map((file) => `left behind: ${file}`),
    ...(grown > KEPT_BYTES ? [`the heap has grown by ${(grown / 1e6).toFixed(1)} MB`] : []),
  ];
}
