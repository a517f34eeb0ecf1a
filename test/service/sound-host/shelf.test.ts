import { expect, test } from 'vitest';
import { Shelf } from '../../../src/service/sound-host/shelf.js';

const sound = (byteCount: number) => new Uint8Array(byteCount);

test('a sound is found by its name until it expires', () => {
  const shelf = new Shelf(1000, 100);
  const name = shelf.put(sound(10), 'audio/wav', 'wav', 0)!;
  expect(name).toMatch(/^[\w-]{22}\.wav$/);
  expect(shelf.find(name, 999)?.bytes.byteLength).toBe(10);
  expect(shelf.find(name, 1000)).toBeUndefined();
});

test('the oldest make room for a new one, and no more of them than needed', () => {
  const shelf = new Shelf(1000, 100);
  const names = [40, 40, 20].map((size) => shelf.put(sound(size), 'audio/wav', 'wav', 0)!);
  const added = shelf.put(sound(30), 'audio/wav', 'wav', 1)!;
  expect([...names, added].map((name) => shelf.find(name, 2) !== undefined)).toEqual([false, true, true, true]);
});

test('what has expired makes room first', () => {
  const shelf = new Shelf(1000, 100);
  shelf.put(sound(60), 'audio/wav', 'wav', 0);
  const later = shelf.put(sound(40), 'audio/wav', 'wav', 500)!;
  shelf.put(sound(60), 'audio/wav', 'wav', 1200);
  expect(shelf.find(later, 1200)).toBeDefined();
});

test('a sound larger than the shelf is not taken, and pushes nothing off', () => {
  const shelf = new Shelf(1000, 100);
  const name = shelf.put(sound(100), 'audio/wav', 'wav', 0)!;
  expect(shelf.put(sound(101), 'audio/wav', 'wav', 0)).toBeUndefined();
  expect(shelf.find(name, 1)).toBeDefined();
});

test('names do not repeat and do not follow one another', () => {
  const shelf = new Shelf(1000, 1_000_000);
  const names = Array.from({ length: 500 }, () => shelf.put(sound(1), 'audio/wav', 'wav', 0)!);
  expect(new Set(names).size).toBe(500);
  expect(new Set(names.map((name) => name.slice(0, 4))).size).toBeGreaterThan(490);
});
