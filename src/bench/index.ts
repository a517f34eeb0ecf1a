/**
 * How fast this machine speaks, beside what reading memory allows and, with `peersDir`, beside other runtimes and voices. Everyone's
 * times are taken in turn, round by round; the minimum tells what the code can do, the median what the machine let it do.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { EngineOptions } from '../engine/index.js';
import { checkEngineOptions, EMBEDDED_DIR } from '../engine/package-api.js';
import { resolveModelFolders } from '../engine/checkpoint/index.js';
import { exportLanguageModel, type LanguageModelFiles } from '../engine/export/index.js';
import { openBandwidthMeter } from '../engine/runtime/index.js';
import { PACKAGE_DIR } from '../engine/package-files.js';
import { Contender } from './contender.js';
import { Measurements, numberText, table, type Figure } from './figures.js';
import { keyValueBytes, weightBytesOfStep } from './floor.js';
import { writeGguf } from './gguf.js';
import { goalLine, goalsFor, type Goal } from './goals.js';
import * as names from './names.js';
import { SpeakingPeers } from './speaking-peers.js';
import { measureSpeech } from './speech.js';

export interface BenchOptions {
  readonly engine: EngineOptions;
  readonly rounds: number;
  /** Where `scripts/peers/install.sh` has put the others; left out: none are measured. */
  readonly peersDir?: string | undefined;
  /** What speaks is measured alone: no steps, no prefill, no codec. */
  readonly speechOnly?: boolean;
  readonly onProgress: (what: string) => void;
}

export interface BenchReport {
  readonly machine: string;
  readonly model: string;
  readonly bits: number;
  readonly figures: readonly Figure[];
  /** Milliseconds that reading a step's bytes takes at this machine's best, by positions; none where only speech was measured. */
  readonly floors: Readonly<Record<number, number>>;
  readonly goals: readonly Goal[];
}

const STEPS_A_ROUND = 8;
/** Bytes of a step's weights from which on a model has the goals of full size. */
const LARGE_BYTES = 200e6;
const CLIP_SECONDS = 10;

