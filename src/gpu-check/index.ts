/** `higgs-tts gpu-check`: what GPUs are here, whether they are right and how quick, and how the engine should use them. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Measurements } from '../bench/figures.js';
import { weightBytesOfStep } from '../bench/floor.js';
import { resolveModelFolders } from '../engine/checkpoint/index.js';
import { CHECK_VERSION, rememberCheck, type DeviceSettings } from '../engine/device-settings.js';
import { HiggsError } from '../engine/errors.js';
import type { EngineOptions } from '../engine/index.js';
import { checkEngineOptions } from '../engine/package-api.js';
import { exportLanguageModel } from '../engine/export/index.js';
import type { WeightBits } from '../engine/options.js';
import { ask, type Answer } from './ask.js';
import { findCards, type Card } from './cards.js';
import { framesVerdict, rowsIn, scoresIn } from './frames-verdict.js';
import { plansFor, type PlanResult } from './plans.js';
import { layersFor, PUBLISHED, publishedConfig } from './published.js';
import { writeRandomModel } from './random-model.js';
import { quickestDevice, toRemember, wayText, type DeviceReport, type GpuCheckReport } from './report.js';
import { TRAPS, type Backends, type CheckedBackend, type Line, type TrapResult } from './tasks.js';

export { reportText, withoutDeviceText, type GpuCheckReport } from './report.js';

export interface GpuCheckOptions {
  readonly engine: EngineOptions;
  /** All is done in this time, or left out. */
  readonly minutes: number;
  /** Each device in the one way that holds without a check, each figure once. */
  readonly isQuick: boolean;
  readonly onProgress: (what: string) => void;
}

/** Without a device to check: what onnxruntime was loaded as. */
export interface NoDevice {
  readonly noDevice: { readonly kind: Backends['kind']; readonly knows: string };
}

const ROWS = 10;
/** Of a figure. */
const VALUES = 16;
/** Right on every device that was tried. */
const CAREFUL_RUN = 31;
/** A process that has its figures still has to end. */
const ENDING_SECONDS = 5;
/** Of a step's weights, from which on `auto` looks for a device. */
const LARGE_BYTES = 200e6;
/** Nothing is begun for less. */
const LEAST_SECONDS = 5;
/** The CPU's part of the time, for comparison. */
const CPU_SHARE = 0.2;
/** Of a device's time the first way's part, of a way's time that of the frames. */
const FIRST_WAY_SHARE = 0.6;
const FRAMES_SHARE = 0.7;
const LONGEST_TRAP_SECONDS = 60;
const LONGEST_FRAMES_SECONDS = 90;

/** Throws HIGGS_OPTIONS_INVALID and what making a model throws; what fails on a device is in the report. */
export async function gpuCheck(options: GpuCheckOptions): Promise<GpuCheckReport | NoDevice> {
  const run = new Check(options);
  const backends = await run.backends();
  const { device } = options.engine;
  const named = device === undefined || device === 'auto' ? undefined : device;
  const devices = named === undefined ? backends.mayWork : [named];
  if (devices.length === 0) {
    return { noDevice: { kind: backends.kind, knows: 'WebGPU (on every system), CUDA, DirectML and Core ML' } };
  }
  return await run.report(backends, devices);
}

class Check {
  private readonly ends: number;
  private readonly leftOut: string[] = [];

  constructor(private readonly options: GpuCheckOptions) {
    this.ends = performance.now() + 60_000 * options.minutes;
  }

  async backends(): Promise<Backends> {
    const { lines, failure } = await ask({ do: 'backends' }, this.secondsLeft());
    const found = lines.find((line) => 'backends' in line);
    if (found === undefined) throw new HiggsError('HIGGS_RUNTIME_FAILED', `onnxruntime cannot be loaded: ${failure}.`);
    return found.backends;
  }

