import { expect, test } from 'vitest';
import { throttled } from '../../src/engine/throttle.js';
import type { ProgressEvent } from '../../src/engine/progress.js';

function frames(framesDone: number): ProgressEvent {
  return { phase: 'frames', framesDone, framesPerSecond: 50, segment: 0, segments: 1 };
}

test('a few events a second get through, and the first of each phase', () => {
  const seen: ProgressEvent[] = [];
  let nowMs = 0;
  const tell = throttled(
    (event) => seen.push(event),
    () => nowMs,
  );
  tell({ phase: 'loading', part: 'codec' });
  for (let frame = 0; frame < 100; frame += 1, nowMs += 20) tell(frames(frame));
  expect(seen[0]?.phase).toBe('loading');
  expect(seen.slice(1)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map(frames));
});

test('the event that completes a phase with a total gets through at once', () => {
  const seen: ProgressEvent[] = [];
  const tell = throttled(
    (event) => seen.push(event),
    () => 0,
  );
  for (let done = 0; done <= 10; done += 1) tell({ phase: 'converting', bytesDone: done, bytesTotal: 10 });
  expect(seen.map((event) => event.phase === 'converting' && event.bytesDone)).toEqual([0, 10]);
});
