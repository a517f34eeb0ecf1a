/** Runs the loop over frames on what the reference recorded: its prompts, its scores, its chance. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codeFrames, type FrameShape } from '../../src/engine/codes.js';
import type { Coin, LanguageModelContext, SamplingRule } from '../../src/engine/frames/index.js';
import type { Prompt, PromptRun } from '../../src/engine/prompt/types.js';
import type { Kit } from './kit.js';

interface KitTokens {
  readonly audio: number;
  readonly delay: number;
  readonly eos: number;
}

export function kitShape(kit: Kit): FrameShape {
  const config = readJson(path.join(kit.modelDir, 'config.json')) as Record<string, number>;
  const bosCode = config.audio_stream_bos_id!;
  const numCodebooks = config.num_codebooks ?? config.audio_num_codebooks!;
  return { numCodebooks, codebookSize: bosCode + 2, bosCode, eosCode: config.audio_stream_eos_id! };
}

/** Ids of the tokens that the text stream holds beside the frames. */
export function kitTokens(kit: Kit): KitTokens {
  const { added_tokens: added } = readJson(path.join(kit.modelDir, 'tokenizer.json')) as {
    added_tokens: { id: number; content: string }[];
  };
  const idOf = (content: string) => added.find((token) => token.content === content)!.id;
  return {
    audio: idOf('<|AUDIO_OUT|>'),
    delay: idOf('<|reserved_special_token_6|>'),
    eos: idOf('<|eot_id|>'),
  };
}

/** Greedy, with the RAS that the kit was made with (the original layout's has none). */
export function kitGreedyRule(kit: Kit): SamplingRule {
  const ras = kit.name === 'wide-heads' ? { rasWindowFrames: 0, rasLimit: 1 } : { rasWindowFrames: 7, rasLimit: 2 };
  return { temperature: 0, topK: 50, topP: 1, ...ras };
}

/** A conversation's prompt from the reference's own ids and delayed reference codes. */
export function kitPrompt(kit: Kit, conversation: string): Prompt {
  const { audio, delay } = kitTokens(kit);
  const { numCodebooks } = kitShape(kit);
  const ids = kit.ints(`${conversation}.input_ids`).values;
  const hasAudio = kit.tensorNames.includes(`${conversation}.audio_input_ids`);
  const codes = hasAudio ? kit.ints(`${conversation}.audio_input_ids`).values : new Int32Array(0);
  const isAudio = (id: number | undefined) => id === audio || id === delay;

  const runs: PromptRun[] = [];
  let row = 0;
  for (let from = 0, to = 0; from < ids.length; from = to) {
    while (to < ids.length && isAudio(ids[to]) === isAudio(ids[from])) to++;
    if (!isAudio(ids[from])) {
      runs.push({ kind: 'text', ids: ids.slice(from, to) });
      continue;
    }
    const rows = codes.slice(row * numCodebooks, (row + to - from) * numCodebooks);
    runs.push({ kind: 'audio', frames: codeFrames(numCodebooks, rows) });
    row += to - from;
  }
  return { text: kit.expected.conversations[conversation]!.text, ids, runs, positionCount: ids.length };
}

/** A context that answers with recorded scores, and keeps what it was fed. */
export function replayContext(prompt: Prompt, steps: { shape: readonly number[]; values: Float32Array }) {
  const width = steps.shape[1]!;
  const fed: PromptRun[] = [];
  const context: LanguageModelContext = {
    get positionCount() {
      return fed.reduce((sum, run) => sum + (run.kind === 'text' ? run.ids.length : run.frames.frameCount), 0);
    },
    feed(run) {
      fed.push(run);
      const step = Math.max(0, fed.length - prompt.runs.length);
      return Promise.resolve(steps.values.slice(step * width, (step + 1) * width));
    },
    close() {
      fed.length = 0;
    },
  };
  return { context, fed };
}

/**
 * The reference draws again by chance even when it is greedy (RAS). These coins bring its recorded codes about: one for each
 * repetition in the recorded frames, found here by plain counting, that falls on the recorded code.
 */
export function recordedCoins(kit: Kit, conversation: string): { coin: Coin; left: () => number } {
  const { numCodebooks, codebookSize, bosCode, eosCode } = kitShape(kit);
  const { rasWindowFrames, rasLimit } = kitGreedyRule(kit);
  const rows = prompt2d(kitPrompt(kit, conversation), numCodebooks);
  const frames = kit.ints(`${conversation}.greedy_frames`).values;
  const logits = kit.floats(`${conversation}.step_logits`).values;
  const coins: number[] = [];
  let closing = -1;
  for (let step = 0; step * numCodebooks < frames.length; step++) {
    const drawn = Array.from(frames.subarray(step * numCodebooks, (step + 1) * numCodebooks));
    const past = rasWindowFrames === 0 ? [] : rows.slice(-rasWindowFrames);
    for (const [codebook, code] of drawn.entries()) {
      if (codebook >= step || codebook < closing) continue;
      const start = (step * numCodebooks + codebook) * codebookSize;
      const scores = Array.from(logits.subarray(start, start + codebookSize));
      const best = scores.indexOf(Math.max(...scores));
      const found = past.filter((row) => row[codebook] === best).length;
      if (best === bosCode || best === eosCode || rasWindowFrames === 0 || found < rasLimit) continue;
      const weights = scores.map((score) => Math.exp(score - scores[best]!));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const below = weights.slice(0, code).reduce((sum, weight) => sum + weight, 0);
      coins.push((below + weights[code]! / 2) / total);
    }
    rows.push(drawn);
    if (closing >= 0) closing++;
    else if (drawn.includes(eosCode)) closing = 1;
  }
  const coin = () => {
    const next = coins.shift();
    if (next === undefined) throw new Error('More codes were drawn than the reference drew.');
    return next;
  };
  return { coin, left: () => coins.length };
}

function prompt2d(prompt: Prompt, numCodebooks: number): number[][] {
  const rows: number[][] = [];
  for (const run of prompt.runs) {
    if (run.kind !== 'audio') continue;
    for (let at = 0; at < run.frames.codes.length; at += numCodebooks) {
      rows.push(Array.from(run.frames.codes.subarray(at, at + numCodebooks)));
    }
  }
  return rows;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
