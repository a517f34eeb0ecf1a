/** Speaks the segments of one call in their order: prompts, seeds, retries and context are made here, sound goes to the assembler. */
import { FRAMES_PER_SECOND, type CodeFrames } from '../codes.js';
import { hasLostPlace, samplingRule, segmentSeed } from '../frames/index.js';
import { withoutPhones } from '../pronunciation/index.js';
import { joinFloats } from '../values.js';
import type { ProgressEvent } from '../progress.js';
import type { WordTime } from '../requests.js';
import {
  buildPrompt,
  composeConversation,
  inPhones,
  type Prompt,
  type PromptVoice,
  type SpokenTurn,
} from '../prompt/index.js';
import {
  estimateSpeechSeconds,
  limitSpeechSeconds,
  sentencesOf,
  splitIntoPieces,
  toPlainEnglish,
  wrapInMusic,
} from '../text/index.js';
import { attemptUntilRight, RETRY_STRIDE } from './attempts.js';
import type { CallTools, Segment, SegmentEnd, SegmentGenerator, SpeechStyle } from './backend.js';
import { BegunSegments } from './begun-segments.js';
import { lookAtText, type TextLook } from './look.js';
import { segmentsAsAsked } from './script.js';
import { generateSegment, type GenerationListener, type LocalModel, type SegmentInput } from './segment.js';
import { wordTimes } from './word-times.js';

type PromptSegment = Segment<PromptVoice, SpokenTurn>;
type FramesEvent = Extract<ProgressEvent, { phase: 'frames' }>;

/** Longer texts are cut, however long the context is: as the reference does it, at some 200 words. */
const SEGMENT_POSITIONS = 2048;
/** Speech may be slower than the estimate by this much before a segment leaves the positions that the model knows well. */
const SLOW_SPEECH = 1.25;
/** No segment is cut shorter than this, whatever stands before it. */
const LEAST_CHARACTERS = 40;

/** The prompt's runs up to the voices' last clip; 0 where there is none, for then the text's own run comes first. */
function runsOfVoices({ runs }: Prompt, voices: readonly PromptVoice[]): number {
  let clips = voices.filter(({ kind }) => kind === 'cloned').length;
  return clips === 0 ? 0 : 1 + runs.findIndex(({ kind }) => kind === 'audio' && --clips === 0);
}

export class LocalSegmentGenerator implements SegmentGenerator<PromptVoice, SpokenTurn> {
  private expected = 1;
  private segmentCount = 0;
  /** The segment that is listened to. */
  private current = 0;
  /** Segments that may be begun before their turn. */
  private planned: readonly PromptSegment[] = [];
  private readonly begun: BegunSegments<SegmentEnd<SpokenTurn>>;
  private readonly untold = new Map<number, FramesEvent>();

  constructor(
    private readonly local: LocalModel,
    private readonly style: SpeechStyle,
    private readonly tools: CallTools,
  ) {
    this.begun = new BegunSegments(tools.signal);
  }

  plan(segments: readonly PromptSegment[]): void {
    this.expected = segments.length;
    if (!this.carriesSegments && this.local.model.mostTogether > 1) this.planned = segments;
  }

  /** Speaks the next segment; those planned after it are begun as soon as it has begun itself. */
  async speak(segment: PromptSegment, onSound: (samples: Float32Array) => void): Promise<SegmentEnd<SpokenTurn>> {
    const index = this.segmentCount++;
    this.current = index;
    const sofar = this.untold.get(index);
    if (sofar) this.tell(sofar);
    if (this.begun.has(index)) this.beginAfter(index);
    else this.begin(index, segment);
    return this.begun.hear(index, onSound);
  }

  /** One segment at a time is told of; of those that were begun before it the last is kept for their turn. */
  private tell(event: FramesEvent): void {
    if (event.segment === this.current) this.tools.onProgress(event);
    else this.untold.set(event.segment, event);
  }

  private beginAfter(index: number): void {
    const { model, shared } = this.local;
    for (let next = index + 1; next < Math.min(this.planned.length, index + model.mostTogether); next++) {
      if (this.begun.has(next)) continue;
      // Other calls may have the room.
      if (shared.isFull?.() === true) return;
      this.begin(next, this.planned[next]!);
    }
  }

  private begin(index: number, segment: PromptSegment): void {
    void this.begun.begin(index, (onSound) => this.attemptUntilRight(index, segment, onSound));
  }

