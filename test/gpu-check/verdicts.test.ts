/** What a check makes of its figures. */
import { expect, test } from 'vitest';
import { framesVerdict } from '../../src/gpu-check/frames-verdict.js';
import * as names from '../../src/gpu-check/names.js';
import { bestPlan, plansFor, timesRealTime, timesRealTimeOf, type PlanResult } from '../../src/gpu-check/plans.js';
import { layersFor } from '../../src/gpu-check/published.js';
import { goalsOf, quickestDevice, reportText, toRemember } from '../../src/gpu-check/report.js';
import type { DeviceReport, GpuCheckReport } from '../../src/gpu-check/report.js';
import type { Figure } from '../../src/bench/figures.js';
import type { Line } from '../../src/gpu-check/tasks.js';

const figure = (what: string, median: number): Figure => {
  return { what, unit: 'ms', minimum: median, median, maximum: median, count: 1 };
};

function plan(graphs: 'one' | 'two', stepMs: number, more: Partial<PlanResult> = {}): PlanResult {
  return {
    settings: { graphs, buffers: graphs === 'one' ? 'new' : 'same', longestRunPositions: 128 },
    frames: { right: true, rows: 12, saw: 'all 12 rows are the CPU’s' },
    figures: [figure(names.stepAt(512), stepMs), figure(names.stepOf(8), 8 * stepMs)],
    ...more,
  };
}

const webgpu = (...plans: readonly PlanResult[]): DeviceReport => {
  return { device: 'webgpu', card: { name: 'a card', memoryMegabytes: 24_000 }, traps: [], plans };
};

test('the simple way stays where no other is quicker by a hundredth, and a way that is wrong never counts', () => {
  const wrong = plan('two', 1, { frames: { right: false, rows: 12, saw: '3 of 12 rows are the CPU’s' } });
  expect(bestPlan([plan('one', 10), plan('two', 9.95)])?.settings?.graphs).toBe('one');
  expect(bestPlan([plan('one', 10), plan('two', 8), wrong])?.figures[0]?.median).toBe(8);
  expect(bestPlan([wrong])).toBeUndefined();
  expect(plansFor('webgpu', 31)[0]).toEqual({ graphs: 'one', buffers: 'new', longestRunPositions: 31 });
  expect(plansFor('cuda', 31)).toEqual([undefined]);
});

test('a step of 10 ms is 4 times real time, of a quarter of the layers once; eight at once count together', () => {
  expect(timesRealTime(plan('one', 10))).toBe(4);
  expect(timesRealTime(plan('one', 10, { layers: 7 }))).toBe(1);
  expect(timesRealTimeOf(plan('one', 10), 8)).toBe(4);
  expect(timesRealTime(plan('one', 10, { figures: [] }))).toBeUndefined();
  expect(goalsOf(plan('one', 10))).toEqual([
    { what: 'times real time, alone', found: 4, least: 3 },
    { what: 'times real time, 8 at once', found: 4, least: 6 },
  ]);
});

test('auto takes the quickest device, which may be the CPU', () => {
  const cpu = plan('one', 40);
  expect(quickestDevice([webgpu(plan('one', 10))], cpu)).toBe('webgpu');
  expect(quickestDevice([webgpu(plan('one', 50))], cpu)).toBe('cpu');
  expect(quickestDevice([{ ...webgpu(), failure: 'no adapter' }], undefined)).toBe('cpu');
  expect(quickestDevice([webgpu(plan('one', 10, { figures: [] }))], cpu)).toBeUndefined();
  expect(quickestDevice([webgpu()], cpu)).toBeUndefined();
});

test('what is remembered of a device: its best way and speeds, or why it cannot be used', () => {
  expect(toRemember(webgpu(plan('one', 10), plan('two', 8)))).toEqual({
    device: 'webgpu',
    name: 'a card',
    memoryMegabytes: 24_000,
    settings: { graphs: 'two', buffers: 'same', longestRunPositions: 128 },
    timesRealTime: 5,
    timesRealTimeOfEight: 5,
  });
  const broken = { ...webgpu(), failure: 'no adapter' };
  expect(toRemember(broken)).toMatchObject({ failure: 'no adapter' });
  expect(toRemember(broken)).not.toHaveProperty('settings');
});

test('the table has a column for each way and the CPU, the goals say how far off they are', () => {
  const report: GpuCheckReport = {
    ...{ checkedAt: '2026-01-02T03:04:05Z', machine: 'a machine', onnxruntime: '1.30.0', model: 'a model', cards: [] },
    auto: 'webgpu',
    ...{ devices: [webgpu(plan('one', 10), plan('two', 8))], cpu: plan('one', 40), leftOut: [] },
  };
  const text = reportText(report);
  expect(text).toContain('| step at 512 positions, ms | 10.0 | 8.00 | 40.0 |');
  expect(text).toContain('- times real time, alone: 5.00 (at least 3.00): ok');
  expect(text).toContain('- times real time, 8 at once: 5.00 (at least 6.00): off by 20.0 %');
  expect(text).toContain('the device "auto" now takes: webgpu');
});

const lines = (...parts: readonly Line[]) => ({ lines: parts });
const spoken = lines(
  {
    rows: [
      [1, 2],
      [3, 4],
    ],
  },
  { scores: [1, 2, 3] },
);

test.each([
  [
    'equal rows and scores that are alike',
    lines(
      {
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
      { scores: [1.01, 2, 3] },
    ),
    true,
  ],
  ['fewer rows, for there was no time for more', lines({ rows: [[1, 2]] }), true],
  [
    'another code',
    lines(
      {
        rows: [
          [1, 2],
          [3, 5],
        ],
      },
      { scores: [1, 2, 3] },
    ),
    false,
  ],
  [
    'scores that are far off with 4 bits',
    lines(
      {
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
      { scores: [3, -2, 1] },
    ),
    false,
  ],
  [
    'scores that are no numbers',
    lines(
      {
        rows: [
          [1, 2],
          [3, 4],
        ],
      },
      { scores: [NaN, 2, 3] },
    ),
    false,
  ],
  ['nothing', { lines: [], failure: 'no adapter' }, false],
  ['rows, but the process died with 4 bits', { ...lines({ rows: [[1, 2]] }), failure: 'SIGABRT' }, false],
] as const)('frames: %s', (_what, found, right) => {
  expect(framesVerdict(found, spoken).right).toBe(right);
});

test('as many layers as memory takes, four at least, all where nobody knows', () => {
  expect([layersFor(undefined), layersFor(24_000), layersFor(80_000)]).toEqual([28, 28, 28]);
  expect(layersFor(1000)).toBe(4);
  const some = [2000, 3000, 4000].map(layersFor);
  expect(some).toEqual(some.toSorted((a, b) => a - b));
  expect(some[2]).toBeLessThanOrEqual(28);
});
