/** `higgs-tts pull`. */
import readline from 'node:readline';
import {
  defaultDataDir,
  HiggsError,
  MODEL_REPOS,
  pullModel,
  type Licence,
  type PulledModel,
  type PullEvent,
} from '../engine/index.js';
import { withCodec } from '../engine/package-api.js';
import { textOf, UsageError, type Values } from './command-line.js';
import { withCtrlC } from './engine-session.js';
import { ProgressLine } from './terminal.js';

export async function pull(values: Values, texts: readonly string[]): Promise<void> {
  const repos = texts.length === 0 ? MODEL_REPOS : withCodec(texts);
  const revision = textOf(values, 'revision');
  const outDir = textOf(values, 'out');
  if (revision !== undefined && texts.length !== 1) throw new UsageError('--revision goes with one REPO.');
  const line = new ProgressLine();
  const json = values.json === true;
  const onProgress = (event: PullEvent) => (json ? printJson(event) : line.showText(describePull(event)));
  try {
    await withCtrlC(async (signal) => {
      const acceptLicence = (licence: Licence) => {
        line.clear();
        return accepts(licence, values.yes === true, signal);
      };
      const options = {
        dataDir: textOf(values, 'data-dir') ?? defaultDataDir(),
        ...(outDir === undefined ? {} : { outDir }),
      };
      for (const repo of repos) {
        // A revision is that of the repository that was named, not of the codec that comes with it.
        const named = texts.includes(repo) && revision !== undefined ? { revision } : {};
        const pulled = await pullModel({ repo, ...options, ...named, acceptLicence, onProgress, signal });
        line.clear();
        if (json) printJson({ phase: 'done', ...pulled });
        else process.stdout.write(`${describePulled(pulled)}\n`);
      }
    });
  } finally {
    line.clear();
  }
}

/** Shows the terms and takes the answer: from --yes, or from a person at a terminal. */
async function accepts(licence: Licence, yes: boolean, signal: AbortSignal): Promise<boolean> {
  const { repo, name, link, text = '' } = licence;
  process.stderr.write(`${printable(text)}\nThe licence of ${repo}: ${name}, ${link}\n`);
  if (yes || !process.stdin.isTTY) return yes;
  return /^y(es)?$/i.test((await answerTo('Do you accept it? [y/N] ', signal)).trim());
}

/** What is typed; nothing where the input ends. */
async function answerTo(question: string, signal: AbortSignal): Promise<string> {
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr });
  // While it reads, Ctrl-C is a key.
  terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return await new Promise<string>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new HiggsError('HIGGS_ABORTED', 'The download was stopped.')));
      terminal.once('close', () => resolve(''));
      terminal.question(question, resolve);
    });
  } finally {
    terminal.close();
  }
}

/** A text from elsewhere must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

function printJson(fact: PullEvent | ({ readonly phase: 'done' } & PulledModel)): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`);
}

export function describePull(event: PullEvent): string {
  switch (event.phase) {
    case 'listing':
      return `${event.repo}: asking what there is`;
    case 'checking':
      return `${event.repo}: reading what there is of ${event.file}`;
    case 'waiting':
      return `${event.repo}: another process downloads ${event.file}, waiting for it`;
    case 'retrying':
      return `${event.repo}: again in ${Math.ceil(event.pauseMs / 1000)} s (${event.why})`;
    case 'downloading': {
      const { bytesDone, bytesTotal, bytesPerSecond } = event;
      const percent = bytesTotal > 0 ? Math.floor((100 * bytesDone) / bytesTotal) : 100;
      const left = bytesPerSecond > 0 ? `, ${duration((bytesTotal - bytesDone) / bytesPerSecond)} left` : '';
      return `${event.repo}: ${percent} % of ${size(bytesTotal)}, ${size(bytesPerSecond)}/s${left}`;
    }
  }
}

function describePulled({ repo, dir, byteLength, downloadedBytes }: PulledModel): string {
  const all = byteLength === 0 ? 'as the cache has it' : size(byteLength);
  return `${repo}: ${all} in ${dir} (${downloadedBytes === 0 ? 'nothing' : size(downloadedBytes)} downloaded)`;
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
