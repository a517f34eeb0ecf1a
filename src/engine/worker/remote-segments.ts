/** The segments of one call, spoken by servers elsewhere: several at the same time, where the voice comes from a clip. */
import { FRAMES_PER_SECOND, HOP_SAMPLES } from '../codes.js';
import { HiggsError } from '../errors.js';
import { segmentSeed } from '../frames/index.js';
import type { RemoteSettings } from '../protocol.js';
import type { RemoteQuestion, RemoteVoice, ServerKind, Servers } from '../remote/index.js';
import { estimateSpeechSeconds, limitSpeechSeconds, splitIntoPieces, wrapInMusic } from '../text/index.js';
import { attemptUntilRight, RETRY_STRIDE, type MakeAttempt } from './attempts.js';
import type { CallTools, Segment, SegmentEnd, SegmentGenerator, SpeechStyle } from './backend.js';
import { BufferedSound } from './buffered-sound.js';
import { segmentsAsAsked } from './script.js';

/** Dialogues this long are spoken in one generation; the model was trained on recordings of about that length. */
const LONGEST_TOGETHER_SECONDS = 30;
/** Segments that can be spoken side by side are no longer than this, so that there are some: about 25 seconds of speech. */
const SPREAD_MAX_WORDS = 60;

type RemoteSegment = Segment<RemoteVoice, undefined>;
type RemoteEnd = SegmentEnd<undefined>;

