/** Whether a code that is not the expected one was a tie: residual vector quantisation again, in float64. */
import type { CodecConfig, TensorSource } from '../../src/engine/checkpoint/index.js';
import type { CodeFrames } from '../../src/engine/codes.js';
import type { Finding } from './findings.js';

/** Distances whose difference is this small a share of the larger are equal for float32. */
const TIE = 1e-4;

/** A linear layer: weight [outputs, inputs], row-major. */
interface Linear {
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

/** One quantiser of the codec. */
export interface Quantizer {
  readonly projectIn: Linear;
  /** [codebookSize, codebookDim] */
  readonly entries: Float32Array;
  readonly projectOut: Linear;
}

export async function readQuantizers(tensors: TensorSource, { numQuantizers }: CodecConfig): Promise<Quantizer[]> {
  const linear = async (name: string): Promise<Linear> => {
    const [weight, bias] = [await tensors.readFloat32(`${name}.weight`), await tensors.readFloat32(`${name}.bias`)];
    return { weight, bias };
  };
  const quantizers: Quantizer[] = [];
  for (let index = 0; index < numQuantizers; index++) {
    const name = `quantizer.quantizers.${index}`;
    quantizers.push({
      projectIn: await linear(`${name}.project_in`),
      entries: await tensors.readFloat32(`${name}.codebook.embed`),
      projectOut: await linear(`${name}.project_out`),
    });
  }
  return quantizers;
}

/**
 * Codes must be equal, but where the two nearest entries are equally far; from there on a frame goes its own way, and each
 * further code of it must be the nearest of what is then left.
 * latents [frames, hidden]: what was quantised.
 */
export function sameCodes(
  what: string,
  where: string,
  found: CodeFrames,
  expected: CodeFrames,
  latents: Float32Array,
  quantizers: readonly Quantizer[],
): Finding {
  const { numCodebooks, frameCount } = found;
  const fails = (text: string): Finding => {
    return { what, where, found: text, limit: 'equal', ok: false, size: Infinity };
  };
  if (numCodebooks !== expected.numCodebooks || frameCount !== expected.frameCount) {
    return fails(`${frameCount} x ${numCodebooks} codes for ${expected.frameCount} x ${expected.numCodebooks}`);
  }
  const hidden = latents.length / frameCount;
  let ties = 0;
  for (let frame = 0; frame < frameCount; frame++) {
    const codes = found.codes.subarray(frame * numCodebooks, (frame + 1) * numCodebooks);
    const wanted = expected.codes.subarray(frame * numCodebooks, (frame + 1) * numCodebooks);
    const first = codes.findIndex((code, codebook) => code !== wanted[codebook]);
    if (first === -1) continue;
    const vector = latents.subarray(frame * hidden, (frame + 1) * hidden);
    if (!isTie(vector, codes, wanted[first]!, first, quantizers)) {
      return fails(`frame ${frame}, codebook ${first}: ${codes[first]!} for ${wanted[first]!}`);
    }
    ties++;
  }
  const text = ties === 0 ? 'equal' : `equal but for ${ties} of ${frameCount} frames at ties`;
  return { what, where, found: text, limit: `equal, or ${TIE.toExponential()} apart`, ok: true, size: ties };
}

/** Frames as the codec has them of delayed rows, clip after clip: the delay undone by index, bos and eos left out. */
export function clipsIn(delayed: Int32Array, numCodebooks: number, frameCounts: readonly number[]): Int32Array[] {
  let start = 0;
  return frameCounts.map((frameCount) => {
    const first = start + 1;
    start += frameCount + 2 + numCodebooks - 1;
    return Int32Array.from(
      { length: frameCount * numCodebooks },
      (_, at) =>
        delayed[(first + Math.floor(at / numCodebooks) + (at % numCodebooks)) * numCodebooks + (at % numCodebooks)]!,
    );
  });
}

/** `codes` follow the nearest entries as `vector` is quantised, and at codebook `first` the wanted entry is as near. */
function isTie(
  vector: Float32Array,
  codes: Int32Array,
  wanted: number,
  first: number,
  quantizers: readonly Quantizer[],
): boolean {
  let residual = Float64Array.from(vector);
  for (const [codebook, quantizer] of quantizers.entries()) {
    const distances = distancesTo(quantizer.entries, apply(quantizer.projectIn, residual));
    const nearest = Math.min(...distances);
    const isNearest = (code: number): boolean => distances[code]! - nearest <= TIE * distances[code]!;
    const code = codes[codebook]!;
    if (codebook >= first && !isNearest(code)) return false;
    if (codebook === first && !(wanted in distances && isNearest(wanted))) return false;
    const dim = quantizer.projectIn.bias.length;
    const chosen = apply(quantizer.projectOut, quantizer.entries.subarray(code * dim, (code + 1) * dim));
    residual = residual.map((value, i) => value - chosen[i]!);
  }
  return true;
}

function apply({ weight, bias }: Linear, input: Float64Array | Float32Array): Float64Array {
  return Float64Array.from(bias, (sum, row) => {
    for (let i = 0; i < input.length; i++) sum += weight[row * input.length + i]! * input[i]!;
    return sum;
  });
}

/** Squared distances of `vector` to each entry. */
function distancesTo(entries: Float32Array, vector: Float64Array): Float64Array {
  return Float64Array.from({ length: entries.length / vector.length }, (_, entry) => {
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += (vector[i]! - entries[entry * vector.length + i]!) ** 2;
    return sum;
  });
}
