/**
 * Prints how long each text of 20,000 characters held this process's event loop in one turn, on each way on which a text comes in:
 * `node dist/scripts/soak/event-loop.js MODEL CACHE`. What is measured is the processor's time of this thread.
 */
import { readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fillPattern } from '../../nodes/common/file-pattern.js';
import { createEngine, parseDialogue, type OwnEngine, type SpeakOptions } from '../../src/engine/index.js';
import { readSpeechOrder } from '../../src/service/http/speech-request.js';
import { SentenceReader } from '../../src/service/wyoming/sentences.js';

export interface Held {
  /** The name of what the text is made of. */
  readonly text: string;
  readonly way: string;
  readonly heldMs: number;
  /** `done`, or an error's code. */
  readonly end: string;
}

export interface EventLoopReport {
  /** A turn of a hundred milliseconds, as it was measured. */
  readonly controlMs: number;
  readonly held: readonly Held[];
}

const LENGTH = 20_000;
const PARTS: Readonly<Record<string, string>> = {
  'one letter': 'a',
  digits: '7',
  CJK: '語',
  Hebrew: 'ש',
  at: '@',
  points: '.',
  brackets: '(',
  'angle brackets': '<',
  ampersands: '&',
  blanks: ' ',
  'combining marks': 'a\u0301',
  emoji: '😀',
  'line separators': ' \u2028',
  words: 'word ',
};

type Way = (engine: OwnEngine, text: string) => unknown;

/** Until the worker has read the text and speaks, which is soon enough stopped. */
function untilSpoken(speak: (options: SpeakOptions) => Promise<unknown>): Promise<unknown> {
  const stop = new AbortController();
  return speak({
    signal: stop.signal,
    onProgress: ({ phase }) => {
      if (phase === 'frames') stop.abort();
    },
    onChunk: () => undefined,
  });
}

const FACTS = { hash: '0', at: new Date(0), extension: '.wav' };
const WAYS: Readonly<Record<string, Way>> = {
  speak: (engine, text) => untilSpoken((options) => engine.speak({ text }, options)),
  scene: (engine, text) => untilSpoken((options) => engine.speak({ text: 'Hello.', scene: text }, options)),
  dialogue: (engine, text) => {
    const lines = [{ speaker: 'A', text }];
    return untilSpoken((options) => engine.dialogue({ lines, voices: { A: { kind: 'any' } } }, options));
  },
  'dialogue as text': (_engine, text) => parseDialogue(text),
  'words of a line': (_engine, text) => parseDialogue(`A: ${text}`),
  'words of a line right behind its name': (_engine, text) => parseDialogue(`A:${text}x\u2028y`),
  'settings of a line': (_engine, text) => parseDialogue(`A (a${text}b): hello`),
  'words behind a tag': (_engine, text) => parseDialogue(`[SPEAKER0] ${text}`),
  'file name': (_engine, text) => fillPattern('{text}-{voice}', { ...FACTS, text, voice: text }),
  'HTTP request': (_engine, text) => readSpeechOrder({ input: text, instructions: text }),
  'Wyoming sentences': (_engine, text) => new SentenceReader().push(text),
};

/** Milliseconds of the processor that this thread has had; of the whole process where the system does not tell. */
function threadMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}

/** The most that one turn of the event loop takes while `work` goes on, its own first part included. */
async function heldBy(work: () => unknown): Promise<Pick<Held, 'heldMs' | 'end'>> {
  let heldMs = 0;
  let lastMs = threadMs();
  const look = () => {
    const nowMs = threadMs();
    heldMs = Math.max(heldMs, nowMs - lastMs);
    lastMs = nowMs;
  };
  const timer = setInterval(look, 1);
  let end = 'done';
  try {
    await work();
  } catch (thrown) {
    end = String((thrown as { code?: unknown }).code ?? thrown);
  }
  await setImmediate();
  look();
  clearInterval(timer);
  return { heldMs, end };
}

async function measure(model: string, cacheDir: string): Promise<EventLoopReport> {
  const engine = createEngine({ model, cacheDir, threads: 1 });
  // Once with what is well known: what is loaded and compiled at its first use is no text's doing.
  for (const way of Object.values(WAYS)) await heldBy(() => way(engine, 'Good morning.'));
  const control = await heldBy(() => {
    for (const endMs = threadMs() + 100; threadMs() < endMs;);
  });
  const held: Held[] = [];
  for (const [text, part] of Object.entries(PARTS)) {
    const whole = part.repeat(LENGTH / part.length);
    for (const [way, take] of Object.entries(WAYS)) {
      held.push({ text, way, ...(await heldBy(() => take(engine, whole))) });
    }
  }
  await engine.close();
  return { controlMs: control.heldMs, held };
}

const [model = 'embedded', cacheDir = ''] = process.argv.slice(2);
void measure(model, cacheDir).then((report) => process.stdout.write(`${JSON.stringify(report)}\n`));
