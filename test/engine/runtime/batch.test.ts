/** Sequences that go on together have the frames that they have alone. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeFrames } from '../../../src/engine/codes.js';
import { generateFrames, seededRng, type LanguageModel } from '../../../src/engine/frames/index.js';
import type { LanguageModelContext } from '../../../src/engine/frames/types.js';
import { openLanguageModel, type LoadedLanguageModel } from '../../../src/engine/runtime/index.js';
import { KITS, loadKit } from '../../helpers/kit.js';
import { drain } from '../../helpers/streams.js';

let cacheDir = '';
beforeAll(async () => {
  cacheDir = await fs.mkdtemp(path.join(os.tmpdir(), 'higgs-batch-'));
});
afterAll(() => fs.rm(cacheDir, { recursive: true }));

const RULE = { temperature: 1, topK: 50, topP: 0.95, rasWindowFrames: 7, rasLimit: 2 };

async function turnsOfLoop(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(KITS.flatMap((name) => [8, 32].map((bits) => [name, bits as 8 | 32] as const)))(
  'kit %s, %s bits',
  (name, bits) => {
    const kit = loadKit(name);
    let model: LoadedLanguageModel;
    beforeAll(async () => {
      model = await openLanguageModel({ modelDir: kit.modelDir, cacheDir, device: 'cpu', bits, threads: 1 });
    });
    afterAll(() => model.close());

    /** Rows of a sequence whose prompt, seed and length are its own. */
    async function rows(on: LanguageModel, sequence: number): Promise<number[][]> {
      const ids = kit.ints('plain.input_ids').values.subarray(0, 8 + 5 * sequence);
      const context = on.open(40);
      const { values } = await drain(
        generateFrames({
          context,
          prompt: { text: '', ids, runs: [{ kind: 'text', ids }], positionCount: ids.length },
          shape: on.shape,
          rule: RULE,
          rng: seededRng(sequence),
          maxFrames: 10 + 9 * (sequence % 3),
        }),
      );
      context.close();
      return values.map((row) => [...row]);
    }

    test('frames are the same whoever else is spoken', async () => {
      const sequences = [0, 1, 2, 3, 4];
      const alone: number[][][] = [];
      for (const sequence of sequences) alone.push(await rows(model, sequence));
      const three = model.together(3);
      // Three at a time: the fourth and the fifth take the places of those that have ended.
      const first = await Promise.all(sequences.slice(0, 3).map((sequence) => rows(three, sequence)));
      const second = await Promise.all(sequences.slice(3).map((sequence) => rows(three, sequence)));
      expect([...first, ...second]).toEqual(alone);
    });

    test('a sequence too many is alone, and does not disturb', async () => {
      const two = model.together(2);
      const together = await Promise.all([0, 1, 2].map((sequence) => rows(two, sequence)));
      expect(together[2]).toEqual(await rows(model, 2));
    });

    test('a sequence that is opened beside a lone one finds room, and one that ends leaves its own', async () => {
      const alone = await rows(model, 2);
      const shared = model.together(4);
      expect(shared.isFull?.()).toBe(false);
      const lone = rows(shared, 2);
      const later = (async () => {
        await turnsOfLoop(9);
        return Promise.all([0, 1, 3].map((sequence) => rows(shared, sequence)));
      })();
      expect(await lone).toEqual(alone);
      expect(await later).toEqual(await Promise.all([0, 1, 3].map((sequence) => rows(model, sequence))));
    });

    test('whoever comes when all others have gone finds no trace of them', async () => {
      const shared = model.together(3);
      const alone = await Promise.all([0, 1, 2].map((sequence) => rows(model, sequence)));
      for (const sequences of [[2, 1, 0], [0], [1, 2], [2], [0, 1]]) {
        const together = await Promise.all(sequences.map((sequence) => rows(shared, sequence)));
        expect(together).toEqual(sequences.map((sequence) => alone[sequence]));
      }
    });

    test.each([0, 1, 2, 3])('a prompt %s turns later moves nothing that a run is about to read', async (turns) => {
      const { numCodebooks, bosCode } = model.shape;
      const frames = codeFrames(numCodebooks, new Int32Array(numCodebooks).fill(bosCode));
      const ids = kit.ints('plain.input_ids').values;
      const long = Int32Array.from({ length: 200 }, (_, index) => ids[index % ids.length]!);
      const shared = model.together(2);
      // Room for 300 positions, of which 128 are in use before the prompt comes.
      const [alone, stepping, prompted] = [model.open(300), shared.open(300), shared.open(300)];
      for (const context of [alone, stepping]) await context.feed({ kind: 'text', ids: ids.subarray(0, 4) });
      const steps = async (context: LanguageModelContext) => {
        const scores: number[][] = [];
        for (let i = 0; i < 8; i++) scores.push([...(await context.feed({ kind: 'audio', frames }))]);
        return scores;
      };
      const prompt = async () => {
        await turnsOfLoop(turns);
        await prompted.feed({ kind: 'text', ids: long });
      };
      const [together] = await Promise.all([steps(stepping), prompt()]);
      expect(together).toEqual(await steps(alone));
      for (const context of [alone, stepping, prompted]) context.close();
    });

    test('room is made while others are under way', async () => {
      const alone = model.open(4);
      const together = model.together(2);
      const [short, long] = [together.open(4), together.open(4)];
      const { numCodebooks, bosCode } = model.shape;
      const step = {
        kind: 'audio',
        frames: codeFrames(numCodebooks, new Int32Array(numCodebooks).fill(bosCode)),
      } as const;
      const ids = { kind: 'text', ids: kit.ints('plain.input_ids').values.subarray(0, 4) } as const;
      for (const context of [alone, short, long]) await context.feed(ids);
      let last: Float32Array[] = [];
      for (let i = 0; i < 150; i++) last = await Promise.all([alone.feed(step), long.feed(step)]);
      expect(last[1]).toEqual(last[0]);
      const other = model.open(6);
      await other.feed(ids);
      expect(await short.feed(step)).toEqual(await other.feed(step));
      for (const context of [alone, short, long, other]) context.close();
    });
  },
);
