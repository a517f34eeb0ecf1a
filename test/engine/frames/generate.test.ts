import { describe, expect, test } from 'vitest';
import {
  generateFrames,
  seededRng,
  type GenerateOptions,
  type LanguageModelContext,
} from '../../../src/engine/frames/index.js';
import { codeFrames } from '../../../src/engine/codes.js';
import type { Prompt } from '../../../src/engine/prompt/types.js';
import { KITS, loadKit } from '../../helpers/kit.js';
import { kitGreedyRule, kitPrompt, kitShape, kitTokens, recordedRng, replayContext } from '../../helpers/replay.js';
import { drain } from '../../helpers/streams.js';

describe.each(KITS)('kit %s', (name) => {
  const kit = loadKit(name);
  const shape = kitShape(kit);
  const rule = kitGreedyRule(kit);
  const ids = kitTokens(kit);

  test.each(Object.keys(kit.expected.conversations))(
    'the reference’s scores of "%s" give the reference’s frames and tokens',
    async (conversation) => {
      const prompt = kitPrompt(kit, conversation);
      const frames = kit.ints(`${conversation}.greedy_frames`);
      const { steps, ended } = kit.expected.conversations[conversation]!;
      const { context, fed } = replayContext(prompt, kit.floats(`${conversation}.step_logits`));
      const { rng, left } = recordedRng(kit, conversation);
      const maxFrames = 40 - shape.numCodebooks;

      const { values, result } = await drain(generateFrames({ context, prompt, shape, rule, rng, maxFrames }));

      expect(values.map((row) => Array.from(row)).flat()).toEqual(Array.from(frames.values));
      expect(result.textTokens.map((token) => ids[token])).toEqual(
        Array.from(kit.ints(`${conversation}.greedy_tokens`).values),
      );
      expect(result.stop).toBe(ended ? 'ended' : 'limit');
      expect(result.rowCount).toBe(steps);
      expect(left()).toBe(0);
      expect(fed.slice(0, prompt.runs.length)).toEqual(prompt.runs);
      expect(fed.length).toBe(prompt.runs.length + steps - 1); // The last row is not fed.
    },
  );

  test('an eos closes the codebooks one by one, as recorded', async () => {
    const frames = kit.ints('closing.frames');
    const { pushed_step: pushedStep } = kit.expected.closing;
    const rows = Array.from({ length: frames.shape[0]! }, (_, row) =>
      Array.from(frames.values.subarray(row * shape.numCodebooks, (row + 1) * shape.numCodebooks)),
    );
    // Scores that favour the recorded code where the model drew one, and code 0 where the pattern forced it: whatever is
    // forced must come from the schedule.
    const forced = (row: number, codebook: number) => codebook >= row || codebook < row - (pushedStep - 1);
    const logits = new Float32Array(rows.length * shape.numCodebooks * shape.codebookSize);
    for (const [row, codes] of rows.entries()) {
      for (const [codebook, code] of codes.entries()) {
        const at = (row * shape.numCodebooks + codebook) * shape.codebookSize;
        logits[at + (forced(row, codebook) ? 0 : code)] = 10;
      }
    }
    const prompt = kitPrompt(kit, 'plain');
    const width = shape.numCodebooks * shape.codebookSize;
    const { context } = replayContext(prompt, { shape: [rows.length, width], values: logits });
    const noRas = { ...rule, rasWindowFrames: 0 };

    const { values, result } = await drain(
      generateFrames({ context, prompt, shape, rule: noRas, rng: () => 0, maxFrames: 60 }),
    );

    expect(values.map((row) => Array.from(row))).toEqual(rows);
    expect(result.textTokens.map((token) => ids[token])).toEqual(Array.from(kit.ints('closing.tokens').values));
    expect(result.stop).toBe('ended');
  });
});

/** A "model" of arithmetic: scores that depend on how much was fed, the same for the same feeds. */
function arithmeticContext(width: number): LanguageModelContext & { readonly feeds: number } {
  let feeds = 0;
  return {
    get feeds() {
      return feeds;
    },
    get positionCount() {
      return feeds;
    },
    feed() {
      feeds++;
      return Promise.resolve(
        Float32Array.from({ length: width }, (_, at) => Math.sin(at * 12.9898 + feeds * 78.233) * 3),
      );
    },
    close() {
      feeds = 0;
    },
  };
}