/** Segments know nothing of each other: servers are stateless, and a clip or the seed keeps the voice. */
export class RemoteSegmentGenerator implements SegmentGenerator<RemoteVoice, undefined> {
  private expected = 1;
  private segmentCount = 0;
  /** The segment that is listened to. */
  private current = 0;
  /** Segments that may be begun before their turn. */
  private planned: readonly RemoteSegment[] = [];
  private readonly begun = new Map<number, BufferedSound<RemoteEnd>>();
  private readonly failed = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly servers: Servers,
    private readonly settings: RemoteSettings,
    private readonly style: SpeechStyle,
    private readonly tools: CallTools,
  ) {
    this.signal = AbortSignal.any([tools.signal, this.failed.signal]);
  }

  /** Without a clip each server would have a voice of its own. */
  plan(segments: readonly RemoteSegment[]): void {
    this.expected = segments.length;
    if (segments.every(({ voices }) => voices.every(isCloned))) this.planned = segments;
  }

  async speak(segment: RemoteSegment, onSound: (samples: Float32Array) => void): Promise<RemoteEnd> {
    const index = this.segmentCount++;
    this.current = index;
    const own = this.begun.get(index) ?? this.begin(index, segment);
    this.beginAhead();
    own.listen(onSound);
    try {
      return await own.end;
    } catch (error) {
      // Nothing of this call may go on behind its end.
      this.failed.abort();
      await Promise.allSettled([...this.begun.values()].map(({ end }) => end));
      throw error;
    } finally {
      this.begun.delete(index);
    }
  }

  /** Begins what comes next wherever a server has nothing to do. */
  private beginAhead(): void {
    const last = Math.min(this.planned.length - 1, this.current + this.servers.places);
    for (let next = this.current + 1; next <= last && !this.signal.aborted; next++) {
      if (this.begun.has(next)) continue;
      if (!this.servers.haveRoom) return;
      this.begin(next, this.planned[next]!);
    }
  }

  private begin(index: number, segment: RemoteSegment): BufferedSound<RemoteEnd> {
    const begun = new BufferedSound((onSound) => this.attemptUntilRight(index, segment, onSound));
    this.begun.set(index, begun);
    begun.end.then(
      () => this.beginAhead(),
      () => undefined,
    );
    return begun;
  }

  private async attemptUntilRight(
    index: number,
    segment: RemoteSegment,
    onSound: (samples: Float32Array) => void,
  ): Promise<RemoteEnd> {
    const check = {
      text: segment.text,
      hasOwnLimit: this.styleOf(segment).maxSeconds !== undefined,
      hasSeveralVoices: segment.voices.length > 1,
      streams: segment.streams === true,
    };
    const attempt: MakeAttempt<Awaited<ReturnType<typeof this.attempt>>> = (retry, onAttempt) =>
      this.attempt(index, this.questionOf(segment, index, retry), onAttempt);
    const { stop, frames, ignoresSeed, retries } = await attemptUntilRight(check, attempt, {
      onSound,
      onRetry: (fault) => {
        this.tools.onProgress({ phase: 'retrying', segment: index, segments: this.expected, fault });
      },
      faultOfThrown: (thrown) =>
        thrown instanceof HiggsError && thrown.code === 'HIGGS_REMOTE_FAILED' ? 'broke off' : undefined,
    });
    return { stop, frameCount: frames.frameCount, turn: undefined, retries, ignoresSeed };
  }

  private async attempt(
    index: number,
    question: RemoteQuestion,
    onSound: (samples: Float32Array, framesSoFar: number) => void,
  ) {
    const begunMs = performance.now();
    let kind: ServerKind | undefined;
    let sampleCount = 0;
    const answer = this.servers.ask(question, { signal: this.signal, onAsk: (asked) => (kind = asked) });
    for (;;) {
      const step = await answer.next();
      const frameCount = Math.round(sampleCount / HOP_SAMPLES);
      if (step.done === true) {
        return { stop: step.value, frames: { frameCount }, ignoresSeed: kind?.keepsSeed === false };
      }
      sampleCount += step.value.length;
      const framesDone = Math.round(sampleCount / HOP_SAMPLES);
      // What comes all at once is checked as a whole before anyone hears of it.
      onSound(step.value, kind?.streams === false ? 0 : framesDone);
      this.tell(index, framesDone, begunMs);
    }
  }

  private tell(index: number, framesDone: number, begunMs: number): void {
    if (index !== this.current) return;
    const framesPerSecond = (1000 * framesDone) / Math.max(1, performance.now() - begunMs);
    this.tools.onProgress({ phase: 'frames', framesDone, framesPerSecond, segment: index, segments: this.expected });
  }

  private questionOf(segment: RemoteSegment, index: number, retry: number): RemoteQuestion {
    const { text, voices, sampling } = segment;
    const { withMusic, scene, system, temperature, topK, topP, maxSeconds } = this.styleOf(segment);
    const hasOwnSeed = sampling?.seed !== undefined;
    // With a clip the same seed for all segments would do; without one it is what makes the voice the same.
    const place = (voices.some(isCloned) && !hasOwnSeed ? index : 0) + retry * RETRY_STRIDE;
    return {
      text: withMusic ? wrapInMusic(text) : text,
      voices,
      withMusic,
      seed: segmentSeed(sampling?.seed ?? this.style.seed, place),
      maxFrames: Math.max(1, Math.round((maxSeconds ?? limitSpeechSeconds(text)) * FRAMES_PER_SECOND)),
      hasOwnLimit: maxSeconds !== undefined,
      ...(scene === undefined ? {} : { scene }),
      ...(system === undefined ? {} : { system }),
      ...(temperature === undefined ? {} : { temperature }),
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
    };
  }

  private styleOf({ sampling }: RemoteSegment): SpeechStyle {
    return { ...this.style, ...sampling };
  }

  contextOf(): undefined[] {
    return [];
  }

  split(text: string, voice: RemoteVoice): string[] {
    const limits = isCloned(voice) && this.servers.places > 1 ? { maxWords: SPREAD_MAX_WORDS } : {};
    return segmentsAsAsked(text, this.style) ?? splitIntoPieces(text, limits);
  }

  fitsTogether(text: string): boolean {
    return this.settings.api === 'chat' && estimateSpeechSeconds(text) <= LONGEST_TOGETHER_SECONDS;
  }
}

function isCloned({ kind }: RemoteVoice): boolean {
  return kind === 'cloned';
}