  async report({ onnxruntime }: Backends, backends: readonly CheckedBackend[]): Promise<GpuCheckReport> {
    const settings = checkEngineOptions(this.options.engine).worker;
    const cards = await findCards();
    const scratch = await mkdtemp(path.join(os.tmpdir(), 'higgs-gpu-check-'));
    try {
      const model = await this.model(settings, cards[0], scratch);
      const reference = (await this.frames('cpu', undefined, settings.cacheDir)) ?? { lines: [] };
      const devices: DeviceReport[] = [];
      for (const [at, device] of backends.entries()) {
        // What is left is shared by the devices that are still to come.
        const seconds = ((1 - CPU_SHARE) * this.secondsLeft()) / (backends.length - at);
        devices.push(await this.device(device, cards[0], reference, model, seconds));
      }
      const cpu = await this.cpu(reference, model);
      // Small models stay on the CPU whatever a device can; what one of them shows says nothing of large ones.
      const quickest = model.isLarge ? quickestDevice(devices, cpu) : undefined;
      const auto = quickest === undefined ? {} : { auto: quickest };
      const checkedAt = new Date().toISOString();
      await rememberCheck(settings.cacheDir, {
        ...{ version: CHECK_VERSION, onnxruntime, checkedAt, model: model.words, ...auto },
        devices: devices.map(toRemember),
      });
      const machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${process.platform} ${os.release()}, Node.js ${process.version}`;
      const found = { checkedAt, machine, onnxruntime, model: model.words, cards, devices, ...auto };
      return { ...found, ...(cpu === undefined ? {} : { cpu }), leftOut: this.leftOut };
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  private async device(
    device: CheckedBackend,
    card: Card | undefined,
    reference: Answer,
    model: MeasuredModel,
    seconds: number,
  ): Promise<DeviceReport> {
    const ends = performance.now() + 1000 * seconds;
    const about = { device, ...(card === undefined ? {} : { card }) };
    const traps = device === 'webgpu' ? await this.traps(device) : [];
    const longest = traps.find(({ trap }) => trap === 'long runs');
    const all = plansFor(device, longest?.longestRunPositions ?? CAREFUL_RUN);
    const ways = this.options.isQuick ? all.slice(0, 1) : all;
    const plans: PlanResult[] = [];
    for (const [at, settings] of ways.entries()) {
      const left = (ends - performance.now()) / 1000;
      const share = at === 0 && ways.length > 1 ? FIRST_WAY_SHARE * left : left / (ways.length - at);
      const plan = await this.plan(device, settings, reference, model, share);
      if (plan !== undefined) plans.push(plan);
      // What cannot even speak a row will not by another graph.
      if (plan?.frames.rows === 0) return { ...about, failure: plan.frames.saw, traps, plans: [] };
    }
    return { ...about, traps, plans };
  }

  private async traps(device: CheckedBackend): Promise<TrapResult[]> {
    const found: TrapResult[] = [];
    for (const trap of TRAPS) {
      const seconds = this.limit(`the trap "${trap}" on ${device}`, LONGEST_TRAP_SECONDS);
      if (seconds === undefined) continue;
      const { lines, failure } = await ask({ do: 'trap', trap, device }, seconds);
      const result = lines.find((line) => 'found' in line)?.found;
      found.push(result ?? { trap, ok: false, saw: failure ?? 'no answer' });
    }
    return found;
  }

  private async plan(
    device: CheckedBackend,
    settings: DeviceSettings | undefined,
    reference: Answer,
    model: MeasuredModel,
    share: number,
  ): Promise<PlanResult | undefined> {
    const begun = performance.now();
    const way = settings === undefined ? {} : { settings };
    const spoken = await this.frames(device, settings, model.cacheDir, FRAMES_SHARE * share);
    if (spoken === undefined) return undefined;
    const frames = framesVerdict(spoken, reference);
    if (!frames.right) return { ...way, frames, figures: [] };
    const left = share - (performance.now() - begun) / 1000;
    const measured = await this.measured(device, settings, model, left);
    return { ...way, frames, figures: [], ...measured };
  }

  private async cpu(reference: Answer, model: MeasuredModel): Promise<PlanResult | undefined> {
    const measured = await this.measured('cpu', undefined, model, this.secondsLeft());
    const right = rowsIn(reference).length > 0 && scoresIn(reference) !== undefined;
    return measured && { frames: { right, rows: rowsIn(reference).length, saw: 'these' }, ...measured };
  }

  /** The embedded voice's; undefined where there was no time for a single one. */
  private async frames(
    device: CheckedBackend,
    settings: DeviceSettings | undefined,
    cacheDir: string,
    share = LONGEST_FRAMES_SECONDS,
  ): Promise<Answer | undefined> {
    const what = `frames of the embedded voice on ${device}${settings ? `, ${wayText(settings)}` : ''}`;
    const seconds = this.limit(what, Math.min(share, LONGEST_FRAMES_SECONDS));
    if (seconds === undefined) return undefined;
    const answer = await ask({ do: 'frames', device, settings, cacheDir, rows: ROWS, seconds: seconds / 2 }, seconds);
    if (answer.isLate === undefined) return answer;
    if (rowsIn(answer).length > 0) return { lines: answer.lines };
    this.leftOut.push(what);
    return undefined;
  }

  private async measured(
    device: CheckedBackend,
    settings: DeviceSettings | undefined,
    model: MeasuredModel,
    share: number,
  ): Promise<Pick<PlanResult, 'figures' | 'failure' | 'layers'> | undefined> {
    const seconds = this.limit(`measuring on ${device}${settings ? `, ${wayText(settings)}` : ''}`, share);
    if (seconds === undefined) return undefined;
    const { modelDir, codecDir, scratch, bits, threads } = model;
    const task = { do: 'measure', device, settings, modelDir, codecDir, cacheDir: scratch, bits, threads } as const;
    const values = this.options.isQuick ? 1 : VALUES;
    const limit = Math.max(1, seconds - ENDING_SECONDS);
    const { lines, failure } = await ask({ ...task, values, seconds: limit }, seconds);
    const found = new Measurements();
    for (const line of lines) if ('what' in line) found.add(line.what, line.unit, ...line.values);
    const layers = model.isRandom ? layersIn(lines) : undefined;
    return {
      figures: found.figures,
      ...(failure === undefined ? {} : { failure }),
      ...(layers === undefined ? {} : { layers }),
    };
  }

  private async model(
    { model, codec, cacheDir, bits, threads }: ReturnType<typeof checkEngineOptions>['worker'],
    card: Card | undefined,
    scratch: string,
  ): Promise<MeasuredModel> {
    if (model !== 'embedded') {
      const { modelDir, codecDir } = await resolveModelFolders(model, codec);
      this.options.onProgress('converting the model');
      const files = await exportLanguageModel({ modelDir, cacheDir, ...(bits === undefined ? {} : { bits }) });
      const isLarge = weightBytesOfStep(files.config, files.bits) >= LARGE_BYTES;
      const about = { words: model, isRandom: false, isLarge };
      return { ...{ modelDir, codecDir, cacheDir, bits, threads }, scratch: cacheDir, ...about };
    }
    const layers = Math.min(layersFor(card?.memoryMegabytes), layersFor(os.freemem() / 1e6));
    this.options.onProgress(`making a model of the published shapes, ${layers} layers`);
    const modelDir = path.join(scratch, 'model');
    await writeRandomModel(modelDir, publishedConfig(layers));
    const words = `a model of the published shapes, ${layers} of ${PUBLISHED.layers} layers, 4 bits, random weights`;
    const about = { words, isRandom: true, isLarge: true };
    return { modelDir, cacheDir, scratch: path.join(scratch, 'cache'), threads, ...about };
  }

  private secondsLeft(): number {
    return Math.max(0, (this.ends - performance.now()) / 1000);
  }

  /** Seconds for `what`, which is told; undefined where the time is over. */
  private limit(what: string, most: number): number | undefined {
    const seconds = Math.min(most, this.secondsLeft());
    if (seconds < LEAST_SECONDS) {
      this.leftOut.push(what);
      return undefined;
    }
    this.options.onProgress(what);
    return seconds;
  }
}

interface MeasuredModel {
  readonly modelDir: string;
  readonly codecDir?: string | undefined;
  /** Where the embedded voice's graphs are. */
  readonly cacheDir: string;
  /** Where this model's are. */
  readonly scratch: string;
  readonly bits?: WeightBits | undefined;
  readonly threads: number;
  readonly words: string;
  readonly isRandom: boolean;
  /** A model of this size goes where `auto` says. */
  readonly isLarge: boolean;
}

function layersIn(lines: readonly Line[]): number | undefined {
  return lines.find((line) => 'layers' in line)?.layers;
}
