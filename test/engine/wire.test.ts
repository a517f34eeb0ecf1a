import v8 from 'node:v8';
import { expect, test } from 'vitest';
import type { ToParent } from '../../src/engine/protocol.js';
import { fromWire, toWire, type OnWire } from '../../src/engine/wire.js';

const part = (...samples: number[]) => new Float32Array([9, ...samples, 9]).subarray(1, 1 + samples.length);
const crossed = (message: ToParent) => fromWire(v8.deserialize(v8.serialize(toWire(message))) as OnWire);

test.each<[string, ToParent]>([
  ['mono', { kind: 'chunk', call: 1, chunk: { index: 0, startSeconds: 0, samples: part(1, 2, 3) } }],
  [
    'stereo with stems',
    {
      ...{ kind: 'chunk', call: 2 },
      chunk: {
        ...{ index: 1, startSeconds: 0.5, samples: part(0) },
        ...{ channels: [part(1), part(-1)], stems: { Anna: part(0.25), Bob: part() } },
      },
    },
  ],
])('sound in %s comes over as it was sent', (_name, message) => {
  expect(crossed(message)).toEqual(message);
});

test('no view of numbers wider than a byte crosses, which Node.js 22.7 to 22.9 may copy past its end', () => {
  const chunk = {
    index: 0,
    startSeconds: 0,
    samples: part(1),
    channels: [part(1), part(2)] as const,
    stems: { Anna: part(3) },
  };
  const { chunk: sent } = toWire({ kind: 'chunk', call: 1, chunk }) as Extract<OnWire, { kind: 'chunk' }>;
  for (const sound of [sent.samples, ...sent.channels!, sent.stems!.Anna]) {
    expect(sound).toBeInstanceOf(ArrayBuffer);
    expect(sound!.byteLength).toBe(4);
  }
});

test('everything else crosses untouched', () => {
  const message: ToParent = { kind: 'end', call: 3, answer: { to: 'load' } };
  expect(crossed(message)).toEqual(message);
});
