/** The ways in which a device may be used, what each was found to do, and which one is best. Pure. */
import type { Figure } from '../bench/figures.js';
import { CAPABILITIES } from '../engine/runtime/index.js';
import type { DeviceSettings } from '../engine/device-settings.js';
import type { FramesVerdict } from './frames-verdict.js';
import * as names from './names.js';
import { PUBLISHED } from './published.js';
import type { CheckedBackend } from './tasks.js';

/** A frame is 40 ms of sound. */
const FRAME_MS = 40;
/** A way that is not quicker by a hundredth is no better than a simpler one before it. */
const WORTH = 0.99;

/** One way of using a device. */
export interface PlanResult {
  /** Left out on devices that have one way alone. */
  readonly settings?: DeviceSettings;
  /** Whether the embedded voice's frames are the CPU's; says how far where they are not. */
  readonly frames: FramesVerdict;
  readonly figures: readonly Figure[];
  /** Why figures are missing. */
  readonly failure?: string;
  /** Layers of the model that was measured, where it is not a model of the user's. */
  readonly layers?: number;
}

/** Today's way first: it stays where no other is quicker. */
export function plansFor(device: CheckedBackend, longestRunPositions: number): readonly (DeviceSettings | undefined)[] {
  if (CAPABILITIES[device].keysAndValues === 'memory') return [undefined];
  return [
    { graphs: 'one', buffers: 'new', longestRunPositions },
    { graphs: 'two', buffers: 'same', longestRunPositions },
    { graphs: 'one', buffers: 'same', longestRunPositions },
  ];
}

/** Milliseconds, brought to the published model's layers where fewer were measured. */
export function millisecondsOf({ figures, layers }: PlanResult, what: string): number | undefined {
  const found = figures.find((figure) => figure.what === what);
  if (found === undefined) return undefined;
  return layers === undefined ? found.median : (found.median * PUBLISHED.layers) / layers;
}

/** Seconds of sound for a second of work: of one sequence, at the first of the positions that were measured. */
export function timesRealTime(plan: PlanResult): number | undefined {
  const step = names.STEPS.map((positions) => millisecondsOf(plan, names.stepAt(positions))).find(
    (milliseconds) => milliseconds !== undefined,
  );
  return step === undefined ? undefined : FRAME_MS / step;
}

/** The same of `sequences` that are spoken at the same time, all their sound together. */
export function timesRealTimeOf(plan: PlanResult, sequences: number): number | undefined {
  const step = millisecondsOf(plan, names.stepOf(sequences));
  return step === undefined ? undefined : (sequences * FRAME_MS) / step;
}

/** The quickest of those that are right; undefined where none is. */
export function bestPlan(plans: readonly PlanResult[]): PlanResult | undefined {
  const right = plans.filter(({ frames }) => frames.right);
  let best: PlanResult | undefined;
  for (const plan of right) {
    const [speed, bestSpeed] = [timesRealTime(plan) ?? 0, best === undefined ? 0 : (timesRealTime(best) ?? 0)];
    if (best === undefined || speed * WORTH > bestSpeed) best = plan;
  }
  return best;
}