  /** Attempts with other seeds, which follow from the call's. */
  private async attemptUntilRight(
    index: number,
    segment: PromptSegment,
    onSound: (samples: Float32Array) => void,
  ): Promise<SegmentEnd<SpokenTurn>> {
    const check = {
      text: withoutPhones(segment.text),
      hasOwnLimit: this.styleOf(segment).maxSeconds !== undefined,
      hasSeveralVoices: segment.voices.length > 1,
      streams: segment.streams === true,
    };
    const attempt = async (retry: number, onAttempt: (samples: Float32Array, framesSoFar: number) => void) => {
      const input = this.inputFor(segment, this.seedOf(segment, index, retry));
      return generateSegment(this.local.shared, this.local.codec, input, this.listenerFor(index, onAttempt));
    };
    const heard: Float32Array[] = [];
    const wantsWords = this.style.wordTimes === true;
    // The check and the times of words go by one look.
    const looks = new Map<CodeFrames, Promise<TextLook | undefined>>();
    const lookAt = (spoken: CodeFrames): Promise<TextLook | undefined> => {
      const look = looks.get(spoken) ?? this.lookAt(segment, spoken);
      looks.set(spoken, look);
      return look;
    };
    const { stop, frames, retries } = await attemptUntilRight(check, attempt, {
      onSound: (samples) => {
        if (wantsWords) heard.push(samples);
        onSound(samples);
      },
      onBegun: () => {
        if (index === this.current) this.beginAfter(index);
      },
      onRetry: (fault) => {
        this.tools.onProgress({ phase: 'retrying', segment: index, segments: this.expected, fault });
      },
      hasLostPlace: async (made) => {
        const look = await lookAt(made.frames);
        return look !== undefined && hasLostPlace(look.scores);
      },
    });
    const words = wantsWords ? this.wordTimesOf(segment, await lookAt(frames), joinFloats(heard)) : undefined;
    const turn = { text: this.wordsOf(segment.text), frames };
    return { stop, frameCount: frames.frameCount, turn, retries, ...(words === undefined ? {} : { words }) };
  }

  /** What it looked at as `frames` were spoken; undefined where the model cannot tell. */
  private lookAt(segment: PromptSegment, frames: CodeFrames): Promise<TextLook | undefined> {
    return lookAtText(this.local, this.promptOf(segment), frames, this.phonesOf(segment, this.wordsOf(segment.text)));
  }

  private wordTimesOf(
    segment: PromptSegment,
    look: TextLook | undefined,
    samples: Float32Array,
  ): readonly WordTime[] | undefined {
    // Letters get a full stop at their end.
    const readWord = (word: string): string => this.phonesOf(segment, this.wordsOf(word).replace(/\.$/, ''));
    return look && wordTimes(this.local.tokenizer, { look, text: segment.text, samples, readWord });
  }

  /** `words` as they stand in the segment's prompt. */
  private phonesOf({ voices }: PromptSegment, words: string): string {
    const { pronunciation } = this.local;
    return pronunciation ? inPhones({ text: words, voices }, pronunciation).text : words;
  }

  private styleOf({ sampling }: PromptSegment): SpeechStyle {
    return { ...this.style, ...sampling };
  }

  /** A segment with a seed of its own is the same wherever it stands. */
  private seedOf({ sampling }: PromptSegment, index: number, retry: number): number {
    const own = sampling?.seed;
    if (own !== undefined) return segmentSeed(own, retry * RETRY_STRIDE);
    return segmentSeed(this.style.seed, index + retry * RETRY_STRIDE);
  }

  private inputFor(segment: PromptSegment, seed: number): SegmentInput {
    const style = this.styleOf(segment);
    const limitSeconds = style.maxSeconds ?? limitSpeechSeconds(withoutPhones(segment.text));
    const prompt = this.promptOf(segment);
    return {
      prompt,
      prefixRuns: runsOfVoices(prompt, segment.voices),
      rule: samplingRule(style, this.local.model.config.generation, style.withMusic),
      seed,
      maxFrames: Math.max(1, Math.round(limitSeconds * FRAMES_PER_SECOND)),
    };
  }

