import { describe, expect, test } from 'vitest';
import { TICK_MS, Watchdog } from '../../../src/engine/client/watchdog.js';
import { BEAT_LOADING, BEAT_PROGRESS } from '../../../src/engine/protocol.js';

const LIMIT_SECONDS = 10;
const LIMIT_TICKS = (LIMIT_SECONDS * 1000) / TICK_MS;

/** Ticks until the worker counts as stuck, or as many as are looked at; before each, the worker tells `beats`. */
function ticksUntilStuck(watchdog: Watchdog, beats: readonly number[], isAsked = true, most = 100 * LIMIT_TICKS) {
  for (let tick = 1; tick <= most; tick += 1) {
    if (beats.length > 0) watchdog.hear(Uint8Array.from(beats));
    const stall = watchdog.tick(isAsked);
    if (stall !== undefined) return { tick, ...stall };
  }
  return undefined;
}

describe('a worker counts as stuck', () => {
  test('that has told that it lives and does so no more, whether or not something is asked of it', () => {
    for (const isAsked of [true, false]) {
      const watchdog = new Watchdog(LIMIT_SECONDS);
      watchdog.hear(Uint8Array.of(BEAT_PROGRESS));
      expect(ticksUntilStuck(watchdog, [], isAsked)).toEqual({
        tick: LIMIT_TICKS + 1,
        isHanging: false,
        how: 'did not answer for 10 seconds and was ended',
      });
    }
  });

  test('that lives and makes no progress with what is asked of it', () => {
    expect(ticksUntilStuck(new Watchdog(LIMIT_SECONDS), [0])).toEqual({
      tick: LIMIT_TICKS + 1,
      isHanging: true,
      how: 'made no progress for 10 seconds and was ended',
    });
  });

  test('ten times later while it starts or loads a model', () => {
    expect(ticksUntilStuck(new Watchdog(LIMIT_SECONDS), [BEAT_LOADING])).toEqual({
      tick: 10 * LIMIT_TICKS + 1,
      isHanging: true,
      how: 'made no progress for 100 seconds and was ended',
    });
    expect(ticksUntilStuck(new Watchdog(LIMIT_SECONDS), [])).toEqual({
      tick: 10 * LIMIT_TICKS + 1,
      isHanging: false,
      how: 'did not answer for 100 seconds and was ended',
    });
  });

  test('though it was loading when it stopped, after the shorter time: its thread tells that it lives whatever it loads', () => {
    const watchdog = new Watchdog(LIMIT_SECONDS);
    watchdog.hear(Uint8Array.of(BEAT_LOADING));
    expect(ticksUntilStuck(watchdog, [])?.tick).toBe(LIMIT_TICKS + 1);
  });
});

describe('a worker does not count as stuck', () => {
  test('while it makes progress, also where several beats come at once and the last one tells of none', () => {
    expect(ticksUntilStuck(new Watchdog(LIMIT_SECONDS), [BEAT_PROGRESS, 0])).toBeUndefined();
  });

  test('while nothing is asked of it', () => {
    expect(ticksUntilStuck(new Watchdog(LIMIT_SECONDS), [0], false)).toBeUndefined();
  });

  test('that gets something to do after a long rest, before it has had its time', () => {
    const watchdog = new Watchdog(LIMIT_SECONDS);
    ticksUntilStuck(watchdog, [0], false, 3 * LIMIT_TICKS);
    expect(ticksUntilStuck(watchdog, [0])?.tick).toBe(LIMIT_TICKS + 1);
  });
});
