import { expect, test } from 'vitest';
import { EarlyPiece } from '../../../src/engine/worker/early-piece.js';

const sound = (value: number) => Float32Array.of(value);

test('what was spoken before anyone listened comes first, then what follows, in order', async () => {
  let speak!: (samples: Float32Array) => void;
  let finish!: (end: string) => void;
  const piece = new EarlyPiece<string>((onSound) => {
    speak = onSound;
    return new Promise((resolve) => (finish = resolve));
  });
  speak(sound(1));
  speak(sound(2));
  const heard: number[] = [];
  piece.listen((samples) => heard.push(samples[0]!));
  expect(heard).toEqual([1, 2]);
  speak(sound(3));
  finish('over');
  expect(await piece.end).toBe('over');
  expect(heard).toEqual([1, 2, 3]);
});

test('a failure waits for whoever listens', async () => {
  const piece = new EarlyPiece(() => Promise.reject(new Error('no')));
  await new Promise(setImmediate);
  await expect(piece.end).rejects.toThrow('no');
});
