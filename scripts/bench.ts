/**
 * How fast the engine speaks on this machine: `npm run bench [-- --model DIR] [--runs N] [--json FILE]`.
 * First sound is measured over whole processes of the command line with a warm cache, speed within one loaded engine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { acquireEngine } from '../src/engine/index.js';

const CLI = path.join(__dirname, '..', 'src', 'cli', 'main.js');
const TEXT = 'The washing machine has finished its work, and dinner is ready in ten minutes.';

interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

function figure(what: string, unit: string, values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  return { what, unit, min: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]!, max: sorted.at(-1)! };
}

/** Seconds from the start of a process to the first bytes of sound; the WAV header comes with them. */
async function firstSoundSeconds(model: string, seed: number): Promise<number> {
  const begun = performance.now();
  const args = [CLI, 'say', TEXT, '--model', model, '--voice', 'ella', '--seed', String(seed), '-o', '-'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let first: number | undefined;
  child.stdout.on('data', () => (first ??= performance.now()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0 || first === undefined) throw new Error(`higgs-tts ended with status ${String(status)}`);
  return (first - begun) / 1000;
}

async function measure(model: string, runs: number): Promise<Figure[]> {
  const { engine, release } = acquireEngine({ model });
  const speeds: number[] = [];
  const firsts: number[] = [];
  let megabytes = 0;
  try {
    // Fills the caches: graphs, and the codes of the voice's clip.
    await engine.speak({ text: TEXT, voice: { kind: 'named', name: 'ella' }, seed: 0 });
    for (let run = 1; run <= runs; run++) {
      const result = await engine.speak({ text: TEXT, voice: { kind: 'named', name: 'ella' }, seed: run });
      speeds.push(result.durationSeconds / result.workSeconds);
      firsts.push(result.firstSoundSeconds);
    }
    megabytes = (engine.info().residentBytes ?? 0) / 1e6;
  } finally {
    await release();
  }
  const starts: number[] = [];
  for (let run = 1; run <= runs; run++) starts.push(await firstSoundSeconds(model, run));
  return [
    figure('speed, model loaded', 'times real time', speeds),
    figure('first sound, model loaded', 's', firsts),
    figure('first sound from process start, warm cache', 's', starts),
    figure('memory of the speech process', 'MB', [megabytes]),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      model: { type: 'string', default: 'embedded' },
      runs: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  });
  const figures = await measure(values.model, Math.max(1, Number(values.runs)));
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  console.log(
    `${os.availableParallelism()} cores (${cpu}), Node ${process.version}, load ${os.loadavg()[0]!.toFixed(1)}`,
  );
  for (const { what, unit, min, median, max } of figures) {
    const numbers = [min, median, max].map((value) => value.toFixed(2).padStart(8)).join('');
    console.log(`${what.padEnd(44)} min/median/max ${numbers} ${unit}`);
  }
  if (values.json !== undefined) fs.writeFileSync(values.json, JSON.stringify(figures, undefined, 2));
}

main().catch((error: unknown) => {
  console.error(String(error));
  process.exitCode = 1;
});
