import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withLock } from '../../../src/engine/hub/lock.js';
import { temporaryFolder } from '../../helpers/folders.js';

const PACE = { touchMs: 20, staleMs: 1000, lookMs: 5 };
const never = new AbortController().signal;
const folder = temporaryFolder();
const nothing = () => undefined;

describe('a lock', () => {
  test('lets one in at a time, and tells the others once that they wait', async () => {
    const file = path.join(folder, 'deep', 'one.lock');
    let [inside, most, waits] = [0, 0, 0];
    const use = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => withLock(file, never, () => (waits += 1), use, PACE)));
    expect({ most, waits }).toEqual({ most: 1, waits: 3 });
    expect(fs.existsSync(file)).toBe(false);
  });

  test('is given back after a failure', async () => {
    const file = path.join(folder, 'failed.lock');
    await expect(withLock(file, never, nothing, () => Promise.reject(new Error('no')), PACE)).rejects.toThrow('no');
    expect(fs.existsSync(file)).toBe(false);
  });

  test('of a process that ended is taken over', async () => {
    const file = path.join(folder, 'left.lock');
    fs.writeFileSync(file, 'gone');
    const longAgo = new Date(Date.now() - 60_000);
    fs.utimesSync(file, longAgo, longAgo);
    expect(await withLock(file, never, nothing, () => Promise.resolve('in'), PACE)).toBe('in');
  });

  test('of a process that works for long is not', async () => {
    const file = path.join(folder, 'long.lock');
    const order: string[] = [];
    let first: Promise<void> | undefined;
    // The second asks when the first is inside: who of two that ask at once comes first is nobody's promise.
    await new Promise<void>((entered) => {
      const work = async () => {
        entered();
        await new Promise((resolve) => setTimeout(resolve, 1.5 * PACE.staleMs));
        order.push('first');
      };
      first = withLock(file, never, nothing, work, PACE);
    });
    await withLock(file, never, nothing, () => Promise.resolve(order.push('second')), PACE);
    await first;
    expect(order).toEqual(['first', 'second']);
  });

  test('is not waited for any longer than the caller wants', async () => {
    const file = path.join(folder, 'wanted.lock');
    const stop = new AbortController();
    await withLock(
      file,
      never,
      nothing,
      async () => {
        const waiting = withLock(
          file,
          stop.signal,
          () => stop.abort(),
          () => Promise.resolve(),
          PACE,
        );
        await expect(waiting).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
      },
      PACE,
    );
  });
});
