/** Speaks pieces of text for one call: prompts, seeds, limits and progress are made here, sound goes to the recital. */
import { FRAMES_PER_SECOND } from '../codes.js';
import {
  buildPrompt,
  composeConversation,
  inPhones,
  type Prompt,
  type PromptVoice,
  type SpokenTurn,
} from '../prompt/index.js';
import { joinSamples } from '../sound/index.js';
import { estimateSpeechSeconds, limitSpeechSeconds, splitIntoPieces, wrapInMusic } from '../text/index.js';
import type { ProgressEvent } from '../progress.js';
import { EarlyPiece } from './early-piece.js';
import type { CallTools } from './message-loop.js';
import { perform, type PassageEnd } from './passage.js';
import { pieceSeed, samplingRule } from './sampling.js';
import type { NarrationStyle, Piece, PieceEnd, Teller } from './stage.js';
import type { Instruments } from './studio.js';
import { faultOf, leastFramesOf, TAKE_FAULTS, type Take, type TakeFault } from './take-check.js';

type PromptPiece = Piece<PromptVoice, SpokenTurn>;
type FramesEvent = Extract<ProgressEvent, { phase: 'frames' }>;

/** Speech may be slower than the estimate by this much before a piece leaves the positions that the model knows well. */
const SLOW_SPEECH = 1.25;
/** No piece is cut shorter than this, whatever stands before it. */
const LEAST_CHARACTERS = 40;

/** A piece is drawn again at most so many times. */
const MOST_REDRAWS = 2;
/** Seeds of redrawn pieces lie behind those of all pieces that a text can have. */
const REDRAW_STRIDE = 0x10_0000;
/** One speaker's sound does not come before this many frames are there, or the end: the codec waits for its reach. */
const FRAMES_BEFORE_SOUND = 15;

/** The first take without a fault, or with the least of those that there are; of equal ones the longest, which lacks least. */
function leastWrong<T extends Take & { fault: TakeFault | undefined }>(takes: readonly T[]): T {
  const rank = ({ fault }: T) => (fault === undefined ? Infinity : TAKE_FAULTS.indexOf(fault));
  return takes.reduce((best, take) => {
    const better = rank(take) - rank(best) || take.frames.frameCount - best.frames.frameCount;
    return better > 0 ? take : best;
  });
}

/** The prompt's runs up to the voices' last clip; 0 where there is none, for then the text's own run comes first. */
function runsOfVoices({ runs }: Prompt, voices: readonly PromptVoice[]): number {
  let clips = voices.filter(({ kind }) => kind === 'cloned').length;
  return clips === 0 ? 0 : 1 + runs.findIndex(({ kind }) => kind === 'audio' && --clips === 0);
}