  private listenerFor(
    index: number,
    onSound: (samples: Float32Array, framesSoFar: number) => void,
  ): GenerationListener {
    let begun = performance.now();
    let frames = 0;
    return {
      signal: this.begun.signal,
      onSound: (samples) => onSound(samples, frames),
      onPrefill: (positionsDone, positionsTotal) => {
        if (index === this.current) this.tools.onProgress({ phase: 'prefill', positionsDone, positionsTotal });
        begun = performance.now();
      },
      onFrame: (framesDone) => {
        frames = framesDone;
        const framesPerSecond = (1000 * framesDone) / Math.max(1, performance.now() - begun);
        this.tell({ phase: 'frames', framesDone, framesPerSecond, segment: index, segments: this.expected });
      },
    };
  }

  /** Whether segments stand in the prompts of those after them. */
  private get carriesSegments(): boolean {
    const { contextSegments } = this.style;
    return contextSegments === undefined ? this.local.traits.carriesSegments : contextSegments > 0;
  }

  /**
   * What of the segments `spoken` so far in this voice the next one's prompt holds: as many of the last ones as the call asks for;
   * else the last one, and without a clip the first one too, which is then what the voice is known by.
   */
  contextOf(spoken: readonly SpokenTurn[], voice: PromptVoice): SpokenTurn[] {
    if (!this.carriesSegments) return [];
    const last = spoken.slice(-(this.style.contextSegments ?? 1));
    const isUnknown = this.style.contextSegments === undefined && voice.kind !== 'cloned';
    const anchors = isUnknown ? [...spoken.slice(0, 1), ...last] : last;
    return [...new Set(anchors)].filter(({ frames }) => frames.frameCount > 0);
  }

  /**
   * Normalised `text` in segments that each fit, with the voice and the segments before them, into the positions that the model
   * was trained on; where the call asks for the reference's way, as that cuts it.
   */
  split(text: string, voice: PromptVoice): string[] {
    const asked = segmentsAsAsked(text, this.style);
    if (asked !== undefined) return asked.filter((segment) => this.wordsOf(segment) !== '');
    const all = this.freePositions([voice]);
    const free = Math.min(all, SEGMENT_POSITIONS);
    const perCharacter = this.positionsOf(text) / text.length;
    const parts = this.local.traits.singleSentences ? sentencesOf(text) : [text];
    const splitAt = (positions: number): string[] => {
      const maxCharacters = Math.max(LEAST_CHARACTERS, Math.floor(positions / perCharacter));
      const segments = parts.flatMap((part) => splitIntoPieces(part, { maxCharacters }));
      return segments.filter((segment) => this.wordsOf(segment) !== '');
    };
    const whole = splitAt(free);
    if (whole.length === 1 || !this.carriesSegments) return whole;
    const { contextSegments } = this.style;
    if (contextSegments !== undefined) return splitAt(Math.min(free, all / (1 + contextSegments)));
    return splitAt(free / (voice.kind === 'cloned' ? 2 : 3));
  }

  /** Text and speech have to fit into the positions that the model was trained on. */
  fitsTogether(text: string, voices: readonly PromptVoice[]): boolean {
    if (voices.length > this.local.traits.speakersTogether) return false;
    return this.positionsOf(text) <= this.freePositions(voices);
  }

  private freePositions(voices: readonly PromptVoice[]): number {
    const { positionCount } = this.promptOf({ text: '', voices });
    return this.local.traits.positions - positionCount - this.local.model.shape.numCodebooks;
  }

  /** Positions that a text takes, its speech included. */
  private positionsOf(text: string): number {
    const { tokenizer, pronunciation } = this.local;
    const read = pronunciation?.reader('american').readTagged(text) ?? this.wordsOf(text);
    return tokenizer.encode(read).length + SLOW_SPEECH * FRAMES_PER_SECOND * estimateSpeechSeconds(withoutPhones(text));
  }

  /** `text` in the letters that the model knows. */
  private wordsOf(text: string): string {
    return this.local.traits.plainEnglish ? toPlainEnglish(text) : text;
  }

  private promptOf({ text, voices, context }: PromptSegment): Prompt {
    const { tokenizer, pronunciation, model } = this.local;
    const { scene, system, withMusic } = this.style;
    const words = this.wordsOf(text);
    const request = {
      text: withMusic ? wrapInMusic(words) : words,
      voices,
      ...(scene === undefined ? {} : { scene }),
      ...(system === undefined ? {} : { system }),
      ...(context === undefined ? {} : { context }),
    };
    const conversation = composeConversation(pronunciation ? inPhones(request, pronunciation) : request);
    return buildPrompt(conversation, tokenizer, model.config);
  }
}
