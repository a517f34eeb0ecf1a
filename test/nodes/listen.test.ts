import { SAMPLE_RATE_HZ } from '@higgs-tts/node-red/engine';
import { expect, test } from 'vitest';
import { adminPost, Bench, nodeRed } from './node-red-kit.js';

nodeRed();

/** What the Listen button hears with these settings. */
async function listen(properties: object) {
  const said = { type: 'higgs-synthesize', sample: 'Dinner is ready.', properties: { seed: 7, ...properties } };
  const { text } = await adminPost('/higgs-tts/listen', said);
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; pcm16?: string; seconds?: number });
  const pcm = Buffer.concat(
    lines.filter(({ kind }) => kind === 'sound').map(({ pcm16 }) => Buffer.from(pcm16!, 'base64')),
  );
  const end = lines.at(-1)!;
  expect(end.kind).toBe('end');
  expect(pcm.length / 2 / SAMPLE_RATE_HZ).toBeCloseTo(end.seconds!, 3);
  return { seconds: end.seconds!, pcm };
}

test('a sample is heard with its speed, chimes and loudness, as the node will send it', async () => {
  await Bench.deploy([{ id: 'synthesize', type: 'higgs-synthesize', name: '' }]);
  const plain = await listen({});
  expect((await listen({ speed: 2, speedType: 'num' })).seconds).toBeCloseTo(plain.seconds / 2, 1);
  expect((await listen({ chimeBefore: 'ding', chimeBeforeType: 'chime' })).seconds).toBeGreaterThan(
    plain.seconds + 0.2,
  );
  const peak = ({ pcm }: { pcm: Buffer }) => Math.max(...new Int16Array(Uint8Array.from(pcm).buffer).map(Math.abs));
  expect(peak(await listen({ loudness: -40, loudnessType: 'num' }))).toBeLessThan(peak(plain) / 2);
});
