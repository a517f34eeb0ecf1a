/** What was found, as JSON and as Markdown: a table for each device, the goals, and what the engine is to do here. */
import { numberText, table } from '../bench/figures.js';
import { goalLine, type Goal } from '../bench/goals.js';
import type { CheckedDevice, DeviceSettings } from '../engine/device-settings.js';
import type { Card } from './cards.js';
import { bestPlan, timesRealTime, timesRealTimeOf, type PlanResult } from './plans.js';
import { PUBLISHED } from './published.js';
import type { CheckedBackend, TrapResult } from './tasks.js';

/** Of the published model on a card of 24 GB. For comparison: vLLM-Omni on an H100 gives 1.5 and 6. */
const LEAST_ALONE = 3;
const LEAST_OF_EIGHT = 6;

export interface DeviceReport {
  readonly device: CheckedBackend;
  readonly card?: Card;
  /** Why the device cannot be used at all. */
  readonly failure?: string;
  readonly traps: readonly TrapResult[];
  readonly plans: readonly PlanResult[];
}

export interface GpuCheckReport {
  readonly checkedAt: string;
  readonly machine: string;
  readonly onnxruntime: string;
  /** What was measured, in words. */
  readonly model: string;
  readonly cards: readonly Card[];
  readonly devices: readonly DeviceReport[];
  /** The CPU, for comparison. */
  readonly cpu?: PlanResult;
  /** What `auto` is to take for a large model; left out where a small one was measured, or not enough. */
  readonly auto?: CheckedBackend;
  /** What was left out because the time was over. */
  readonly leftOut: readonly string[];
}

/** The quickest device, the CPU among them; undefined where there was no time to try one of them. Pure. */
export function quickestDevice(
  devices: readonly DeviceReport[],
  cpu: PlanResult | undefined,
): CheckedBackend | undefined {
  const isTried = ({ failure, plans }: DeviceReport): boolean =>
    failure !== undefined || plans.some((plan) => !plan.frames.right || timesRealTime(plan) !== undefined);
  if (!devices.every(isTried)) return undefined;
  let quickest: { device: CheckedBackend; speed: number } = { device: 'cpu', speed: (cpu && timesRealTime(cpu)) ?? 0 };
  for (const { device, plans } of devices) {
    const best = bestPlan(plans);
    const speed = (best && timesRealTime(best)) ?? 0;
    if (speed > quickest.speed) quickest = { device, speed };
  }
  return quickest.device;
}

/** The device as the engine is to remember it. Pure. */
export function toRemember({ device, card, failure, plans }: DeviceReport): CheckedDevice {
  const best = bestPlan(plans);
  const [alone, ofEight] = best === undefined ? [] : [timesRealTime(best), timesRealTimeOf(best, 8)];
  const whyNot = failure ?? plans[0]?.frames.saw ?? 'there was no time to try it';
  return {
    device,
    name: card?.name ?? 'unknown',
    ...(card?.driver === undefined ? {} : { driver: card.driver }),
    ...(card?.memoryMegabytes === undefined ? {} : { memoryMegabytes: card.memoryMegabytes }),
    ...(best?.settings === undefined ? {} : { settings: best.settings }),
    ...(best === undefined ? { failure: whyNot } : {}),
    ...(alone === undefined ? {} : { timesRealTime: alone }),
    ...(ofEight === undefined ? {} : { timesRealTimeOfEight: ofEight }),
  };
}

export function goalsOf(plan: PlanResult): Goal[] {
  const [alone, ofEight] = [timesRealTime(plan), timesRealTimeOf(plan, 8)];
  return [
    ...(alone === undefined ? [] : [{ what: 'times real time, alone', found: alone, least: LEAST_ALONE }]),
    ...(ofEight === undefined ? [] : [{ what: 'times real time, 8 at once', found: ofEight, least: LEAST_OF_EIGHT }]),
  ];
}

