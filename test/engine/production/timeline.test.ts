import fc from 'fast-check';
import { expect, test } from 'vitest';
import { panGains, Timeline } from '../../../src/engine/production/index.js';
import { joinFloats } from '../../../src/engine/values.js';

const lines = fc.array(
  fc.record({
    gap: fc.integer({ min: -20, max: 20 }),
    length: fc.integer({ min: 0, max: 30 }),
    pan: fc.constantFrom(-1, -0.5, 0, 1),
    stem: fc.constantFrom('Anna', 'Bob'),
  }),
  { minLength: 1, maxLength: 8 },
);

test('lines that overlap are mixed, panned and kept apart, and what is released early is the same as all at once', () => {
  fc.assert(
    fc.property(lines, (script) => {
      const layout = { stereo: true, stems: ['Anna', 'Bob'] };
      const [early, late] = [new Timeline(layout), new Timeline(layout)];
      const stretches = [];
      const expected = { left: new Float32Array(600), right: new Float32Array(600), Bob: new Float32Array(600) };
      let [end, start] = [0, 0];
      for (const [index, { gap, length, pan, stem }] of script.entries()) {
        start = Math.max(start, end + gap);
        const samples = Float32Array.from({ length }, (_, at) => (index + 1) * 0.1 + at * 0.001);
        for (const timeline of [early, late]) timeline.add(samples, { at: start, pan, stem });
        for (const [at, sample] of samples.entries()) {
          expected.left[start + at]! += sample * panGains(pan)[0];
          expected.right[start + at]! += sample * panGains(pan)[1];
          if (stem === 'Bob') expected.Bob[start + at]! += sample;
        }
        end = Math.max(end, start + length);
        stretches.push(early.release(Math.max(start, end + Math.min(0, script[index + 1]?.gap ?? 0))));
      }
      stretches.push(early.release(end));
      const whole = late.release(end);
      expect(joinFloats(stretches.map(({ samples }) => samples))).toEqual(whole.samples);
      expect(joinFloats(stretches.map(({ channels }) => channels![1]))).toEqual(whole.channels![1]);
      expect(joinFloats(stretches.map(({ stems }) => stems!.Bob!))).toEqual(whole.stems!.Bob);
      expect(whole.samples.length).toBe(end);
      for (let at = 0; at < end; at++) {
        expect(whole.channels![0][at]).toBeCloseTo(expected.left[at]!, 5);
        expect(whole.channels![1][at]).toBeCloseTo(expected.right[at]!, 5);
        expect(whole.stems!.Bob![at]).toBeCloseTo(expected.Bob[at]!, 5);
        expect(whole.stems!.Anna![at]! + whole.stems!.Bob![at]!).toBeCloseTo(whole.samples[at]!, 5);
      }
    }),
  );
});