export class Narrator implements Teller<PromptVoice, SpokenTurn> {
  private expected = 1;
  private pieceCount = 0;
  /** The piece that is listened to. */
  private current = 0;
  /** Pieces that may be begun before their turn. */
  private announced: readonly PromptPiece[] = [];
  private readonly begun = new Map<number, EarlyPiece<PieceEnd<SpokenTurn>>>();
  private readonly untold = new Map<number, FramesEvent>();
  private readonly failed = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly instruments: Instruments,
    private readonly style: NarrationStyle,
    private readonly tools: CallTools,
  ) {
    this.signal = AbortSignal.any([tools.signal, this.failed.signal]);
  }

  announce(pieces: readonly PromptPiece[]): void {
    this.expected = pieces.length;
    const { traits, model } = this.instruments;
    if (!traits.carriesPieces && model.mostTogether > 1) this.announced = pieces;
  }

  /** Speaks the next piece; those announced after it are begun as soon as it has begun itself. */
  async speak(piece: PromptPiece, onSound: (samples: Float32Array) => void): Promise<PieceEnd<SpokenTurn>> {
    const index = this.pieceCount++;
    this.current = index;
    const sofar = this.untold.get(index);
    if (sofar) this.tell(sofar);
    const early = this.begun.get(index);
    if (early) this.beginAfter(index);
    const own = early ?? this.begin(index, piece);
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

  /** One piece at a time is told of; of those that were begun early the last is kept for their turn. */
  private tell(event: FramesEvent): void {
    if (event.piece === this.current) this.tools.onProgress(event);
    else this.untold.set(event.piece, event);
  }

  private beginAfter(index: number): void {
    const { model, shared } = this.instruments;
    for (let next = index + 1; next < Math.min(this.announced.length, index + model.mostTogether); next++) {
      if (this.begun.has(next)) continue;
      // Other calls may have the room.
      if (shared.isFull?.() === true) return;
      this.begin(next, this.announced[next]!);
    }
  }

  private begin(index: number, piece: PromptPiece): EarlyPiece<PieceEnd<SpokenTurn>> {
    const begun = new EarlyPiece((onSound) => this.speakPiece(index, piece, onSound));
    this.begun.set(index, begun);
    return begun;
  }

  /**
   * A take that cannot be right is drawn again with another seed, which follows from the call's; of takes that are all wrong
   * the least wrong is given. Nobody hears the others: sound waits for its check. A piece that someone listens to while it
   * is made waits only until it has begun, so of its faults only those show that ended it before.
   */
  private async speakPiece(
    index: number,
    piece: PromptPiece,
    onSound: (samples: Float32Array) => void,
  ): Promise<PieceEnd<SpokenTurn>> {
    const least = leastFramesOf(piece.text);
    // In a dialogue the model may end after its first turn. A line left out is worse than sound that comes later.
    const tooFew = piece.voices.length > 1 ? least : Math.min(FRAMES_BEFORE_SOUND, least);
    const hasOwnLimit = this.styleOf(piece).maxSeconds !== undefined;
    const takes: (Take & { fault: TakeFault | undefined; held: readonly Float32Array[] })[] = [];
    for (let draw = 0; ; draw++) {
      const held: Float32Array[] = [];
      let passedOn = 0;
      const seed = this.seedOf(piece, index, draw);
      const { stop, frames } = await this.perform(piece, index, seed, (samples, framesSoFar) => {
        held.push(samples);
        if (framesSoFar < tooFew) return;
        if (index === this.current) this.beginAfter(index);
        if (piece.streams !== true) return;
        for (const waiting of held.splice(0)) onSound(waiting);
        passedOn += 1;
      });
      const isHeard = passedOn > 0;
      const take = { frames, stop, held, ...(isHeard ? {} : { samples: joinSamples(held) }) };
      const fault = faultOf(take, piece.text, hasOwnLimit);
      takes.push({ ...take, fault });
      if (fault !== undefined && !isHeard && draw < MOST_REDRAWS) {
        this.tools.onProgress({ phase: 'redrawing', piece: index, pieces: this.expected, fault });
        continue;
      }
      const best = isHeard ? takes.at(-1)! : leastWrong(takes);
      for (const samples of best.held) onSound(samples);
      const turn = { text: piece.text, frames: best.frames };
      return { stop: best.stop, frameCount: best.frames.frameCount, turn, redrawn: draw };
    }
  }

  private styleOf({ sampling }: PromptPiece): NarrationStyle {
    return { ...this.style, ...sampling };
  }

  /** A piece with a seed of its own is the same wherever it stands. */
  private seedOf({ sampling }: PromptPiece, index: number, draw: number): number {
    const own = sampling?.seed;
    if (own !== undefined) return pieceSeed(own, draw * REDRAW_STRIDE);
    return pieceSeed(this.style.seed, index + draw * REDRAW_STRIDE);
  }

  private async perform(
    piece: PromptPiece,
    index: number,
    seed: number,
    onSound: (samples: Float32Array, framesSoFar: number) => void,
  ): Promise<PassageEnd> {
    const { model, shared, codec } = this.instruments;
    const { tools } = this;
    const style = this.styleOf(piece);
    const limitSeconds = style.maxSeconds ?? limitSpeechSeconds(piece.text);
    const prompt = this.promptOf(piece);
    const passage = {
      prompt,
      prefixRuns: runsOfVoices(prompt, piece.voices),
      rule: samplingRule(style, model.config.generation, style.withMusic),
      seed,
      maxFrames: Math.max(1, Math.round(limitSeconds * FRAMES_PER_SECOND)),
    };
    let begun = performance.now();
    let frames = 0;
    return perform(shared, codec, passage, {
      signal: this.signal,
      onSound: (samples) => onSound(samples, frames),
      onPrefill: (positionsDone, positionsTotal) => {
        if (index === this.current) tools.onProgress({ phase: 'prefill', positionsDone, positionsTotal });
        begun = performance.now();
      },
      onFrame: (framesDone) => {
        frames = framesDone;
        const framesPerSecond = (1000 * framesDone) / Math.max(1, performance.now() - begun);
        this.tell({ phase: 'frames', framesDone, framesPerSecond, piece: index, pieces: this.expected });
      },
    });
  }

  /**
   * What of the pieces `spoken` so far in this voice the next one's prompt holds: the last one, and without a clip the first
   * one too, which is then what the voice is known by.
   */
  contextOf(spoken: readonly SpokenTurn[], voice: PromptVoice): SpokenTurn[] {
    if (!this.instruments.traits.carriesPieces) return [];
    const anchors = voice.kind === 'cloned' ? spoken.slice(-1) : [...spoken.slice(0, 1), ...spoken.slice(-1)];
    return [...new Set(anchors)].filter(({ frames }) => frames.frameCount > 0);
  }

  /**
   * Normalised `text` in pieces that each fit, with the voice and the pieces before them, into the positions that the model
   * was trained on.
   */
  cut(text: string, voice: PromptVoice, language: string | undefined): string[] {
    const free = this.freePositions([voice]);
    const perCharacter = this.positionsOf(text) / text.length;
    const cutAt = (positions: number): string[] =>
      splitIntoPieces(text, {
        maxCharacters: Math.max(LEAST_CHARACTERS, Math.floor(positions / perCharacter)),
        ...(language === undefined ? {} : { language }),
      });
    const whole = cutAt(free);
    if (whole.length === 1 || !this.instruments.traits.carriesPieces) return whole;
    return cutAt(free / (voice.kind === 'cloned' ? 2 : 3));
  }

  /** Text and speech have to fit into the positions that the model was trained on. */
  takesTurns(text: string, voices: readonly PromptVoice[]): boolean {
    if (voices.length > this.instruments.traits.speakersTogether) return false;
    return this.positionsOf(text) <= this.freePositions(voices);
  }

  private freePositions(voices: readonly PromptVoice[]): number {
    const { positionCount } = this.promptOf({ text: '', voices });
    return this.instruments.traits.positions - positionCount - this.instruments.model.shape.numCodebooks;
  }

  /** Positions that a text takes, its speech included. */
  private positionsOf(text: string): number {
    const { tokenizer, pronunciation } = this.instruments;
    const read = pronunciation?.reader('american').readTagged(text) ?? text;
    return tokenizer.encode(read).length + SLOW_SPEECH * FRAMES_PER_SECOND * estimateSpeechSeconds(text);
  }

  private promptOf({ text, voices, context }: PromptPiece): Prompt {
    const { tokenizer, pronunciation, model } = this.instruments;
    const { scene, withMusic } = this.style;
    const request = {
      text: withMusic ? wrapInMusic(text) : text,
      voices,
      ...(scene === undefined ? {} : { scene }),
      ...(context === undefined ? {} : { context }),
    };
    const conversation = composeConversation(pronunciation ? inPhones(request, pronunciation) : request);
    return buildPrompt(conversation, tokenizer, model.config);
  }
}
