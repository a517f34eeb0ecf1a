import { describe, expect, test } from 'vitest';
import { PlayQueue, type Turn } from '../../src/players/queue.js';
import { endsOf } from '../helpers/waiting.js';

const turn = (more: Partial<Turn> = {}): Turn => ({
  owner: 'me',
  priority: 0,
  interrupt: false,
  signal: new AbortController().signal,
  ...more,
});

/** A queue whose sounds are ended by hand, and what it did. */
function bench() {
  const told: string[] = [];
  const enders = new Map<string, () => void>();
  const queue = new PlayQueue(() => {
    told.push('rest');
    return Promise.resolve();
  });
  const add = (name: string, more: Partial<Turn> = {}) =>
    queue.add(turn(more), (signal) => {
      told.push(name);
      return new Promise((resolve, reject) => {
        enders.set(name, resolve);
        signal.addEventListener('abort', () => reject(Object.assign(new Error(), { code: 'HIGGS_ABORTED' })));
      });
    });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const end = async (name: string) => {
    await settled();
    enders.get(name)!();
    await settled();
  };
  return { queue, told, add, end, settled };
}

describe('the queue of a player', () => {
  test('plays one after the other, higher priorities first, and rests after the last', async () => {
    const { told, add, end } = bench();
    const all = [add('a'), add('b'), add('c', { priority: 5 }), add('d', { interrupt: true, priority: -1 })];
    for (const name of ['a', 'c', 'b', 'd']) await end(name);
    await Promise.all(all);
    expect(told).toEqual(['a', 'c', 'b', 'd', 'rest']);
  });

  test('stops what plays for one that interrupts, unless its priority is higher', async () => {
    const { told, add, end } = bench();
    const ends = endsOf([
      add('low'),
      add('urgent', { interrupt: true }),
      add('important', { priority: 9 }),
      add('less', { interrupt: true, priority: 1 }),
    ]);
    for (const name of ['important', 'less', 'urgent']) await end(name);
    expect(await ends).toEqual(['HIGGS_ABORTED', 'done', 'done', 'done']);
    expect(told).toEqual(['important', 'less', 'urgent', 'rest']);
  });

  test('stops, clears and skips what is one owner’s alone', async () => {
    const { queue, told, add, end, settled } = bench();
    const ends = endsOf([add('a'), add('b'), add('c'), add('other', { owner: 'other' })]);
    await settled();
    queue.stop('me', 'running');
    await settled();
    queue.stop('me', 'waiting');
    await end('b');
    await end('other');
    expect(await ends).toEqual(['HIGGS_ABORTED', 'done', 'HIGGS_ABORTED', 'done']);
    expect(told).toEqual(['a', 'b', 'other', 'rest']);
  });

  test('finishes what plays when its owner is paused, lets others play, and goes on later', async () => {
    const { queue, told, add, end } = bench();
    const all = [add('a'), add('b'), add('other', { owner: 'other' })];
    queue.pause('me');
    await end('a');
    await end('other');
    expect(told).toEqual(['a', 'other', 'rest']);
    queue.resume('me');
    await end('b');
    await Promise.all(all);
    expect(told).toEqual(['a', 'other', 'rest', 'b', 'rest']);
  });

  test('tells each one that waits how many go before it', async () => {
    const { add, end } = bench();
    const places: number[] = [];
    const all = [add('a'), add('b'), add('c', { onPlace: (ahead) => places.push(ahead) })];
    for (const name of ['a', 'b', 'c']) await end(name);
    await Promise.all(all);
    expect([places[0], places.at(-1)]).toEqual([2, 1]);
  });

  test('lets one that is stopped while it waits go at once, and goes on after one that fails', async () => {
    const { queue, add, end } = bench();
    const failing = queue.add(turn(), () =>
      Promise.reject(Object.assign(new Error(), { code: 'HIGGS_PLAYER_FAILED' })),
    );
    const abort = new AbortController();
    const ends = endsOf([failing, add('stopped', { signal: abort.signal }), add('next')]);
    abort.abort();
    await end('next');
    expect(await ends).toEqual(['HIGGS_PLAYER_FAILED', 'HIGGS_ABORTED', 'done']);
  });

  test('takes no more than its limit', async () => {
    const { queue, add } = bench();
    const all = Array.from({ length: 102 }, (_, index) => add(String(index)));
    const ends = endsOf(all);
    await expect(all.at(-1)).rejects.toMatchObject({ code: 'HIGGS_QUEUE_FULL' });
    queue.stop('me', 'all');
    expect((await ends).filter((end) => end === 'HIGGS_ABORTED')).toHaveLength(101);
  });
});
