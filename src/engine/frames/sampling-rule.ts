/** How codes are drawn for a request, and with which seed. */
import { randomInt } from 'node:crypto';
import type { LanguageModelConfig } from '../checkpoint/types.js';
import type { SamplingRule } from './index.js';
import { SAMPLING_RULES } from '../options.js';
import type { SamplingOptions } from '../requests.js';

/** The request's value, else the checkpoint's own, else the table's. Music that the model makes repeats: RAS is off then. */
export function samplingRule(
  request: SamplingOptions,
  generation: LanguageModelConfig['generation'],
  withMusic: boolean,
): SamplingRule {
  const value = (name: Exclude<keyof SamplingRule, 'rasWindowFrames'>): number =>
    request[name] ?? generation[name] ?? SAMPLING_RULES[name].fallback;
  const usualWindow = withMusic ? 0 : (generation.rasWindowFrames ?? SAMPLING_RULES.rasWindowFrames.fallback);
  return {
    temperature: value('temperature'),
    topK: value('topK'),
    topP: value('topP'),
    rasWindowFrames: request.rasWindowFrames ?? usualWindow,
    rasLimit: value('rasLimit'),
  };
}

/** The request's seed, or a random one. */
export function seedOf(request: SamplingOptions): number {
  return request.seed ?? randomInt(SAMPLING_RULES.seed.max + 1);
}

/** The seed of a text's piece, 0 to 2^32 - 1: the first one's is the request's own, so a text of one piece is spoken with that. */
export function pieceSeed(seed: number, piece: number): number {
  return (seed + Math.imul(piece, 0x9e37_79b9)) >>> 0;
}