export async function bench(options: BenchOptions): Promise<BenchReport> {
  const settings = checkEngineOptions(options.engine).worker;
  const folders = await resolveModelFolders(
    settings.model === 'embedded' ? EMBEDDED_DIR : settings.model,
    settings.codec,
  );
  const files = await exportLanguageModel({ ...folders, ...settings });
  const threads = settings.threads === 0 ? os.availableParallelism() : settings.threads;
  const found = new Measurements();
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'higgs-bench-'));
  try {
    await measureSpeaking(options, threads, found);
    if (options.speechOnly !== true) {
      const own = { ...folders, cacheDir: settings.cacheDir, threads: settings.threads, bits: files.bits };
      const file = path.join(__dirname, 'engine-contender.js');
      const contenders = [
        Contender.start(names.OWN, process.execPath, [file, JSON.stringify(own)]),
        ...startPeers(options, folders.modelDir, files, scratch, threads),
      ];
      await measureSteps(contenders, threads, weightBytesOfStep(files.config, files.bits), options, found);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return report(settings.model, files, found);
}

/** Voices of others are gone before steps are measured. */
async function measureSpeaking(options: BenchOptions, threads: number, found: Measurements): Promise<void> {
  const { peersDir, onProgress } = options;
  const peers = await SpeakingPeers.start({ peersDir, threads, onProgress });
  try {
    await measureSpeech(options, peers, found);
  } finally {
    await peers.end();
  }
}

/** Steps, prefill and the codec; ends all contenders. */
async function measureSteps(
  contenders: readonly Contender[],
  threads: number,
  bytesOfStep: number,
  options: BenchOptions,
  found: Measurements,
): Promise<void> {
  try {
    for (const contender of contenders) {
      options.onProgress(`${contender.name}: loading`);
      await contender.ask({ do: 'load' });
    }
    await measureContenders(contenders, threads, bytesOfStep, options, found);
  } finally {
    await Promise.all(contenders.map((contender) => contender.end()));
  }
}

function startPeers(
  { peersDir, onProgress }: BenchOptions,
  modelDir: string,
  { config }: LanguageModelFiles,
  scratch: string,
  threads: number,
): Contender[] {
  const peers: Contender[] = [];
  if (peersDir === undefined) return peers;
  const passOver = (name: string): void => onProgress(`${name}: not installed in ${peersDir}, passed over`);
  if (existsSync(path.join(peersDir, 'node_modules', 'node-llama-cpp'))) {
    const modelFile = path.join(scratch, 'model.gguf');
    writeGguf(modelFile, config);
    const vocabularySize = config.numCodebooks * config.codebookSize;
    const peer = { peersDir, modelFile, threads, vocabularySize };
    const file = path.join(__dirname, 'llama-contender.js');
    peers.push(Contender.start(names.LLAMA, process.execPath, [file, JSON.stringify(peer)]));
  } else {
    passOver(names.LLAMA);
  }
  const python = path.join(peersDir, 'venv', 'bin', 'python');
  if (existsSync(python)) {
    const file = path.join(PACKAGE_DIR, 'scripts', 'peers', 'torch_contender.py');
    peers.push(Contender.start(names.TORCH, python, [file, modelDir, String(threads)]));
  } else {
    passOver(names.TORCH);
  }
  return peers;
}

async function measureContenders(
  contenders: readonly Contender[],
  threads: number,
  bytesOfStep: number,
  { rounds, onProgress }: BenchOptions,
  found: Measurements,
): Promise<void> {
  const [own] = contenders;
  const meter = await openBandwidthMeter(threads, bytesOfStep);
  // The first round warms up and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const add = (what: string, milliseconds: readonly number[]): void => {
      if (round > 0) found.add(what, 'ms', ...milliseconds);
    };
    found.add(names.BANDWIDTH, 'GB/s', (await meter.measure()) / 1e9);
    for (const positions of names.STEPS) {
      for (const who of contenders) {
        onProgress(`round ${round} of ${rounds}: ${who.name}, steps at ${positions} positions`);
        const count = who.name === names.TORCH ? 2 : STEPS_A_ROUND;
        add(names.stepAt(who.name, positions), await who.ask({ do: 'step', positions, count }));
      }
    }
    for (const positions of names.PREFILLS) {
      for (const who of contenders) {
        onProgress(`round ${round} of ${rounds}: ${who.name}, prefill of ${positions}`);
        add(names.prefillOf(who.name, positions), await who.ask({ do: 'prefill', positions }));
      }
    }
    onProgress(`round ${round} of ${rounds}: codec`);
    add(names.CODEC.decode, await own!.ask({ do: 'decode' }));
    add(names.CODEC.encode, await own!.ask({ do: 'encode', seconds: CLIP_SECONDS }));
    for (const sequences of names.BATCHES) {
      onProgress(`round ${round} of ${rounds}: ${sequences} in a batch`);
      const task = { do: 'batch', positions: names.BATCH_POSITIONS, sequences, count: STEPS_A_ROUND } as const;
      add(names.framesInBatch(sequences), await own!.ask(task));
    }
  }
  await meter.close();
}

function report(model: string, { config, bits }: LanguageModelFiles, found: Measurements): BenchReport {
  const weightBytes = weightBytesOfStep(config, bits);
  const bandwidth = found.find(names.BANDWIDTH);
  const floors =
    bandwidth === undefined
      ? []
      : names.STEPS.map((positions): [number, number] => [
          positions,
          (1000 * (weightBytes + keyValueBytes(config, bits, positions))) / (1e9 * bandwidth.maximum),
        ]);
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  return {
    machine: `${cpu}, ${os.availableParallelism()} cores, Node.js ${process.version}`,
    model,
    bits,
    figures: found.figures,
    floors: Object.fromEntries(floors),
    goals: goalsFor(found, new Map(floors), weightBytes >= LARGE_BYTES),
  };
}

/** Markdown: the figures, the floor, the goals. */
export function reportText({ machine, model, bits, figures, floors, goals }: BenchReport): string {
  const rows = [
    ...figures.map(({ what, unit, minimum, median, maximum, count }) => [
      what,
      unit,
      ...[minimum, median, maximum].map(numberText),
      String(count),
    ]),
    ...Object.entries(floors).map(([positions, floor]) => [
      `reading what a step at ${positions} positions needs`,
      'ms',
      numberText(floor),
      '',
      '',
      '',
    ]),
  ];
  const figuresTable = table(['figure', 'unit', 'minimum', 'median', 'maximum', 'values'], rows);
  const goalLines = goals.map((goal) => `- ${goalLine(goal)}`).join('\n');
  return `${machine}; model ${model}, ${bits} bits\n\n${figuresTable}\n\n${goalLines}\n`;
}
