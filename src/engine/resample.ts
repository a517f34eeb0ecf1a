/**
 * Change of sample rate by a windowed sinc, exact against torchaudio's `functional.resample` with its defaults
 * (`sinc_interp_hann`, width 6, roll-off 0.99), which the reference codec uses.
 */
import { HiggsError } from './errors.js';

/** Zero crossings of the sinc on each side of its centre. */
const FILTER_WIDTH = 6;
/** The cut-off as a share of the lower Nyquist rate. */
const ROLL_OFF = 0.99;
/** Kernels kept; a process meets few pairs of rates, and a kernel of rates without a common divisor is megabytes. */
const KEPT_KERNELS = 8;

/**
 * One filter for each position of an output sample between two input samples; output sample `frame * outStep + phase`
 * is the scalar product of `taps[phase * tapCount …]` and the input from `frame * inStep + firstInput[phase]`.
 */
interface PolyphaseKernel {
  readonly inStep: number;
  readonly outStep: number;
  readonly tapCount: number;
  /** [outStep, tapCount], padded with zeros at the end of a row. */
  readonly taps: Float32Array;
  /** [outStep] */
  readonly firstInput: Int32Array;
}

const kernels = new Map<string, PolyphaseKernel>();

/**
 * `samples` at `fromHz` as samples at `toHz`; the result has ceil(samples.length * toHz / fromHz) samples.
 * Rates are whole numbers of at least 1; equal rates give a copy. Throws HIGGS_OPTION_INVALID for other rates.
 */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  for (const rateHz of [fromHz, toHz]) {
    if (!Number.isSafeInteger(rateHz) || rateHz < 1) {
      throw new HiggsError(
        'HIGGS_OPTION_INVALID',
        `A sample rate must be a whole number of Hz, at least 1, not ${rateHz}.`,
      );
    }
  }
  if (fromHz === toHz) return samples.slice();

  const { inStep, outStep, tapCount, taps, firstInput } = kernelFor(fromHz, toHz);
  const resampled = new Float32Array(Math.ceil((samples.length * outStep) / inStep));
  for (let index = 0, frameStart = 0; index < resampled.length; frameStart += inStep) {
    for (let phase = 0; phase < outStep && index < resampled.length; phase++, index++) {
      const from = frameStart + firstInput[phase]!;
      const row = phase * tapCount - from;
      const end = Math.min(samples.length, from + tapCount);
      let sum = 0;
      for (let at = Math.max(0, from); at < end; at++) sum += samples[at]! * taps[row + at]!;
      resampled[index] = sum;
    }
  }
  return resampled;
}

function kernelFor(fromHz: number, toHz: number): PolyphaseKernel {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const [inStep, outStep] = [fromHz / divisor, toHz / divisor];
  const key = `${inStep}:${outStep}`;
  let kernel = kernels.get(key);
  if (!kernel) {
    kernel = buildKernel(inStep, outStep);
    if (kernels.size >= KEPT_KERNELS) kernels.clear();
    kernels.set(key, kernel);
  }
  return kernel;
}

function buildKernel(inStep: number, outStep: number): PolyphaseKernel {
  const cutOff = Math.min(inStep, outStep) * ROLL_OFF;
  // Beyond this many input samples from its centre the window is nothing, so those taps are left out.
  const halfWidth = (FILTER_WIDTH * inStep) / cutOff;
  const tapCount = 2 * Math.floor(halfWidth) + 2;
  const taps = new Float32Array(outStep * tapCount);
  const firstInput = new Int32Array(outStep);
  for (let phase = 0; phase < outStep; phase++) {
    const first = Math.ceil((phase * inStep) / outStep - halfWidth);
    firstInput[phase] = first;
    for (let tap = 0; tap < tapCount; tap++) {
      const crossings = ((first + tap) / inStep - phase / outStep) * cutOff;
      if (Math.abs(crossings) >= FILTER_WIDTH) continue;
      const window = Math.cos((crossings * Math.PI) / FILTER_WIDTH / 2) ** 2;
      const angle = crossings * Math.PI;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      taps[phase * tapCount + tap] = sinc * window * (cutOff / inStep);
    }
  }
  return { inStep, outStep, tapCount, taps, firstInput };
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
