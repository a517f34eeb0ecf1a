import { describe, expect, test } from 'vitest';
import { Assembler } from '../../../src/engine/worker/assembler.js';
import type { AudioChunk } from '../../../src/engine/requests.js';

const FACTS = { seed: 1, voice: 'ella' };

function tone(seconds: number): Float32Array {
  return Float32Array.from({ length: seconds * 24_000 }, (_, at) => 0.3 * Math.sin(at / 20));
}

function recite(assembler: Assembler) {
  assembler.add(tone(0.5));
  assembler.mark({ text: 'One.', startSeconds: 0, endSeconds: assembler.seconds, certainty: 'exact' });
  assembler.count({ frameCount: 12, stop: 'ended' });
  assembler.addPause(0.3);
  const startSeconds = assembler.seconds;
  assembler.add(new Float32Array(0));
  assembler.add(tone(0.25));
  assembler.mark({ text: 'Two.', startSeconds, endSeconds: assembler.seconds, certainty: 'exact' });
  assembler.count({ frameCount: 6, stop: 'limit' });
  assembler.count({ frameCount: 6, stop: 'silence' });
  return assembler.finish(FACTS);
}

describe('a assembler', () => {
  test('sends sound on as it comes; the chunks together are the whole, and the marks lie in it', () => {
    const chunks: AudioChunk[] = [];
    const outcome = recite(new Assembler((chunk) => chunks.push(chunk)));
    expect(outcome).toMatchObject({ durationSeconds: 1.05, frameCount: 24, stop: 'limit', ...FACTS });
    expect(chunks.map(({ index, startSeconds }) => [index, startSeconds])).toEqual([
      [0, 0],
      [1, 0.5],
      [2, 0.8],
    ]);
    expect(chunks.reduce((sum, { samples }) => sum + samples.length, 0)).toBe(25_200);
    expect(
      outcome.marks.map(({ index, text, startSeconds, endSeconds }) => [index, text, startSeconds, endSeconds]),
    ).toEqual([
      [0, 'One.', 0, 0.5],
      [1, 'Two.', 0.8, 1.05],
    ]);
    expect(outcome.firstSoundSeconds).toBeLessThanOrEqual(outcome.workSeconds);
  });

  test('over a bed sends one mix at the end, and the marks move with the speech', () => {
    const chunks: AudioChunk[] = [];
    const bed = { samples: tone(4), settings: { leadInSeconds: 1, tailSeconds: 0.5 } };
    const outcome = recite(new Assembler((chunk) => chunks.push(chunk), bed));
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ index: 0, startSeconds: 0 });
    expect(chunks[0]!.samples.length).toBe(61_200);
    expect(outcome.durationSeconds).toBeCloseTo(2.55);
    expect(outcome.marks.map(({ startSeconds }) => startSeconds)).toEqual([1, 1.8]);
  });
});
