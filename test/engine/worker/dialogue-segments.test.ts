/** A dialogue cut as the reference's example cuts it: by turns or words, all voices in each segment, those before in its context. */
import type { ProgressEvent } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';

const open = engineOpener();
const openSmall = () => open({ model: SMALL_MODEL });
beforeAll(() => openSmall().preload());

const lines = [
  { speaker: 'Ann', text: 'Did you hear the bell?' },
  { speaker: 'Ben', text: 'Yes, someone is at the door.' },
  { speaker: 'Ann', text: 'I will open it.' },
];
const voices = { Ann: { kind: 'any' }, Ben: { kind: 'described', description: 'masculine' } } as const;

test.each([
  ['together where nothing is asked for', {}, 1],
  ['in a segment for each turn', { segmentBy: 'turns' }, 3],
  ['in a segment for each two turns', { segmentBy: 'turns', segmentTurns: 2 }, 2],
  ['in a segment for each eight words', { segmentBy: 'words', segmentWords: 8 }, 2],
  ['in segments that know nothing of each other', { segmentBy: 'turns', contextSegments: 0 }, 3],
  ['line by line where that is asked for, whatever cuts the lines', { segmentBy: 'turns', turns: 'by-line' }, 3],
] as const)('a dialogue is spoken %s', async (_how, more, count) => {
  const engine = openSmall();
  const segments = new Set<number>();
  const prefilled: number[] = [];
  const onProgress = (event: ProgressEvent) => {
    if (event.phase === 'frames') segments.add(event.segment);
    if (event.phase === 'prefill' && event.positionsDone === event.positionsTotal) prefilled.push(event.positionsTotal);
  };
  const request = { lines, voices, seed: 3, maxSeconds: 0.4, ...more };
  const { marks, samples } = await engine.dialogue(request, { onProgress });
  expect(segments.size).toBe(count);
  expect(marks.map(({ speaker }) => speaker)).toEqual(['Ann', 'Ben', 'Ann']);
  expect(samples.length).toBeGreaterThan(0);
  if (!('contextSegments' in more) && 'segmentBy' in more && !('turns' in more)) {
    // What was spoken stands in the prompts of those after it.
    expect(Math.max(...prefilled)).toBeGreaterThan(prefilled[0]! + 10);
  }
});

test('lines that are spoken together have their words, by the letters of each, where a model has heads that tell', async () => {
  const model = temporaryFolder();
  fs.cpSync(SMALL_MODEL, model, { recursive: true });
  const config = path.join(model, 'model', 'config.json');
  const heads = { alignment_heads: [[1, 0]] };
  fs.writeFileSync(config, JSON.stringify({ ...(JSON.parse(fs.readFileSync(config, 'utf8')) as object), ...heads }));
  const engine = open({ model });
  const request = { lines, voices, seed: 3, maxSeconds: 0.4, wordTimes: true };
  for (const cut of [{}, { segmentBy: 'turns' }, { turns: 'by-line' }] as const) {
    const { marks, durationSeconds } = await engine.dialogue({ ...request, ...cut });
    expect(marks.map(({ words = [] }) => words.map(({ text }) => text).join(' '))).toEqual(
      lines.map(({ text }) => text),
    );
    let last = 0;
    for (const { startSeconds, endSeconds } of marks.flatMap(({ words = [] }) => words)) {
      expect(startSeconds).toBeGreaterThanOrEqual(last - 1e-6);
      expect(endSeconds).toBeGreaterThanOrEqual(startSeconds);
      last = endSeconds;
    }
    expect(last).toBeLessThanOrEqual(durationSeconds + 1e-6);
  }
  const { marks } = await openSmall().dialogue(request);
  expect(marks.some((mark) => 'words' in mark)).toBe(false);
});
