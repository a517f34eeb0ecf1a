/** One channel of a FLAC frame: what a polynomial does not foretell, in Rice codes. Source: RFC 9639, section 9.2. */
import type { BitWriter } from './bit-writer.js';

/** Differences of the first to the fourth order; each foretells the next sample from so many before it. */
const MOST_ORDER = 4;
/** A block may be cut into 2^6 parts, each with a Rice parameter of its own. */
const MOST_PARTITION_ORDER = 6;
const MOST_PARAMETER = 14;
const PARAMETER_BITS = 4;

/** The residual's parts and what they cost. */
interface Partitioning {
  readonly order: number;
  readonly parameters: readonly number[];
  readonly bits: number;
}

/** Writes [1 … 65,535] whole numbers of `sampleBits` bits as a constant, by the best predictor, or as they are. */
export function writeSubframe(bits: BitWriter, samples: Int32Array, sampleBits: number): void {
  if (samples.every((sample) => sample === samples[0])) {
    bits.write(0b0_000000_0, 8);
    bits.write(samples[0]!, sampleBits);
    return;
  }
  const { order, folded } = bestResidual(samples);
  const partitioning = bestPartitioning(folded, order);
  if (order * sampleBits + partitioning.bits >= samples.length * sampleBits) {
    bits.write(0b0_000001_0, 8);
    for (const sample of samples) bits.write(sample, sampleBits);
    return;
  }
  bits.write((0b001000 | order) << 1, 8);
  for (let at = 0; at < order; at++) bits.write(samples[at]!, sampleBits);
  writeResidual(bits, folded, order, partitioning);
}

/** The differences with the smallest sum, folded (0, -1, 1, -2, … become 0, 1, 2, 3, …); the first `order` are zeros. */
function bestResidual(samples: Int32Array): { order: number; folded: Uint32Array } {
  let [residual, order] = [samples, 0];
  let least = sizeOf(samples, MOST_ORDER);
  let differences = samples;
  for (let next = 1; next <= Math.min(MOST_ORDER, samples.length - 1); next++) {
    differences = differencesOf(differences, next);
    const size = sizeOf(differences, MOST_ORDER);
    if (size < least) [residual, order, least] = [differences, next, size];
  }
  const folded = new Uint32Array(samples.length);
  for (let at = order; at < samples.length; at++) folded[at] = (residual[at]! * 2) ^ (residual[at]! >> 31);
  return { order, folded };
}

/** Of the order `order`, from those of the order before; those before `order` have no meaning. */
function differencesOf(values: Int32Array, order: number): Int32Array {
  const differences = new Int32Array(values.length);
  for (let at = order; at < values.length; at++) differences[at] = values[at]! - values[at - 1]!;
  return differences;
}

function sizeOf(values: Int32Array, from: number): number {
  let sum = 0;
  for (let at = from; at < values.length; at++) sum += Math.abs(values[at]!);
  return sum;
}

function bestPartitioning(folded: Uint32Array, order: number): Partitioning {
  let best: Partitioning | undefined;
  for (let cuts = 0; cuts <= MOST_PARTITION_ORDER; cuts++) {
    const length = folded.length / 2 ** cuts;
    if (!Number.isInteger(length) || length <= order) break;
    const parameters: number[] = [];
    let bits = 0;
    for (let part = 0; part < 2 ** cuts; part++) {
      const values = folded.subarray(part === 0 ? order : part * length, (part + 1) * length);
      const { parameter, cost } = bestParameter(values);
      parameters.push(parameter);
      bits += PARAMETER_BITS + cost;
    }
    if (best === undefined || bits < best.bits) best = { order: cuts, parameters, bits };
  }
  return best!;
}

/** A value costs its quotient by 2^parameter in zeros, a one, and the parameter's bits. */
function bestParameter(values: Uint32Array): { parameter: number; cost: number } {
  let sum = 0;
  for (const value of values) sum += value;
  // The best one lies near the logarithm of the mean.
  const mean = Math.max(1, sum / Math.max(1, values.length));
  const guess = Math.min(MOST_PARAMETER, Math.floor(Math.log2(mean)));
  let best = { parameter: guess, cost: Infinity };
  for (let parameter = Math.max(0, guess - 1); parameter <= Math.min(MOST_PARAMETER, guess + 1); parameter++) {
    let cost = values.length * (parameter + 1);
    for (const value of values) cost += value >>> parameter;
    if (cost < best.cost) best = { parameter, cost };
  }
  return best;
}

function writeResidual(bits: BitWriter, folded: Uint32Array, order: number, partitioning: Partitioning): void {
  bits.write(0b00, 2); // parameters of 4 bits
  bits.write(partitioning.order, 4);
  const length = folded.length / 2 ** partitioning.order;
  for (const [part, parameter] of partitioning.parameters.entries()) {
    bits.write(parameter, PARAMETER_BITS);
    for (let at = part === 0 ? order : part * length; at < (part + 1) * length; at++) {
      bits.writeUnary(folded[at]! >>> parameter);
      bits.write(folded[at]!, parameter);
    }
  }
}
