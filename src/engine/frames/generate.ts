/** From a prompt to delayed rows of codes: the loop over the language model. */
import { setImmediate } from 'node:timers/promises';
import { codeFrames, type FrameShape } from '../codes.js';
import { HiggsError } from '../errors.js';
import type { Prompt } from '../prompt/types.js';
import type { StopReason } from '../requests.js';
import { sampleCode, sampleRawCode } from './sampler.js';
import type { SamplingRule } from './sampling-rule.js';
import type { Rng } from './rng.js';
import { RepetitionWindow } from './repetition.js';
import { DelaySchedule, type TextToken } from './schedule.js';
import type { LanguageModelContext } from './types.js';

export interface GenerateOptions {
  /** An empty context; it stays the caller's, who closes it. */
  readonly context: LanguageModelContext;
  readonly prompt: Prompt;
  /** So many of the prompt's first runs are the same for other texts: they are worth keeping. Left out: none. */
  readonly prefixRuns?: number | undefined;
  readonly shape: FrameShape;
  readonly rule: SamplingRule;
  /** Asked once for each code that is sampled and once for each that is sampled again, codebook by codebook. */
  readonly rng: Rng;
  /** Complete frames to stop at; rows are numCodebooks more, for the delay and the opening row. */
  readonly maxFrames: number;
  readonly signal?: AbortSignal | undefined;
  /** Called as the prompt goes in, run by run; must not throw. */
  readonly onPrefill?: ((positionsDone: number, positionsTotal: number) => void) | undefined;
  /** Asked after each row; true ends the generation. The caller knows the sound, so the caller decides. */
  readonly isSilent?: (() => boolean) | undefined;
}

export interface GenerationResult {
  readonly stop: StopReason;
  /** Rows that were yielded, the all-eos one included. */
  readonly rowCount: number;
  /** One for each row. */
  readonly textTokens: readonly TextToken[];
}

/**
 * Feeds the prompt, then samples row after row: [numCodebooks] codes, delayed, the first all bos, the last all eos where the
 * model ends by itself. A row is yielded before it is fed, so a listener hears it one step sooner.
 * Between rows it lets the event loop turn, so that a request to stop can arrive.
 * Throws HIGGS_ABORTED where `signal` says so, and what the context throws.
 */
export async function* generateFrames(options: GenerateOptions): AsyncGenerator<Int32Array, GenerationResult, void> {
  const { context, shape, rule, maxFrames, signal, isSilent } = options;
  const { numCodebooks } = shape;
  const schedule = new DelaySchedule(shape);
  const window = new RepetitionWindow(shape, rule.rasWindowFrames, rule.rasLimit);
  const textTokens: TextToken[] = [];
  const end = (stop: StopReason): GenerationResult => ({ stop, rowCount: textTokens.length, textTokens });

  let logits = await prefill(options, window);
  const maxRows = maxFrames + numCodebooks;
  for (;;) {
    const row = sampleRow(logits, schedule, window, options);
    const rows = codeFrames(numCodebooks, row);
    window.push(rows);
    const token = schedule.take(row);
    textTokens.push(token);
    yield row;
    if (token === 'eos') return end('ended');
    if (textTokens.length >= maxRows) return end('limit');
    if (isSilent?.() === true) return end('silence');
    await setImmediate();
    throwIfAborted(signal);
    logits = await context.feed({ kind: 'audio', frames: rows });
  }
}

async function prefill(options: GenerateOptions, window: RepetitionWindow): Promise<Float32Array> {
  const { context, prompt, signal, onPrefill } = options;
  const prefixRuns = context.feedPrefix === undefined ? 0 : (options.prefixRuns ?? 0);
  let logits: Float32Array | undefined;
  onPrefill?.(0, prompt.positionCount);
  if (prefixRuns > 0) await context.feedPrefix?.(prompt.runs.slice(0, prefixRuns), () => throwIfAborted(signal));
  for (const [index, run] of prompt.runs.entries()) {
    if (run.kind === 'audio') window.push(run.frames);
    if (index < prefixRuns) continue;
    await setImmediate();
    throwIfAborted(signal);
    logits = await context.feed(run);
    onPrefill?.(context.positionCount, prompt.positionCount);
  }
  if (logits === undefined) throw new HiggsError('HIGGS_INTERNAL', 'The prompt holds no positions.');
  return logits;
}

function sampleRow(
  logits: Float32Array,
  schedule: DelaySchedule,
  window: RepetitionWindow,
  { shape: { numCodebooks, codebookSize }, rule, rng }: GenerateOptions,
): Int32Array {
  const row = new Int32Array(numCodebooks);
  for (let codebook = 0; codebook < numCodebooks; codebook++) {
    const forced = schedule.forced(codebook);
    if (forced !== undefined) {
      row[codebook] = forced;
      continue;
    }
    const scores = logits.subarray(codebook * codebookSize, (codebook + 1) * codebookSize);
    const code = sampleCode(scores, rule, rule.temperature === 0 ? 0 : rng());
    row[codebook] = window.isRepeated(codebook, code) ? sampleRawCode(scores, rng()) : code;
  }
  return row;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new HiggsError('HIGGS_ABORTED', 'The request was stopped.', { cause: signal.reason });
  }
}
