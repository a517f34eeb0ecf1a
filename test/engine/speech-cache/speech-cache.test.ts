import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeTake, encodeTake, keyOf, SpeechCache, type Take } from '../../../src/engine/speech-cache/index.js';
import { temporaryFolder } from '../../helpers/folders.js';

function takeOf(samples: Float32Array, more: Partial<Take> = {}): Take {
  return {
    samples,
    sampleRateHz: 24_000,
    durationSeconds: samples.length / 24_000,
    workSeconds: 2,
    firstSoundSeconds: 0.5,
    frameCount: 10,
    seed: 7,
    voice: 'ella',
    stop: 'ended',
    retries: 1,
    marks: [{ index: 0, text: 'Größe 1.', startSeconds: 0, endSeconds: 1, certainty: 'exact' }],
    ...more,
  };
}

const samples = fc.float32Array({ maxLength: 40 });

describe('a take as a file', () => {
  test('comes out as it went in', () => {
    fc.assert(
      fc.property(samples, fc.boolean(), fc.array(fc.string(), { maxLength: 3 }), (mono, stereo, names) => {
        const stems = Object.fromEntries(names.map((name) => [`of ${name}`, mono.map((sample) => sample / 2)]));
        const take = takeOf(mono, {
          ...(stereo ? { channels: [mono, mono.map((sample) => -sample)] } : {}),
          ...(names.length > 0 ? { stems } : {}),
        });
        expect(decodeTake(encodeTake(take))).toEqual(take);
      }),
    );
  });

  test('is none any more after any byte of it has changed, or some are gone', () => {
    const file = encodeTake(takeOf(Float32Array.of(0.1, 0.2, 0.3)));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = file.slice();
        damaged[at]! ^= change;
        expect(decodeTake(damaged)).toBeUndefined();
        expect(decodeTake(file.slice(0, at))).toBeUndefined();
      }),
    );
  });
});

test('a key tells different requests apart, and no more', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (one, other) => {
        const turned = Object.fromEntries(Object.entries(one).reverse());
        expect(keyOf({ ...turned, leftOut: undefined })).toBe(keyOf(one));
        if (JSON.stringify(one) !== JSON.stringify(other)) {
          expect(keyOf([one])).not.toBe(keyOf(one));
        }
      },
    ),
  );
  expect(keyOf({ clip: Uint8Array.of(1) })).not.toBe(keyOf({ clip: Uint8Array.of(2) }));
  expect(keyOf({ a: 'b,c:1' })).not.toBe(keyOf({ a: 'b', c: 1 }));
  expect(keyOf('1')).not.toBe(keyOf(1));
});

describe('the cache', () => {
  const takesIn = (dir: string) => fs.readdirSync(dir).sort();

  test('gives back what it was given, to every process that uses the folder', async () => {
    const dir = path.join(temporaryFolder(), 'speech');
    const take = takeOf(Float32Array.of(0.5));
    const [one, other] = [new SpeechCache({ dir, limitBytes: 1e6 }), new SpeechCache({ dir, limitBytes: 1e6 })];
    expect(await one.get('a')).toBeUndefined();
    await Promise.all([one.put('a', take), other.put('a', take), other.put('b', take)]);
    expect(await other.get('a')).toEqual(take);
    expect(await one.get('b')).toEqual(take);
    expect(takesIn(dir)).toEqual(['a.take', 'b.take']);
  });

  test('keeps within its size what was used last', async () => {
    const dir = temporaryFolder();
    const take = takeOf(new Float32Array(1000));
    const cache = new SpeechCache({ dir, limitBytes: 3.5 * encodeTake(take).length });
    for (const [age, key] of ['a', 'b', 'c'].entries()) {
      await cache.put(key, take);
      fs.utimesSync(path.join(dir, `${key}.take`), 1000 + age, 1000 + age);
    }
    expect(await cache.get('a')).toEqual(take);
    await cache.put('d', take);
    expect(takesIn(dir)).toEqual(['a.take', 'c.take', 'd.take']);
    await cache.put('large', takeOf(new Float32Array(10_000)));
    expect(takesIn(dir)).toEqual(['a.take', 'c.take', 'd.take']);
  });

  test('throws damaged takes out, and half-written ones that nobody will finish', async () => {
    const dir = temporaryFolder();
    const cache = new SpeechCache({ dir, limitBytes: 1e6 });
    await cache.put('a', takeOf(Float32Array.of(1)));
    fs.appendFileSync(path.join(dir, 'a.take'), 'x');
    fs.writeFileSync(path.join(dir, 'b.12345678.part'), 'x');
    fs.utimesSync(path.join(dir, 'b.12345678.part'), 1000, 1000);
    fs.writeFileSync(path.join(dir, 'c.12345678.part'), 'x');
    expect(await cache.get('a')).toBeUndefined();
    await cache.put('d', takeOf(Float32Array.of(1)));
    expect(takesIn(dir)).toEqual(['c.12345678.part', 'd.take']);
  });

  test('in a place that cannot be written keeps nothing, and harms nobody', async () => {
    const file = path.join(temporaryFolder(), 'file');
    fs.writeFileSync(file, '');
    const cache = new SpeechCache({ dir: path.join(file, 'speech'), limitBytes: 1e6 });
    await cache.put('a', takeOf(Float32Array.of(1)));
    expect(await cache.get('a')).toBeUndefined();
  });
});
