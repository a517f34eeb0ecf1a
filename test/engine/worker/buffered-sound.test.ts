import { expect, test } from 'vitest';
import { BufferedSound } from '../../../src/engine/worker/buffered-sound.js';

const sound = (value: number) => Float32Array.of(value);

test('what was spoken before anyone listened comes first, then what follows, in order', async () => {
  let speak!: (samples: Float32Array) => void;
  let finish!: (end: string) => void;
  const segment = new BufferedSound<string>((onSound) => {
    speak = onSound;
    return new Promise((resolve) => (finish = resolve));
  });
  speak(sound(1));
  speak(sound(2));
  const heard: number[] = [];
  segment.listen((samples) => heard.push(samples[0]!));
  expect(heard).toEqual([1, 2]);
  speak(sound(3));
  finish('over');
  expect(await segment.end).toBe('over');
  expect(heard).toEqual([1, 2, 3]);
});

test('a failure waits for whoever listens', async () => {
  const segment = new BufferedSound(() => Promise.reject(new Error('no')));
  await new Promise(setImmediate);
  await expect(segment.end).rejects.toThrow('no');
});
