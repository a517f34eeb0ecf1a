/** Attempts at a segment until one can be right: for models here and elsewhere. */
import { joinFloats } from '../values.js';
import { FAULTS, faultOf, leastFramesOf, type Attempt, type AttemptFault } from './segment-check.js';

/** A segment is generated again at most so many times. */
const MOST_RETRIES = 2;
/** Seeds of retries lie behind those of all segments that a text can have. */
export const RETRY_STRIDE = 0x10_0000;
/** One speaker's sound does not come before this many frames are there, or the end: the codec waits for its reach. */
const FRAMES_BEFORE_SOUND = 15;

/** What an attempt is judged by. */
export interface AttemptCheck {
  /** What is to be spoken, as its length is estimated. */
  readonly text: string;
  /** The caller asked for no more, so its end is no fault. */
  readonly hasOwnLimit: boolean;
  /** The model may end after its first turn. */
  readonly hasSeveralVoices: boolean;
  /** Someone listens while it is made. */
  readonly streams: boolean;
}

export interface AttemptListener<A> {
  /** Sound of the attempt that counts, in order. */
  onSound(samples: Float32Array): void;
  /** Called with each sound of an attempt that has come far enough to be one. */
  onBegun?(): void;
  onRetry(fault: string): void;
  /** Whether an attempt that nobody has heard yet left out part of the text, or said it twice; left out: nobody can tell. */
  hasLostPlace?(made: A): Promise<boolean>;
  /** What an attempt threw that another one may do without, in a word or two; left out: nothing. */
  faultOfThrown?(thrown: unknown): string | undefined;
}

/** `onSound` takes the samples that follow, and how many frames are there so far: 0 as long as nothing may be heard of them. */
export type MakeAttempt<A> = (
  retry: number,
  onSound: (samples: Float32Array, framesSoFar: number) => void,
) => Promise<A>;

/**
 * What cannot be right is generated again, with another seed where there is one; of attempts that are all wrong the least
 * wrong is given. Nobody hears the others: sound waits for its check. A segment that someone listens to while it is made
 * waits only until it has begun, so of its faults only those show that ended it before.
 */
export async function attemptUntilRight<A extends Omit<Attempt, 'samples' | 'lostPlace'>>(
  check: AttemptCheck,
  makeAttempt: MakeAttempt<A>,
  listener: AttemptListener<A>,
): Promise<A & { readonly retries: number }> {
  const least = leastFramesOf(check.text);
  // A line left out is worse than sound that comes later.
  const tooFew = check.hasSeveralVoices ? least : Math.min(FRAMES_BEFORE_SOUND, least);
  const attempts: { made: A; fault: AttemptFault | undefined; held: readonly Float32Array[] }[] = [];
  for (let retry = 0; ; retry++) {
    const held: Float32Array[] = [];
    let passedOn = 0;
    const onSound = (samples: Float32Array, framesSoFar: number) => {
      held.push(samples);
      if (framesSoFar < tooFew) return;
      listener.onBegun?.();
      if (!check.streams) return;
      for (const waiting of held.splice(0)) listener.onSound(waiting);
      passedOn += 1;
    };
    const isLast = () => passedOn > 0 || retry >= MOST_RETRIES;
    let made: A;
    try {
      made = await makeAttempt(retry, onSound);
    } catch (thrown) {
      const fault = listener.faultOfThrown?.(thrown);
      if (fault === undefined || passedOn > 0) throw thrown;
      if (!isLast()) {
        listener.onRetry(fault);
        continue;
      }
      if (attempts.length === 0) throw thrown;
      return give(leastWrong(attempts), retry, listener);
    }
    const isHeard = passedOn > 0;
    const unheard = isHeard
      ? {}
      : { samples: joinFloats(held), lostPlace: (await listener.hasLostPlace?.(made)) === true };
    const fault = faultOf({ frames: made.frames, stop: made.stop, ...unheard }, check.text, check.hasOwnLimit);
    attempts.push({ made, fault, held });
    if (fault === undefined || isLast())
      return give(isHeard ? attempts.at(-1)! : leastWrong(attempts), retry, listener);
    listener.onRetry(fault);
  }
}

function give<A extends object>(
  { made, held }: { readonly made: A; readonly held: readonly Float32Array[] },
  retries: number,
  listener: Pick<AttemptListener<A>, 'onSound'>,
): A & { readonly retries: number } {
  for (const samples of held) listener.onSound(samples);
  return { ...made, retries };
}

/** The first attempt without a fault, or with the least of those that there are; of equal ones the longest, which lacks least. */
function leastWrong<
  T extends { readonly made: Omit<Attempt, 'samples' | 'lostPlace'>; readonly fault: AttemptFault | undefined },
>(attempts: readonly T[]): T {
  const rank = ({ fault }: T) => (fault === undefined ? Infinity : FAULTS.indexOf(fault));
  return attempts.reduce((best, attempt) => {
    const better = rank(attempt) - rank(best) || attempt.made.frames.frameCount - best.made.frames.frameCount;
    return better > 0 ? attempt : best;
  });
}