/** Markdown. */
export function reportText(report: GpuCheckReport): string {
  const { checkedAt, machine, onnxruntime, model, devices, cpu, auto, leftOut } = report;
  const parts = [
    `${machine}, onnxruntime ${onnxruntime}, ${checkedAt.slice(0, 10)}; ${model}`,
    ...devices.map((device) => deviceText(device, cpu)),
    ...(leftOut.length === 0 ? [] : [`Not done, for the time was over: ${leftOut.join('; ')}.`]),
    ...(auto === undefined
      ? []
      : [`For large models the device "auto" now takes: ${auto}. The engine remembers this.`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function deviceText({ device, card, failure, traps, plans }: DeviceReport, cpu: PlanResult | undefined): string {
  const memory = card?.memoryMegabytes === undefined ? '' : `, ${card.memoryMegabytes} MB`;
  const driver = card?.driver === undefined ? '' : `, driver ${card.driver}`;
  const title = `## ${device}: ${card?.name ?? 'a device that the system does not tell of'}${driver}${memory}`;
  const lines = [title];
  if (failure !== undefined) lines.push(`Cannot be used: ${failure}`);
  const rows = plans.map((plan): [string, PlanResult] => [wayText(plan.settings), plan]);
  if (cpu !== undefined) rows.push(['CPU', cpu]);
  if (plans.length > 0) lines.push(figuresTable(rows));
  if (traps.length > 0) {
    lines.push(
      table(
        ['trap', 'here', 'what was seen'],
        traps.map(({ trap, ok, saw }) => [trap, ok ? 'ok' : 'no', saw]),
      ),
    );
  }
  const best = bestPlan(plans);
  if (best !== undefined) {
    lines.push(
      goalsOf(best)
        .map((goal) => `- ${goalLine(goal)}`)
        .join('\n'),
    );
    if (best.settings !== undefined) lines.push(`Best way here: ${wayText(best.settings)}.`);
  }
  return lines.filter((line) => line !== '').join('\n\n');
}

export function wayText(settings: DeviceSettings | undefined): string {
  if (settings === undefined) return 'the one way';
  const { graphs, buffers, longestRunPositions } = settings;
  return `${graphs} graph${graphs === 'two' ? 's' : ''}, ${buffers} buffers, runs of ${longestRunPositions}`;
}

function figuresTable(rows: readonly (readonly [string, PlanResult])[]): string {
  const whats = [...new Set(rows.flatMap(([, { figures }]) => figures.map(({ what, unit }) => `${what}, ${unit}`)))];
  const cell = ({ figures }: PlanResult, label: string): string => {
    const found = figures.find(({ what, unit }) => `${what}, ${unit}` === label);
    return found === undefined ? '–' : numberText(found.median);
  };
  const lines = [
    ['frames of the embedded voice', ...rows.map(([, { frames }]) => frames.saw)],
    ...whats.map((label) => [label, ...rows.map(([, plan]) => cell(plan, label))]),
    ['times real time', ...rows.map(([, plan]) => speedText(plan))],
    ...(rows.some(([, { failure }]) => failure !== undefined)
      ? [['ended by', ...rows.map(([, { failure }]) => failure ?? '')]]
      : []),
  ];
  return table(['median', ...rows.map(([name]) => name)], lines);
}

function speedText(plan: PlanResult): string {
  const speed = timesRealTime(plan);
  if (speed === undefined) return '–';
  const { layers } = plan;
  const reckoned = layers === undefined || layers === PUBLISHED.layers ? '' : ` (reckoned from ${layers} layers)`;
  return `${numberText(speed)}${reckoned}`;
}

/** Where no device is to be checked: why, and what the command does where there is one. */
export function withoutDeviceText({
  kind,
  knows,
}: {
  readonly kind: 'native' | 'wasm';
  readonly knows: string;
}): string {
  const why =
    kind === 'wasm'
      ? "onnxruntime's native library does not load on this system, and its WASM build uses no GPU."
      : 'No GPU shows on this machine: no device file of a graphics driver is there (docs/gpu.md says what each system needs).';
  return `${why}
Where there is one, this command would, for each of ${knows}:
- try what is known to go wrong, each in a process of its own;
- compare the embedded voice's frames with the CPU's;
- measure a model of the published shapes (${PUBLISHED.layers} layers or as many as its memory takes, 4 bits, random weights), or the
  one that --model names: loading, prompts of 64 and 300, steps at 128, 512 and 1500 positions, 2 and 8 voices at once;
- remember the best settings, which the engine then uses.
--device webgpu tries a device that does not show, such as a software one.
`;
}
