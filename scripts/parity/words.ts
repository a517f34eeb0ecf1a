/** Comparisons that need no network: texts, prompts, chances, delay patterns. */
import type { LanguageModelConfig } from '../../src/engine/checkpoint/index.js';
import { codeFrames, type CodeFrames } from '../../src/engine/codes.js';
import { applyDelay, undoDelay } from '../../src/engine/delay-pattern.js';
import { candidates } from '../../src/engine/frames/sampler.js';
import { buildPrompt, type Conversation, type PromptTokenizer } from '../../src/engine/prompt/index.js';
import { near, same, type Finding } from './findings.js';
import type { Kit } from './kit.js';

const PROBABILITY_LIMIT = 1e-5;

export function checkTexts(kit: Kit, tokenizer: PromptTokenizer): Finding[] {
  return kit.expected.texts.map(({ text, ids }) => same('texts', JSON.stringify(text), tokenizer.encode(text), ids));
}

/** clips: the codes of each of the kit's waves, as the engine encodes them. */
export function checkPrompt(
  kit: Kit,
  name: string,
  tokenizer: PromptTokenizer,
  config: LanguageModelConfig,
  clips: ReadonlyMap<number, CodeFrames>,
): Finding[] {
  const { messages, text } = kit.expected.conversations[name]!;
  const conversation: Conversation = messages.map(({ role, content }) => ({
    role,
    content: content.map((part) => (part.type === 'text' ? part : { type: 'audio', frames: clips.get(part.wave)! })),
  }));
  const prompt = buildPrompt(conversation, tokenizer, config);
  return [
    same('prompts', name, prompt.text, text),
    same('prompt ids', name, prompt.ids, kit.ints(`${name}.input_ids`).values),
  ];
}

export function checkChances(kit: Kit): Finding[] {
  return kit.expected.sampling.map(({ temperature, top_k: topK, top_p: topP }, index) => {
    const raw = kit.floats(`sampling.${index}.raw`);
    const [numCodebooks, codebookSize] = raw.shape as [number, number];
    const rule = { temperature, topK: topK ?? codebookSize, topP: topP ?? 1 };
    const found = new Float64Array(raw.values.length);
    for (let from = 0; from < numCodebooks * codebookSize; from += codebookSize) {
      const { codes, shares } = candidates(raw.values.subarray(from, from + codebookSize), rule);
      for (const [at, code] of codes.entries()) found[from + code] = shares[at]!;
    }
    const where = `temperature ${temperature}, top-k ${topK ?? 'off'}, top-p ${topP ?? 'off'}`;
    const expected = kit.floats(`sampling.${index}.probs`).values;
    return near('probabilities', where, found, expected, { limit: PROBABILITY_LIMIT });
  });
}

/** The kit's codes with their delay, and without it again. */
export function checkDelay(kit: Kit, config: LanguageModelConfig): Finding[] {
  const { numCodebooks } = config;
  const plain = byFrames(kit, 'delay.codes');
  const delayed = byFrames(kit, 'delay.built');
  return [
    same('delay patterns', 'made', applyDelay(plain, config).codes, delayed.codes, numCodebooks),
    same('delay patterns', 'undone', undoDelay(delayed, config).codes, plain.codes, numCodebooks),
  ];
}

/** A tensor [numCodebooks, frames] in order of time. */
export function byFrames(kit: Kit, name: string): CodeFrames {
  const { shape, values } = kit.ints(name);
  const [numCodebooks, frames] = shape as [number, number];
  return codeFrames(
    numCodebooks,
    values.map((_, index) => values[(index % numCodebooks) * frames + Math.floor(index / numCodebooks)]!),
  );
}
