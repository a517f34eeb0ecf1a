/** From a conversation to what the language model is fed: runs of text ids and of delayed frames. */
import type { CodeFrames, FrameShape } from '../codes.js';
import { applyDelay } from '../delay-pattern.js';
import { HiggsError } from '../errors.js';
import { AUDIO_TOKEN } from './chat-template.js';
import type { Conversation } from './conversation.js';
import type { PromptTokenizer } from './tokenizer.js';
import type { Prompt, PromptRun } from './types.js';

/** What a prompt needs to know of the language model; a `LanguageModelConfig` has it all. */
export interface PromptShape extends FrameShape {
  readonly audioTokenId: number;
  readonly audioDelayTokenId: number;
}

/**
 * The prompt of `conversation`. A clip of n frames takes the place of its one audio token as n + 2 audio tokens (bos and eos
 * around it) and numCodebooks - 1 delay tokens, and as many delayed rows. Source: the reference's processor.
 * Throws HIGGS_CHECKPOINT_BROKEN where tokenizer, template and language model do not fit each other,
 * HIGGS_CHECKPOINT_UNSUPPORTED where a clip's codebooks are not the model's.
 */
export function buildPrompt(conversation: Conversation, tokenizer: PromptTokenizer, shape: PromptShape): Prompt {
  const clips = clipsOf(conversation);
  for (const clip of clips) checkCodebooks(clip, shape);
  const text = tokenizer.render(conversation);
  const short = tokenizer.encode(text);
  checkPlaces(short, clips.length, tokenizer, shape);

  const runs: PromptRun[] = [];
  const waiting = clips.values();
  let from = 0;
  for (let at = 0; at <= short.length; at++) {
    if (at < short.length && short[at] !== shape.audioTokenId) continue;
    if (at > from) runs.push({ kind: 'text', ids: short.slice(from, at) });
    const clip = at < short.length ? waiting.next().value : undefined;
    if (clip !== undefined) runs.push({ kind: 'audio', frames: applyDelay(clip, shape) });
    from = at + 1;
  }
  const ids = expandIds(runs, shape);
  return { text, ids, runs, positionCount: ids.length };
}

function clipsOf(conversation: Conversation): CodeFrames[] {
  return conversation.flatMap(({ content }) => content.flatMap((part) => (part.type === 'audio' ? [part.frames] : [])));
}

function expandIds(runs: readonly PromptRun[], shape: PromptShape): Int32Array {
  const ids = runs.flatMap((run) => (run.kind === 'text' ? [run.ids] : [placeholderIds(run.frames.frameCount, shape)]));
  const all = new Int32Array(ids.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of ids) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function placeholderIds(rowCount: number, shape: PromptShape): Int32Array {
  const ids = new Int32Array(rowCount).fill(shape.audioTokenId);
  return ids.fill(shape.audioDelayTokenId, rowCount - (shape.numCodebooks - 1));
}

function checkCodebooks(clip: CodeFrames, shape: PromptShape): void {
  if (clip.numCodebooks === shape.numCodebooks) return;
  throw new HiggsError(
    'HIGGS_CHECKPOINT_UNSUPPORTED',
    `A clip's frames have ${clip.numCodebooks} codebooks, the language model has ${shape.numCodebooks}: the codec is another model's.`,
  );
}

function checkPlaces(ids: Int32Array, clipCount: number, tokenizer: PromptTokenizer, shape: PromptShape): void {
  const { files } = tokenizer;
  const id = tokenizer.idOf(AUDIO_TOKEN);
  if (id !== shape.audioTokenId) {
    const found = id === undefined ? 'has no' : `gives ${id} to`;
    throw new HiggsError(
      'HIGGS_CHECKPOINT_BROKEN',
      `${files.tokenizer} ${found} ${AUDIO_TOKEN}, where the checkpoint's config says ${shape.audioTokenId}.`,
    );
  }
  const places = ids.filter((each) => each === id).length;
  if (places === clipCount) return;
  throw new HiggsError(
    'HIGGS_CHECKPOINT_BROKEN',
    `The chat template (${files.template}) gives ${places} places for ${clipCount} clips.`,
  );
}
