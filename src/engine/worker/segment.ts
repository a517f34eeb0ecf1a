/** One generation, from a prompt to its sound: prompt -> rows of codes -> frames -> samples, all three in step. */
import type { ModelTraits } from '../checkpoint/index.js';
import { codeFrames, type CodeFrames, type FrameShape } from '../codes.js';
import { HiggsError } from '../errors.js';
import { alignFrames, generateFrames, seededRng, type LanguageModel, type SamplingRule } from '../frames/index.js';
import type { Prompt, PromptTokenizer } from '../prompt/index.js';
import type { Pronunciation } from '../pronunciation/index.js';
import type { StopReason } from '../requests.js';
import type { LoadedCodec, LoadedLanguageModel } from '../runtime/index.js';
import { decodeStream, SilenceGate, type Codec } from '../sound/index.js';

/** What this machine's segments are generated with. */
export interface LocalModel {
  readonly model: LoadedLanguageModel;
  /** The model for whoever speaks: generations that go on at the same time meet here, whichever call's they are. */
  readonly shared: LanguageModel;
  readonly codec: LoadedCodec;
  readonly tokenizer: PromptTokenizer;
  /** Of a model that reads phones. */
  readonly pronunciation: Pronunciation | undefined;
  readonly traits: ModelTraits;
}

export interface SegmentInput {
  readonly prompt: Prompt;
  /** So many of its first runs tell the voice, whatever the text. */
  readonly prefixRuns: number;
  readonly rule: SamplingRule;
  readonly seed: number;
  /** The longest it may become; less where the context has no room for it. */
  readonly maxFrames: number;
}

export interface GeneratedSegment {
  readonly stop: StopReason;
  /** What was spoken, without the delay; fit to stand in a later prompt. */
  readonly frames: CodeFrames;
}

export interface GenerationListener {
  readonly signal: AbortSignal;
  /** The next samples, mono 24 kHz. */
  onSound(samples: Float32Array): void;
  onPrefill(positionsDone: number, positionsTotal: number): void;
  onFrame(framesDone: number): void;
}

/** Fewer frames than these are no speech: the context is as good as full. */
const LEAST_FRAMES = 25;

/** Generates one segment. Throws HIGGS_CONTEXT_FULL, HIGGS_ABORTED, HIGGS_RUNTIME_FAILED. */
export async function generateSegment(
  model: LanguageModel,
  codec: Codec,
  input: SegmentInput,
  listener: GenerationListener,
): Promise<GeneratedSegment> {
  const { prompt, rule, seed } = input;
  const { shape } = model;
  const maxFrames = Math.min(input.maxFrames, roomFor(model, prompt, shape));
  const context = model.open(prompt.positionCount + maxFrames + shape.numCodebooks);
  const gate = new SilenceGate();
  const spoken: CodeFrames[] = [];
  // What the generation goes by: the gate itself hears of sound sooner or later as the codec is quick or slow.
  let isSilent = false;
  try {
    const rows = generateFrames({
      context,
      prompt,
      prefixRuns: input.prefixRuns,
      shape,
      rule,
      rng: seededRng(seed),
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

/** Frames that fit into the context behind the prompt. The last row is sampled but not fed. */
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
