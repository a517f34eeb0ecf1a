/** Weight norm, `weight = g * v / |v|`, folded into plain weights. Source: torch `weight_norm`. */
import { HiggsError } from '../errors.js';
import type { TensorSource } from './types.js';

/** How a layer's weight may be saved: magnitude and direction, in old and new checkpoints. */
const PAIRS = [
  ['weight_g', 'weight_v'],
  ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
] as const;

export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** The shape of what {@link readWeight} gives for a layer; undefined where it is saved in no known way. */
export function weightShape(tensors: TensorSource, layer: string): readonly number[] | undefined {
  const names = ['weight', ...PAIRS.map(([, direction]) => direction)];
  return names.map((name) => tensors.entries.get(`${layer}.${name}`)?.shape).find((shape) => shape !== undefined);
}

/**
 * The weight of `layer` (a name without `.weight`), folded where it is saved with weight norm.
 * Throws HIGGS_CHECKPOINT_BROKEN where it is saved in no known way.
 */
export async function readWeight(tensors: TensorSource, layer: string): Promise<Weight> {
  const plain = tensors.entries.get(`${layer}.weight`);
  if (plain !== undefined) return { shape: plain.shape, values: await tensors.readFloat32(plain.name) };
  for (const [magnitudeName, directionName] of PAIRS) {
    const magnitude = tensors.entries.get(`${layer}.${magnitudeName}`);
    const direction = tensors.entries.get(`${layer}.${directionName}`);
    if (magnitude === undefined || direction === undefined) continue;
    const values = foldWeightNorm(
      await tensors.readFloat32(magnitude.name),
      magnitude.shape,
      await tensors.readFloat32(direction.name),
      direction.shape,
    );
    if (values === undefined) {
      const where = tensors.locate(magnitude.name);
      throw new HiggsError(
        'HIGGS_CHECKPOINT_BROKEN',
        `The checkpoint ${where} is broken: the tensors "${magnitude.name}" and "${direction.name}" do not fit together.`,
      );
    }
    return { shape: direction.shape, values };
  }
  throw new HiggsError(
    'HIGGS_CHECKPOINT_BROKEN',
    `The checkpoint ${tensors.locate(`${layer}.weight`)} is broken: the tensor "${layer}.weight" is missing.`,
  );
}

/**
 * magnitude: of direction's rank, 1 in every dimension that the norm was taken over (all but one, as torch saves it).
 * Gives direction's values scaled, row-major; undefined where the shapes do not fit.
 */
export function foldWeightNorm(
  magnitude: Float32Array,
  magnitudeShape: readonly number[],
  direction: Float32Array,
  shape: readonly number[],
): Float32Array | undefined {
  const fits =
    magnitudeShape.length === shape.length && magnitudeShape.every((size, axis) => size === 1 || size === shape[axis]);
  if (!fits) return undefined;
  const groups = groupOfElement(magnitudeShape, shape);
  const squares = new Float64Array(magnitude.length);
  for (let i = 0; i < direction.length; i++) squares[groups[i]!]! += direction[i]! ** 2;
  return direction.map((value, i) => (value * magnitude[groups[i]!]!) / Math.sqrt(squares[groups[i]!]!));
}

/** For each element of a tensor, row-major, the element of the magnitude that scales it. */
function groupOfElement(magnitudeShape: readonly number[], shape: readonly number[]): Uint32Array {
  let groups = new Uint32Array(1);
  for (const [axis, size] of shape.entries()) {
    const kept = magnitudeShape[axis] !== 1 || size === 1;
    const next = new Uint32Array(groups.length * size);
    for (let i = 0; i < next.length; i++) {
      const group = groups[Math.floor(i / size)]!;
      next[i] = kept ? group * size + (i % size) : group;
    }
    groups = next;
  }
  return groups;
}
