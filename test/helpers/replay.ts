/** Runs the loop over frames on what the reference recorded: its prompts, its scores, its chance. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  kitPrompt as promptOf,
  promptRows,
  recordedRng as coinsOf,
  type RecordedCoins,
  type StreamTokens,
} from '../../scripts/parity/recorded.js';
import { codeFrames, type FrameShape } from '../../src/engine/codes.js';
import type { LanguageModelContext, SamplingRule } from '../../src/engine/frames/index.js';
import type { Prompt, PromptRun } from '../../src/engine/prompt/types.js';
import type { Kit } from './kit.js';

export function kitShape(kit: Kit): FrameShape {
  const config = readJson(path.join(kit.modelDir, 'config.json')) as Record<string, number>;
  const bosCode = config.audio_stream_bos_id!;
  const numCodebooks = config.num_codebooks ?? config.audio_num_codebooks!;
  return { numCodebooks, codebookSize: bosCode + 2, bosCode, eosCode: config.audio_stream_eos_id! };
}

/** Ids of the tokens that the text stream holds beside the frames. */
export function kitTokens(kit: Kit): StreamTokens {
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
  return promptOf(kit, conversation, kitShape(kit).numCodebooks, kitTokens(kit));
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

/** Coins that bring the recorded codes of a conversation about, which the reference drew again by chance. */
export function recordedRng(kit: Kit, conversation: string): RecordedCoins {
  const shape = kitShape(kit);
  const recording = {
    before: promptRows(kit, conversation),
    rows: codeFrames(shape.numCodebooks, kit.ints(`${conversation}.greedy_frames`).values),
    scores: kit.floats(`${conversation}.step_logits`).values,
  };
  return coinsOf(recording, shape, kitGreedyRule(kit));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
