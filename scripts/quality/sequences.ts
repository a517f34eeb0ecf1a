/** What the formats are compared on: recorded clips with their transcripts, and sentences that float32 spoke. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { codeFrames, type CodeFrames } from '../../src/engine/codes.js';
import { applyDelay } from '../../src/engine/delay-pattern.js';
import { generateFrames, seededRng, type SamplingRule } from '../../src/engine/frames/index.js';
import { SAMPLING_RULES } from '../../src/engine/options.js';
import { buildPrompt, composeConversation, type Prompt, type PromptTokenizer } from '../../src/engine/prompt/index.js';
import type { LoadedCodec, LoadedLanguageModel } from '../../src/engine/runtime/index.js';
import { atCodecRate, readWav } from '../../src/engine/sound/index.js';
import { normalizeText } from '../../src/engine/text/index.js';

const SENTENCES = [
  'The washing machine has finished, and the laundry can be hung out.',
  'It will rain in the afternoon, so please close the windows upstairs.',
  'Somebody is at the front door.',
  'Dinner is ready in ten minutes, come to the table soon.',
  'The garage was left open last night.',
  'Your train leaves at a quarter past eight from platform two.',
  'Good morning, the coffee is fresh and the heating is on.',
  'Nobody has watered the plants since Monday.',
  'The lights in the garden go off at midnight.',
  'There are three new messages for you on the machine.',
];
const MAX_FRAMES = 200;

export interface Sequence {
  readonly kind: 'recorded' | 'generated';
  readonly prompt: Prompt;
  /** With the delay pattern; the first row is all bos. */
  readonly rows: CodeFrames;
}

interface Voice {
  readonly description: string;
  readonly transcript: string;
  readonly file: string;
}

/** Voices lie in `voicesDir` as in models/embedded/voices. The same model and seeds give the same sequences. */
export async function makeSequences(
  voicesDir: string,
  model: LoadedLanguageModel,
  codec: LoadedCodec,
  tokenizer: PromptTokenizer,
): Promise<Sequence[]> {
  const voices = JSON.parse(await readFile(path.join(voicesDir, 'voices.json'), 'utf8')) as Voice[];
  const recorded: Sequence[] = [];
  const generated: Sequence[] = [];
  for (const [index, { description, transcript, file }] of voices.entries()) {
    const frames = await codec.encode(atCodecRate(readWav(await readFile(path.join(voicesDir, file)))));
    const ownWords = composeConversation({
      text: normalizeText(transcript),
      voices: [{ kind: 'described', description }],
    });
    const prompt = buildPrompt(ownWords, tokenizer, model.config);
    recorded.push({ kind: 'recorded', prompt, rows: applyDelay(frames, model.shape) });
    for (let sentence = index; sentence < SENTENCES.length; sentence += voices.length) {
      const spoken = composeConversation({
        text: normalizeText(SENTENCES[sentence]!),
        voices: [{ kind: 'cloned', transcript: normalizeText(transcript), frames }],
      });
      generated.push(await generate(buildPrompt(spoken, tokenizer, model.config), model, sentence + 1));
    }
  }
  return [...recorded, ...generated];
}

async function generate(prompt: Prompt, model: LoadedLanguageModel, seed: number): Promise<Sequence> {
  const context = model.open(prompt.positionCount + MAX_FRAMES);
  const { shape } = model;
  const rule = usualRule(model);
  const codes: number[] = [];
  const rng = seededRng(seed);
  const rows = generateFrames({ context, prompt, shape, rule, rng, maxFrames: MAX_FRAMES });
  for await (const row of rows) codes.push(...row);
  context.close();
  return { kind: 'generated', prompt, rows: codeFrames(shape.numCodebooks, Int32Array.from(codes)) };
}

/** What is drawn by where nothing else is asked for. */
function usualRule({ config: { generation } }: LoadedLanguageModel): SamplingRule {
  const { temperature, topK, topP, rasWindowFrames, rasLimit } = SAMPLING_RULES;
  return {
    temperature: generation.temperature ?? temperature.fallback,
    topK: generation.topK ?? topK.fallback,
    topP: generation.topP ?? topP.fallback,
    rasWindowFrames: generation.rasWindowFrames ?? rasWindowFrames.fallback,
    rasLimit: generation.rasLimit ?? rasLimit.fallback,
  };
}
