/** Which token of a text sounds in each frame, from how much attention looks at each: the likeliest way through the text. */
import type { LookScores } from './types.js';

/**
 * What it costs, in nats, to pass over a token that sounds in no frame: a frame is longer than some phones, and blanks do
 * not sound; but a leap over words is no reading.
 */
const PASSED_OVER = 0.5;

/**
 * [frameCount] tokens, from 0 on, never falling: the path from the first to the last token that the looks of all frames
 * together speak for most.
 */
export function tokenPath(look: LookScores): Int32Array {
  const { frameCount, tokenCount } = look;
  const path = new Int32Array(frameCount);
  if (frameCount === 0 || tokenCount === 0) return path;
  const logs = soundingLogs(look);
  const cameFrom = new Int32Array(frameCount * tokenCount);
  let best = Float64Array.from({ length: tokenCount }, (_, token) => logs[token]! - PASSED_OVER * token);
  for (let frame = 1; frame < frameCount; frame++) {
    const next = new Float64Array(tokenCount);
    // The best that a token can be reached from, among those more than one before it.
    let leap = -Infinity;
    let leapFrom = 0;
    for (let token = 0; token < tokenCount; token++) {
      if (token >= 2) {
        leap -= PASSED_OVER;
        if (best[token - 2]! - PASSED_OVER >= leap) {
          leap = best[token - 2]! - PASSED_OVER;
          leapFrom = token - 2;
        }
      }
      let from = token;
      if (token >= 1 && best[token - 1]! > best[from]!) from = token - 1;
      let reached = best[from]!;
      if (leap > reached) {
        reached = leap;
        from = leapFrom;
      }
      next[token] = reached + logs[frame * tokenCount + token]!;
      cameFrom[frame * tokenCount + token] = from;
    }
    best = next;
  }
  let token = 0;
  const atEnd = (at: number): number => best[at]! - PASSED_OVER * (tokenCount - 1 - at);
  for (let at = 1; at < tokenCount; at++) if (atEnd(at) > atEnd(token)) token = at;
  for (let frame = frameCount - 1; frame >= 0; frame--) {
    path[frame] = token;
    token = cameFrom[frame * tokenCount + token]!;
  }
  return path;
}

/**
 * [frameCount, tokenCount]: how likely each token is to sound, as a logarithm, the heads' mean. Heads were taught to look at
 * the token that sounds or the one behind it, so the looks at both count.
 */
function soundingLogs({ scores, headCount, frameCount, tokenCount }: LookScores): Float64Array {
  const logs = new Float64Array(frameCount * tokenCount);
  for (let row = 0; row < headCount * frameCount; row++) {
    const own = scores.subarray(row * tokenCount, (row + 1) * tokenCount);
    const most = own.reduce((high, score) => Math.max(high, score), -Infinity);
    const shares = Float64Array.from(own, (score) => Math.exp(score - most));
    const sum = shares.reduce((total, share) => total + share, 0);
    const start = (row % frameCount) * tokenCount;
    for (let token = 0; token < tokenCount; token++) {
      const near = shares[token]! + (shares[token + 1] ?? 0);
      logs[start + token]! += Math.log(Math.max(near / sum, Number.MIN_VALUE)) / headCount;
    }
  }
  return logs;
}
