/** What the reference recorded, in the engine's terms: prompts by their ids, and the chance behind repeated codes. */
import { codeFrames, type CodeFrames, type FrameShape } from '../../src/engine/codes.js';
import type { Rng, SamplingRule } from '../../src/engine/frames/index.js';
import type { Prompt, PromptRun } from '../../src/engine/prompt/index.js';
import type { Kit } from './kit.js';

/** Ids of the tokens that the text stream holds beside the frames. */
export interface StreamTokens {
  readonly audio: number;
  readonly delay: number;
  readonly eos: number;
}

/** A conversation's prompt from the reference's own ids and delayed reference codes. */
export function kitPrompt(kit: Kit, conversation: string, numCodebooks: number, tokens: StreamTokens): Prompt {
  const ids = kit.ints(`${conversation}.input_ids`).values;
  const codes = promptRows(kit, conversation);
  const isAudio = (id: number | undefined): boolean => id === tokens.audio || id === tokens.delay;

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

/** The delayed reference codes of a conversation, [rows, numCodebooks]; empty where it has no clips. */
export function promptRows(kit: Kit, conversation: string): Int32Array {
  const name = `${conversation}.audio_input_ids`;
  return kit.tensorNames.includes(name) ? kit.ints(name).values : new Int32Array(0);
}

export interface Recording {
  /** The prompt's delayed codes, [rows, numCodebooks]. */
  readonly before: Int32Array;
  /** The rows that were recorded. */
  readonly rows: CodeFrames;
  /** The scores that each row was drawn from, [rows, numCodebooks * codebookSize]. */
  readonly scores: Float32Array;
}

/** Coins that bring a recording about. */
export interface RecordedCoins {
  readonly rng: Rng;
  /** Coins that were not asked for, less those that were asked for beyond the recorded ones: 0 where all went as recorded. */
  readonly left: () => number;
}

/**
 * The reference draws again by chance even when it is greedy (RAS). These randoms bring its recorded codes about: one for each
 * repetition in the recorded rows, found here by plain counting, that falls on the recorded code.
 */
export function recordedRng({ before, rows, scores }: Recording, shape: FrameShape, rule: SamplingRule): RecordedCoins {
  const { numCodebooks, codebookSize, bosCode, eosCode } = shape;
  const { rasWindowFrames, rasLimit } = rule;
  const seen: number[][] = [];
  for (let at = 0; at < before.length; at += numCodebooks)
    seen.push(Array.from(before.subarray(at, at + numCodebooks)));
  const randoms: number[] = [];
  let closing = -1;
  for (let step = 0; step < rows.frameCount; step++) {
    const drawn = Array.from(rows.codes.subarray(step * numCodebooks, (step + 1) * numCodebooks));
    const past = rasWindowFrames === 0 ? [] : seen.slice(-rasWindowFrames);
    for (const [codebook, code] of drawn.entries()) {
      if (codebook >= step || codebook < closing) continue;
      const start = (step * numCodebooks + codebook) * codebookSize;
      const own = scores.subarray(start, start + codebookSize);
      const best = own.indexOf(Math.max(...own));
      const found = past.filter((row) => row[codebook] === best).length;
      if (best === bosCode || best === eosCode || rasWindowFrames === 0 || found < rasLimit) continue;
      const weights = Array.from(own, (score) => Math.exp(score - own[best]!));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const below = weights.slice(0, code).reduce((sum, weight) => sum + weight, 0);
      randoms.push((below + (weights[code] ?? 0) / 2) / total);
    }
    seen.push(drawn);
    if (closing >= 0) closing++;
    else if (drawn.includes(eosCode)) closing = 1;
  }
  let left = randoms.length;
  const rng = (): number => {
    left--;
    return randoms.shift() ?? 0;
  };
  return { rng, left: () => left };
}
