/** The short form of `npm run soak`. */
import { createEngine } from '@higgs-tts/node-red/engine';
import { expect, test } from 'vitest';
import { drawKills, MOMENTS, SIGNALS } from '../../../scripts/soak/moments.js';
import { soak } from '../../../scripts/soak/soak.js';
import { SMALL_MODEL } from '../../engine-kit.js';

test('a soak draws each moment with each signal equally often, at moments that its seed decides', () => {
  const kills = drawKills(30, 1);
  for (const moment of MOMENTS) {
    for (const signal of SIGNALS) {
      expect(kills.filter((kill) => kill.moment === moment && kill.signal === signal)).toHaveLength(2);
    }
  }
  expect(drawKills(30, 1)).toEqual(kills);
  expect(drawKills(30, 2)).not.toEqual(kills);
});

test('six kills at random moments: each request ends once, the next one speaks, and nothing is left behind', async () => {
  const { rounds, problems } = await soak({ createEngine, model: SMALL_MODEL, kills: 6, seed: 5 });
  expect(problems).toEqual([]);
  expect(rounds).toHaveLength(6);
}, 300_000);
