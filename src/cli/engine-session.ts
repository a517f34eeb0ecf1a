/** An engine for the time of one command: options from the flags, stopped by Ctrl-C, released at the end. */
import { readFileSync } from 'node:fs';
import { acquireEngine, type EngineOptions, type RemoteOptions, type SpeechEngine } from '../engine/index.js';
import { numberOf, textOf, UsageError, type Values } from './command-line.js';
import { ProgressLine } from './terminal.js';

export interface Session {
  readonly engine: SpeechEngine;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
}

export function engineOptions(values: Values): EngineOptions {
  const texts = { model: 'model', codec: 'codec', device: 'device', cacheDir: 'cache-dir', dataDir: 'data-dir' };
  const numbers = {
    bits: 'bits',
    cacheBits: 'cache-bits',
    contextPositions: 'context-positions',
    threads: 'threads',
  };
  const given = [
    ...Object.entries(texts).map(([option, flag]) => [option, textOf(values, flag)] as const),
    ...Object.entries(numbers).map(([option, flag]) => [option, numberOf(values, flag)] as const),
  ].filter(([, value]) => value !== undefined);
  // What each may be is for the engine to check.
  return { ...(Object.fromEntries(given) as EngineOptions), ...lexiconOption(values), ...remoteOptions(values) };
}

/** The file's text; the engine reads it. */
function lexiconOption(values: Values): Pick<EngineOptions, 'lexicon'> {
  const file = textOf(values, 'lexicon');
  if (file === undefined) return {};
  try {
    return { lexicon: readFileSync(file, 'utf8') };
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new UsageError(`The lexicon "${file}" cannot be read: ${reason}.`);
  }
}

function remoteOptions(values: Values): Pick<EngineOptions, 'remote'> {
  const { remote: urls } = values;
  if (!Array.isArray(urls)) return {};
  const api = textOf(values, 'remote-api') as RemoteOptions['api'] | undefined;
  // A key on the command line could be read by every user of the machine.
  const key = process.env.HIGGS_REMOTE_KEY;
  return {
    remote: {
      urls: urls as readonly string[],
      ...(api === undefined ? {} : { api }),
      ...(key === undefined ? {} : { key }),
    },
  };
}

export async function withEngine<T>(values: Values, use: (session: Session) => Promise<T>): Promise<T> {
  const lease = acquireEngine(engineOptions(values));
  const progress = new ProgressLine();
  try {
    return await withCtrlC((signal) => use({ engine: lease.engine, signal, progress }));
  } finally {
    progress.clear();
    for (const warning of lease.engine.info().warnings) process.stderr.write(`higgs-tts: ${warning}\n`);
    await lease.release();
  }
}

/** The first Ctrl-C stops the work, so that nothing half-done stays; a second one ends the process as ever. */
export async function withCtrlC<T>(use: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await use(abort.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
