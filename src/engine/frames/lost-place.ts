/** Whether a speaker kept to the text: said all of it, and nothing twice, by the token that is looked at in each frame. */
import type { LookScores } from './types.js';

/** A single look may go astray; what is looked at is the median of so many frames. */
const FRAMES_OF_A_LOOK = 5;
/** The first frames look about before speech begins. */
const FRAMES_BEFORE_SPEECH = 2;
/**
 * Measured on 36 sentences of a half-trained voice: in the six that Whisper heard with words twice or missing looks fell back by 3 to
 * 13 tokens or passed over 8 or 10; in the others they fell back by 2 at most and passed over 1 (docs/voice.md).
 */
const TOKENS_BACK = 3;
const TOKENS_PASSED_OVER = 4;
/** A look stands for the tokens around it: short ones sound in no frame of their own. */
const TOKENS_BEFORE_A_LOOK = 1;
const TOKENS_BEHIND_A_LOOK = 2;
/** The mark at the end of a text, and the sound before it, may be looked at too shortly. */
const TOKENS_AT_END = 2;

/** Whether part of the text was left out or said again. */
export function hasLostPlace(look: LookScores): boolean {
  const { frameCount, tokenCount } = look;
  if (frameCount < FRAMES_OF_A_LOOK || tokenCount === 0) return false;
  const looks = steadyLooks(look).subarray(FRAMES_BEFORE_SPEECH);
  let front = 0;
  for (const token of looks) {
    if (token <= front - TOKENS_BACK) return true;
    front = Math.max(front, token);
  }
  return passedOver(looks, tokenCount - TOKENS_AT_END) >= TOKENS_PASSED_OVER;
}

/** [frameCount]: the token that all heads together look at most, as the median of the frames around. */
function steadyLooks({ scores, headCount, frameCount, tokenCount }: LookScores): Int32Array {
  const looks = new Int32Array(frameCount);
  for (let frame = 0; frame < frameCount; frame++) {
    let most = -Infinity;
    for (let token = 0; token < tokenCount; token++) {
      let score = 0;
      for (let head = 0; head < headCount; head++) score += scores[(head * frameCount + frame) * tokenCount + token]!;
      if (score > most) [most, looks[frame]] = [score, token];
    }
  }
  const reach = (FRAMES_OF_A_LOOK - 1) / 2;
  return looks.map((_, frame) => {
    const around = looks.slice(Math.max(0, frame - reach), frame + reach + 1).sort();
    return around[Math.floor(around.length / 2)]!;
  });
}

/** The longest run of the first `tokenCount` tokens that nothing looks at. */
function passedOver(looks: Int32Array, tokenCount: number): number {
  const seen = new Set<number>();
  for (const look of looks) {
    for (let token = look - TOKENS_BEFORE_A_LOOK; token <= look + TOKENS_BEHIND_A_LOOK; token++) seen.add(token);
  }
  let [run, longest] = [0, 0];
  for (let token = 0; token < tokenCount; token++) {
    run = seen.has(token) ? 0 : run + 1;
    longest = Math.max(longest, run);
  }
  return longest;
}
