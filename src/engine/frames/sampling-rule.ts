/** How codes are sampled for a request, and with which seed. */
import { randomInt } from 'node:crypto';
import { SAMPLING_RULES } from '../options.js';
import type { SamplingOptions } from '../requests.js';
import type { FilterRule } from './sampler.js';

/** All that decides how a code is sampled; checked against `SAMPLING_RULES` when the request came in. */
export interface SamplingRule extends FilterRule {
  /** Rows that RAS looks back on; 0 turns it off. */
  readonly rasWindowFrames: number;
  /** A code found this often in the window is sampled again from the raw scores. */
  readonly rasLimit: number;
}

/** The request's value, else the checkpoint's own, else the table's. Music that the model makes repeats: RAS is off then. */
export function samplingRule(
  request: SamplingOptions,
  generation: Partial<SamplingRule>,
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

/** The seed of a text's segment, 0 to 2^32 - 1: the first one's is the request's own, so a text of one segment is spoken with that. */
export function segmentSeed(seed: number, segment: number): number {
  return (seed + Math.imul(segment, 0x9e37_79b9)) >>> 0;
}
