/** Lines of a dialogue, generated one by one, as one recording. */
import { SAMPLE_RATE_HZ } from '../codes.js';
import type { TimeMark } from '../requests.js';
import { fade } from './edges.js';
import { joinSamples } from './wav.js';

export interface SpokenLine {
  /** Mono, 24 kHz. */
  readonly samples: Float32Array;
  readonly text: string;
  readonly speaker?: string;
}

/** Where two lines meet, each is faded this long: no click, and no sound lost. */
const EDGE_SECONDS = 0.003;

/** The lines in order with `gapSeconds` of silence between them, and where each one lies. */
export function joinWithGaps(
  lines: readonly SpokenLine[],
  gapSeconds: number,
): { readonly samples: Float32Array; readonly marks: readonly TimeMark[] } {
  const gap = new Float32Array(Math.round(gapSeconds * SAMPLE_RATE_HZ));
  const parts: Float32Array[] = [];
  const marks: TimeMark[] = [];
  let at = 0;
  for (const [index, { samples, text, speaker }] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const startSeconds = at / SAMPLE_RATE_HZ;
    const endSeconds = (at + samples.length) / SAMPLE_RATE_HZ;
    const whose = speaker === undefined ? {} : { speaker };
    marks.push({ index, ...whose, text, startSeconds, endSeconds, certainty: 'exact' });
    parts.push(fade(samples, index === 0 ? 0 : EDGE_SECONDS, isLast ? 0 : EDGE_SECONDS));
    if (!isLast) parts.push(gap);
    at += samples.length + gap.length;
  }
  return { samples: joinSamples(parts), marks };
}
