import { expect, test } from 'vitest';
import { Measurements, numberText, table, timesRealTime } from '../../src/bench/figures.js';
import { goalLine, goalsFor } from '../../src/bench/goals.js';
import { ENGINE, framesInBatch, LLAMA, OWN, stepAt } from '../../src/bench/names.js';

test('values of one name become one figure, in the order of the names', () => {
  const found = new Measurements();
  found.add('b', 'ms', 3, 1);
  found.add('a', 's', 5);
  found.add('b', 'ms', 2);
  expect(found.figures).toEqual([
    { what: 'b', unit: 'ms', minimum: 1, median: 2, maximum: 3, count: 3 },
    { what: 'a', unit: 's', minimum: 5, median: 5, maximum: 5, count: 1 },
  ]);
  expect(found.find('c')).toBeUndefined();
});

test.each([
  [0, '0'],
  [0.001234, '0.0012'],
  [0.1234, '0.123'],
  [1.234, '1.23'],
  [12.34, '12.3'],
  [1234.5, '1235'],
])('%f is told as %s', (value, text) => {
  expect(numberText(value)).toBe(text);
});

test('speed is seconds of sound a second of work', () => {
  expect(timesRealTime(9, 0.5)).toBe(18);
  expect(timesRealTime(2, 4)).toBe(0.5);
});

test('a table is Markdown', () => {
  expect(table(['what', 'ms'], [['step', '1']])).toBe('| what | ms |\n| --- | --: |\n| step | 1 |');
});

test('a goal says ok, or how far off it is', () => {
  expect(goalLine({ what: 'step', found: 30, most: 40 })).toBe('step: 30.0 (at most 40.0): ok');
  expect(goalLine({ what: 'step', found: 50, most: 40 })).toBe('step: 50.0 (at most 40.0): off by 25.0 %');
  expect(goalLine({ what: 'speed', found: 20, least: 25 })).toBe('speed: 20.0 (at least 25.0): off by 25.0 %');
});

test('a small model has goals for speed and first sound, a large one for steps against the floor and llama.cpp', () => {
  const found = new Measurements();
  found.add(ENGINE.speed, 'times', 20, 30);
  found.add(ENGINE.firstSound, 's', 0.1);
  found.add(framesInBatch(1), 'ms', 10);
  found.add(framesInBatch(8), 'ms', 20);
  found.add(stepAt(OWN, 128), 'ms', 44);
  found.add(stepAt(LLAMA, 128), 'ms', 55);
  const floors = new Map([[128, 40]]);
  expect(goalsFor(found, floors, false)).toEqual([
    { what: '8 at a time: frames a second, times 1 at a time', found: 4, least: 3 },
    { what: `${ENGINE.speed}, best`, found: 30, least: 12 },
    { what: `${ENGINE.firstSound}, s`, found: 0.1, most: 0.15 },
  ]);
  expect(goalsFor(found, floors, true)).toContainEqual({
    what: "step at 128 positions, over llama.cpp's",
    found: 0.8,
    most: 0.85,
  });
  expect(goalsFor(found, floors, true)).toContainEqual({
    what: 'step at 128 positions, over the floor',
    found: 1.1,
    most: 1.15,
  });
});
