import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SilenceGate } from '../../../src/engine/sound/silence-gate.js';

const RATE = 24_000;

function tone(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, at) => 0.3 * Math.sin(at / 20));
}

function join(parts: readonly Float32Array[]): number[] {
  return parts.flatMap((part) => [...part]);
}

test('speech with pauses comes through whole, however it is cut into chunks', () => {
  const chunk = fc.record({ length: fc.integer({ min: 1, max: 3000 }), loud: fc.boolean() });
  fc.assert(
    fc.property(fc.array(chunk), (chunks) => {
      const gate = new SilenceGate();
      const parts = chunks.map(({ length, loud }) => (loud ? tone(1).slice(0, length) : new Float32Array(length)));
      const out = parts.map((part) => gate.push(part));
      expect(join([...out, gate.end(false)])).toEqual(join(parts));
    }),
    { numRuns: 30 },
  );
});

test('a long silence after speech is not let through, and is reported when it is two seconds long', () => {
  const gate = new SilenceGate();
  expect(gate.push(tone(0.5)).length).toBe(0.5 * RATE);
  expect(gate.push(new Float32Array(1.9 * RATE)).length).toBe(0);
  expect(gate.isTooLong).toBe(false);
  expect(gate.push(new Float32Array(0.2 * RATE)).length).toBe(0);
  expect(gate.isTooLong).toBe(true);
  expect(gate.end(true).length).toBeCloseTo(0.3 * RATE);
});

test('a faint hum is silence, a quiet voice is not', () => {
  const gate = new SilenceGate();
  gate.push(tone(1).map((sample) => sample / 300));
  expect(gate.push(new Float32Array(0)).length).toBe(0);
  expect(gate.push(tone(1).map((sample) => sample / 50)).length).toBe(2 * RATE);
});