const shape = { numCodebooks: 8, codebookSize: 1026, bosCode: 1024, eosCode: 1025 };
const prompt: Prompt = {
  text: '',
  ids: Int32Array.of(1, 2),
  runs: [{ kind: 'text', ids: Int32Array.of(1, 2) }],
  positionCount: 2,
};
const options = (more: Partial<GenerateOptions> = {}): GenerateOptions => ({
  context: arithmeticContext(8 * 1026),
  prompt,
  shape,
  rule: { temperature: 0.7, topK: 50, topP: 0.95, rasWindowFrames: 7, rasLimit: 2 },
  rng: seededRng(1),
  maxFrames: 20,
  ...more,
});

test('the same seed gives the same rows, another seed gives others', async () => {
  const first = await drain(generateFrames(options()));
  const again = await drain(generateFrames(options()));
  const other = await drain(generateFrames(options({ rng: seededRng(2) })));
  expect(again).toEqual(first);
  expect(other.values).not.toEqual(first.values);
});

test('a limit of n complete frames makes n + numCodebooks rows', async () => {
  const { values, result } = await drain(generateFrames(options({ maxFrames: 5 })));
  expect(values).toHaveLength(13);
  expect(result).toMatchObject({ stop: 'limit', rowCount: 13 });
});

test('silence that the caller hears ends the generation', async () => {
  let asked = 0;
  const { values, result } = await drain(generateFrames(options({ isSilent: () => ++asked === 3 })));
  expect(values).toHaveLength(3);
  expect(result.stop).toBe('silence');
});

test('a signal that arrives between two rows ends the generation with HIGGS_ABORTED, nothing more is fed', async () => {
  const stop = new AbortController();
  const context = arithmeticContext(8 * 1026);
  const rows = generateFrames(options({ context, signal: stop.signal, maxFrames: 10_000 }));
  await rows.next();
  setImmediate(() => stop.abort());
  await expect(drain(rows)).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
  const { feeds } = context;
  expect(feeds).toBeLessThan(5);
  await expect(rows.next()).resolves.toMatchObject({ done: true });
});

test('a signal given before the start feeds nothing', async () => {
  const context = arithmeticContext(8 * 1026);
  await expect(drain(generateFrames(options({ context, signal: AbortSignal.abort() })))).rejects.toMatchObject({
    code: 'HIGGS_ABORTED',
  });
  expect(context.feeds).toBe(0);
});

test('the prompt’s progress goes from nothing to all of its positions, run by run', async () => {
  const kit = loadKit('small');
  const spoken = kitPrompt(kit, 'clone');
  const { context } = replayContext(spoken, kit.floats('clone.step_logits'));
  const seen: number[] = [];
  const rows = generateFrames({
    ...options({ context, prompt: spoken, shape: kitShape(kit) }),
    onPrefill: (done, total) => {
      expect(total).toBe(spoken.positionCount);
      seen.push(done);
    },
  });
  await rows.next();
  await rows.return({ stop: 'limit', rowCount: 0, textTokens: [] });
  expect(seen).toHaveLength(spoken.runs.length + 1);
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(spoken.positionCount);
});

test('scores that are no numbers are refused as a fault of the runtime', async () => {
  const context: LanguageModelContext = {
    positionCount: 0,
    feed: () => Promise.resolve(new Float32Array(8 * 1026).fill(Number.NaN)),
    close: () => undefined,
  };
  await expect(drain(generateFrames(options({ context })))).rejects.toMatchObject({ code: 'HIGGS_RUNTIME_FAILED' });
});

test('repetitions of the prompt’s reference frames count', async () => {
  // All scores favour code 7. The reference's last rows hold it twice in codebook 0 alone, so codebook 0 is drawn again.
  const small = { numCodebooks: 2, codebookSize: 10, bosCode: 8, eosCode: 9 };
  const flat = Float32Array.from({ length: 20 }, (_, at) => (at % 10 === 7 ? 1 : 0));
  const reference = codeFrames(2, Int32Array.of(7, 1, 7, 2, 3, 3));
  const context: LanguageModelContext = { positionCount: 0, feed: () => Promise.resolve(flat), close: () => undefined };
  const withReference = { ...prompt, runs: [{ kind: 'audio', frames: reference } as const, ...prompt.runs] };
  const rule = { temperature: 0, topK: 10, topP: 1, rasWindowFrames: 7, rasLimit: 2 };
  const { values } = await drain(
    generateFrames(options({ context, shape: small, prompt: withReference, rule, rng: () => 0, maxFrames: 2 })),
  );
  expect(values.map((row) => Array.from(row))).toEqual([
    [8, 8],
    [0, 8],
    [0, 7],
    [0, 7],
  ]);
});
