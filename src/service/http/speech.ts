/** `POST /v1/audio/speech`: one speech from the request's body to the last byte of its sound. */
import type { AudioChunk, SpeakRequest, SpeakResult, SpeechEngine, TimeMark } from '../../engine/index.js';
import { readableText } from '../../engine/package-api.js';
import { readJsonObject, type BodyLimits } from './body.js';
import { HeldSound } from './held-sound.js';
import type { Places } from './limits.js';
import type { Exchange } from './router.js';
import type { ServerMetrics } from './server-metrics.js';
import {
  AudioResponse,
  EventResponse,
  letGoWhenStalled,
  type SoundResponse,
  type SpeechTimes,
} from './sound-response.js';
import { readSpeechOrder, type SpeechOrder } from './speech-request.js';
import { isUsualVoice, voiceFor } from './usual-voices.js';

export interface SpeechContext {
  readonly engine: () => SpeechEngine;
  /** The owner of the calls. */
  readonly owner: string;
  readonly places: Places;
  readonly metrics: ServerMetrics;
  readonly limits: BodyLimits & { readonly stallSeconds: number };
  readonly strictVoices: boolean;
  /** How long a sound is held back to be sent as a whole. */
  readonly wholeSeconds: number;
}

/** Rejects where nothing was sent yet; an answer that had begun is broken off. */
export async function answerSpeech(context: SpeechContext, { request, response }: Exchange): Promise<void> {
  const startedMs = performance.now();
  const order = readSpeechOrder(await readJsonObject(request, context.limits));
  const leave = context.places.take();
  const gone = new AbortController();
  const onClose = () => gone.abort();
  response.once('close', onClose);
  if (response.destroyed) onClose();
  letGoWhenStalled(response, context.limits.stallSeconds);
  const answer: SoundResponse =
    order.stream === 'sse' ? new EventResponse(response) : new AudioResponse(response, order.contentType);
  try {
    const result = await speakInto(context, order, answer, gone, startedMs);
    context.metrics.duration.observe(secondsSince(startedMs));
    context.metrics.soundSeconds.add(result.durationSeconds);
    context.metrics.workSeconds.add(result.workSeconds);
    context.metrics.characters.add(order.request.text.length);
    answer.end({
      characters: order.request.text.length,
      frames: result.frameCount,
      ...(order.granularities.length > 0 ? { times: timesOf(result, order) } : {}),
    });
  } catch (thrown) {
    if (response.destroyed) context.metrics.cancelled.add();
    else if (response.headersSent) answer.breakOff(thrown);
    else throw thrown;
  } finally {
    response.off('close', onClose);
    leave();
  }
}

async function speakInto(
  context: SpeechContext,
  order: SpeechOrder,
  answer: SoundResponse,
  gone: AbortController,
  startedMs: number,
): Promise<SpeakResult> {
  const request = await withKnownVoice(context, order.request);
  const { format, speed } = order;
  const sound = await HeldSound.open({ format, speed, holdSeconds: holdSecondsOf(order, context) }, answer, () => {
    gone.abort();
  });
  const onChunk = (chunk: AudioChunk) => {
    if (chunk.index === 0) context.metrics.firstSound.observe(secondsSince(startedMs));
    sound.push(chunk);
  };
  try {
    const result = await context.engine().speak(request, { signal: gone.signal, owner: context.owner, onChunk });
    await sound.end(result);
    return result;
  } finally {
    sound.giveUp();
  }
}

/** Segments too where a model cannot tell of words: who asked for words alone gets something to go by. */
function timesOf({ marks }: SpeakResult, { granularities, speed }: SpeechOrder): SpeechTimes {
  const spoken = marks.filter(({ words }) => words !== undefined);
  const hasWords = granularities.includes('word') && spoken.length > 0;
  const at = ({ startSeconds, endSeconds }: Pick<TimeMark, 'startSeconds' | 'endSeconds'>) => ({
    start: startSeconds / speed,
    end: endSeconds / speed,
  });
  return {
    ...(granularities.includes('segment') || !hasWords
      ? { segments: marks.map((mark) => ({ id: mark.index, ...at(mark), text: readableText(mark) })) }
      : {}),
    ...(hasWords
      ? { words: spoken.flatMap(({ words = [] }) => words.map((word) => ({ word: word.text, ...at(word) }))) }
      : {}),
  };
}

/** Raw samples have no head, and who asks for a stream gets one. */
function holdSecondsOf({ format, asItComes }: SpeechOrder, { wholeSeconds }: SpeechContext): number {
  if (asItComes === true || format === 'pcm16') return 0;
  return asItComes === false ? Infinity : wholeSeconds;
}

/** The request with one of the voices that there are, where it names one that clients ask for by default. */
async function withKnownVoice({ engine, strictVoices }: SpeechContext, request: SpeakRequest): Promise<SpeakRequest> {
  const { voice } = request;
  const name = typeof voice === 'object' && voice.kind === 'named' ? voice.name.toLowerCase() : '';
  if (strictVoices || !isUsualVoice(name)) return request;
  const known = voiceFor(name, await engine().voices());
  return known === undefined ? request : { ...request, voice: { kind: 'named', name: known.name } };
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}
