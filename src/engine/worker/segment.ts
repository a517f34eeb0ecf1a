/** One generation, from a prompt to its sound: prompt -> rows of codes -> frames -> samples, all three in step. */
import { codeFrames, type CodeFrames, type FrameShape } from '../codes.js';
import { HiggsError } from '../errors.js';
import { alignFrames, generateFrames, seededCoins, type LanguageModel, type SamplingRule } from '../frames/index.js';
import type { Prompt } from '../prompt/index.js';
import type { StopReason } from '../requests.js';
import { decodeStream } from '../sound/index.js';
import type { Codec } from '../sound/types.js';
import { SilenceGate } from '../sound/silence-gate.js';

export interface Passage {
  readonly prompt: Prompt;
  /** So many of its first runs tell the voice, whatever the text. */
  readonly prefixRuns: number;
  readonly rule: SamplingRule;
  readonly seed: number;
  /** The longest it may become; less where the context has no room for it. */
  readonly maxFrames: number;
}

export interface PassageEnd {
  readonly stop: StopReason;
  /** What was spoken, without the delay; fit to stand in a later prompt. */
  readonly frames: CodeFrames;
}

export interface PassageListener {
  readonly signal: AbortSignal;
  /** The next samples, mono 24 kHz. */
  onSound(samples: Float32Array): void;
  onPrefill(positionsDone: number, positionsTotal: number): void;
  onFrame(framesDone: number): void;
}

/** Fewer frames than these are no speech: the context is as good as full. */
const LEAST_FRAMES = 25;

/** Speaks one passage. Throws HIGGS_CONTEXT_FULL, HIGGS_ABORTED, HIGGS_RUNTIME_FAILED. */
export async function perform(
  model: LanguageModel,
  codec: Codec,
  passage: Passage,
  listener: PassageListener,
): Promise<PassageEnd> {
  const { prompt, rule, seed } = passage;
  const { shape } = model;
  const maxFrames = Math.min(passage.maxFrames, roomFor(model, prompt, shape));
  const context = model.open(prompt.positionCount + maxFrames + shape.numCodebooks);
  const gate = new SilenceGate();
  const spoken: CodeFrames[] = [];
  // What the generation goes by: the gate itself hears of sound sooner or later as the codec is quick or slow.
  let isSilent = false;
  try {
    const rows = generateFrames({
      context,
      prompt,
      prefixRuns: passage.prefixRuns,
      shape,
      rule,
      coin: seededCoins(seed),
      maxFrames,
      signal: listener.signal,
      onPrefill: (done, total) => listener.onPrefill(done, total),
      isSilent: () => isSilent,
    });
    const frames = passingBy(alignFrames(rows, shape), (frame) => {
      spoken.push(frame);
      listener.onFrame(spoken.length);
    });
    const sound = decodeStream(frames, codec, { onDecode: () => (isSilent = gate.isTooLong) });
    for (;;) {
      const step = await sound.next();
      if (step.done !== true) {
        listener.onSound(gate.push(step.value));
        continue;
      }
      const { stop } = step.value;
      listener.onSound(gate.end(stop === 'silence'));
      return { stop, frames: joinFrames(shape, spoken) };
    }
  } finally {
    context.close();
  }
}

/** Frames that fit into the context behind the prompt. The last row is drawn but not fed. */
function roomFor(model: LanguageModel, prompt: Prompt, { numCodebooks }: FrameShape): number {
  const room = model.maxPositions - prompt.positionCount - numCodebooks + 1;
  if (room >= LEAST_FRAMES) return room;
  throw new HiggsError(
    'HIGGS_CONTEXT_FULL',
    `The prompt takes ${prompt.positionCount} of the model's ${model.maxPositions} positions and leaves no room for speech.`,
  );
}

/** `frames` as they are; each one is shown to `look` on its way. */
async function* passingBy<Result>(
  frames: AsyncGenerator<CodeFrames, Result, void>,
  look: (frame: CodeFrames) => void,
): AsyncGenerator<CodeFrames, Result, void> {
  try {
    for (;;) {
      const step = await frames.next();
      if (step.done === true) return step.value;
      look(step.value);
      yield step.value;
    }
  } finally {
    await frames.return(undefined as Result);
  }
}

function joinFrames({ numCodebooks }: FrameShape, frames: readonly CodeFrames[]): CodeFrames {
  const codes = new Int32Array(numCodebooks * frames.reduce((sum, { frameCount }) => sum + frameCount, 0));
  let at = 0;
  for (const frame of frames) {
    codes.set(frame.codes, at);
    at += frame.codes.length;
  }
  return codeFrames(numCodebooks, codes);
}
