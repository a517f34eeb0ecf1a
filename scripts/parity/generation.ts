/** Comparisons of the language model: scores, whole generations, how they close, and their sound. */
import { codeFrames, sliceFrames, type CodeFrames } from '../../src/engine/codes.js';
import {
  alignFrames,
  generateFrames,
  type GenerationResult,
  type LanguageModelContext,
  type SamplingRule,
} from '../../src/engine/frames/index.js';
import type { Prompt } from '../../src/engine/prompt/index.js';
import type { LoadedCodec, LoadedLanguageModel, ScoredContext } from '../../src/engine/runtime/index.js';
import { decodeStream } from '../../src/engine/sound/index.js';
import { WAVE_LIMIT } from './codec.js';
import { near, same, type Finding } from './findings.js';
import type { Kit, KitExpectations } from './kit.js';
import { kitPrompt, promptRows, recordedRng, type Recording, type StreamTokens } from './recorded.js';
import { joinFloats } from '../../src/engine/values.js';

const SCORE_LIMIT = 1e-3;

type ScoringModel = Pick<LoadedLanguageModel, 'config' | 'shape' | 'open'>;

export interface Generators {
  readonly model: ScoringModel;
  readonly codec: LoadedCodec;
  readonly tokens: StreamTokens;
}

/** Scores after the prompt and after each recorded frame, then the same conversation generated greedily, with its sound. */
export async function checkConversation(kit: Kit, name: string, generators: Generators): Promise<Finding[]> {
  const { model, tokens } = generators;
  const { numCodebooks } = model.shape;
  const prompt = kitPrompt(kit, name, numCodebooks, tokens);
  const rows = codeFrames(numCodebooks, kit.ints(`${name}.greedy_frames`).values);
  const expectedPrefill = kit.floats(`${name}.prefill_logits`);
  const expectedSteps = kit.floats(`${name}.step_logits`).values;
  const { prefill, steps } = await scoresOf(model, prompt, rows, expectedPrefill.shape[0]!);
  const recording = { before: promptRows(kit, name), rows, scores: expectedSteps };
  return [
    near('prefill logits', name, prefill, expectedPrefill.values, { limit: SCORE_LIMIT }),
    near('step logits', name, steps, expectedSteps, { limit: SCORE_LIMIT }),
    ...(await checkGeneration('greedy', name, prompt, recording, generators, {
      tokens: kit.ints(`${name}.greedy_tokens`).values,
      sound: kit.floats(`${name}.audio`).values,
    })),
  ];
}

/** Scores after the prompt alone. */
export async function checkPrefill(
  kit: Kit,
  name: string,
  model: ScoringModel,
  tokens: StreamTokens,
): Promise<Finding> {
  const prompt = kitPrompt(kit, name, model.shape.numCodebooks, tokens);
  const expected = kit.floats(`${name}.prefill_logits`);
  const noRows = codeFrames(model.shape.numCodebooks, new Int32Array(0));
  const { prefill } = await scoresOf(model, prompt, noRows, expected.shape[0]!);
  return near('prefill logits', name, prefill, expected.values, { limit: SCORE_LIMIT });
}

/** The recorded generation in which one codebook's eos was made certain at one call of the head. */
export async function checkClosing(kit: Kit, generators: Generators): Promise<Finding[]> {
  const { closing } = kit.expected;
  const { model, tokens } = generators;
  const { numCodebooks } = model.shape;
  const prompt = kitPrompt(kit, closing.conversation, numCodebooks, tokens);
  const before = promptRows(kit, closing.conversation);
  const rows = codeFrames(numCodebooks, kit.ints('closing.frames').values.subarray(before.length));
  // The kit has no scores of it, so its repetitions are counted on the engine's own.
  const pushed = withCertainEos(model, prompt, closing);
  const { steps } = await scoresOf(pushed, prompt, rows, 1);
  const recording = { before, rows, scores: steps };
  return checkGeneration(
    'closing',
    closing.conversation,
    prompt,
    recording,
    { ...generators, model: pushed },
    {
      tokens: kit.ints('closing.tokens').values.subarray(-rows.frameCount),
      sound: kit.floats('closing.audio').values,
    },
  );
}

/** Greedy, with the RAS that the checkpoint asks for: none where it says nothing of it. */
function greedyRule({ config }: ScoringModel): SamplingRule {
  const { rasWindowFrames, rasLimit } = config.generation;
  return { temperature: 0, topK: 1, topP: 1, rasWindowFrames: rasWindowFrames ?? 0, rasLimit: rasLimit ?? 1 };
}

async function checkGeneration(
  kind: string,
  where: string,
  prompt: Prompt,
  recording: Recording,
  { model, codec, tokens }: Generators,
  expected: { readonly tokens: Int32Array; readonly sound: Float32Array },
): Promise<Finding[]> {
  const { shape } = model;
  const { numCodebooks, eosCode } = shape;
  const { rows } = recording;
  const rule = greedyRule(model);
  const { rng, left } = recordedRng(recording, shape, rule);
  const last = rows.codes.subarray(-numCodebooks);
  // Where the recording ended by itself, a generation that does not may give one row more.
  const maxFrames = rows.frameCount - numCodebooks + (last.every((code) => code === eosCode) ? 1 : 0);
  const context = model.open(prompt.positionCount + rows.frameCount + 1);
  const codes: number[] = [];
  const drawn = generateFrames({ context, prompt, shape, rule, rng, maxFrames });
  async function* seen(): AsyncGenerator<Int32Array, GenerationResult, void> {
    for (;;) {
      const step = await drawn.next();
      if (step.done === true) return step.value;
      codes.push(...step.value);
      yield step.value;
    }
  }
  const sound = decodeStream(alignFrames(seen(), shape, { keepEosFrames: true }), codec);
  const chunks: Float32Array[] = [];
  let step = await sound.next();
  for (; step.done !== true; step = await sound.next()) chunks.push(step.value);
  context.close();
  const foundTokens = step.value.textTokens.map((token) => tokens[token]);
  return [
    same(`${kind} frames`, where, codes, rows.codes, numCodebooks),
    same(`${kind} text tokens`, where, foundTokens, expected.tokens),
    same(`${kind} repetitions`, where, [left()], [0]),
    near(`${kind} final sound`, where, joinFloats(chunks), expected.sound, { limit: WAVE_LIMIT, ofPeak: true }),
  ];
}

/** Scores at the prompt's last positions, and those that each of the recorded rows was drawn from. */
async function scoresOf(
  model: ScoringModel,
  prompt: Prompt,
  rows: CodeFrames,
  lastPositions: number,
): Promise<{ prefill: Float32Array; steps: Float32Array }> {
  const { numCodebooks, codebookSize } = model.shape;
  const width = numCodebooks * codebookSize;
  const context = model.open(prompt.positionCount + rows.frameCount);
  const parts: Float32Array[] = [];
  for (const run of prompt.runs) {
    const length = run.kind === 'text' ? run.ids.length : run.frames.frameCount;
    parts.push(Float32Array.from(await context.feed(run, Math.min(length, lastPositions))));
  }
  const prefill = joinFloats(parts).slice(-lastPositions * width);
  const steps = [prefill.slice(-width)];
  for (let row = 0; row + 1 < rows.frameCount; row++) {
    const scores = await context.feed({ kind: 'audio', frames: sliceFrames(rows, row, row + 1) });
    steps.push(Float32Array.from(scores));
  }
  context.close();
  return { prefill, steps: joinFloats(steps) };
}

/** The model with one codebook's eos far above all else at one call of the head; the prompt is the first call. */
function withCertainEos(
  model: ScoringModel,
  prompt: Prompt,
  { pushed_step: pushedStep, pushed_book: codebook, by }: KitExpectations['closing'],
): ScoringModel {
  const { config, shape } = model;
  const { codebookSize, eosCode } = shape;
  const open = (expectedPositions: number): ScoredContext => {
    const context = model.open(expectedPositions);
    let feeds = 0;
    const feed: LanguageModelContext['feed'] = async (run) => {
      const scores = await context.feed(run);
      feeds++;
      if (feeds - (prompt.runs.length - 1) !== pushedStep) return scores;
      const pushed = Float32Array.from(scores);
      pushed[codebook * codebookSize + eosCode]! += by;
      return pushed;
    };
    return {
      get positionCount() {
        return context.positionCount;
      },
      feed,
      keysAndValues: () => context.keysAndValues(),
      close: () => context.close(),
    };
  };
  return { config, shape, open };
}
