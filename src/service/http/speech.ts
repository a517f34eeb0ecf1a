/** `POST /v1/audio/speech`: one speech from the request's body to the last byte of its sound. */
import { channelsOf, SoundStream, type AudioChunk, type SpeakResult, type SpeechEngine } from '../../engine/index.js';
import { readJsonObject, type BodyLimits } from './body.js';
import type { Places } from './limits.js';
import type { Exchange } from './router.js';
import type { ServerMetrics } from './server-metrics.js';
import { AudioResponse, EventResponse, letGoWhenStalled, type SoundResponse } from './sound-response.js';
import { readSpeechOrder, type SpeechOrder } from './speech-request.js';

export interface SpeechContext {
  readonly engine: () => SpeechEngine;
  /** The owner of the calls. */
  readonly owner: string;
  readonly places: Places;
  readonly metrics: ServerMetrics;
  readonly limits: BodyLimits & { readonly stallSeconds: number };
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
    answer.end({ characters: order.request.text.length, frames: result.frameCount });
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
  { request, format, speed }: SpeechOrder,
  answer: SoundResponse,
  gone: AbortController,
  startedMs: number,
): Promise<SpeakResult> {
  const stream = await SoundStream.open(format, { speed }, 1, ({ bytes }) => answer.write(bytes));
  let failure: unknown;
  const onChunk = (chunk: AudioChunk) => {
    try {
      stream.push(channelsOf(chunk));
    } catch (thrown) {
      // The engine lets nothing that a listener throws out.
      failure ??= thrown;
      gone.abort();
    }
    if (chunk.index === 0) context.metrics.firstSound.observe(secondsSince(startedMs));
  };
  try {
    const result = await context.engine().speak(request, { signal: gone.signal, owner: context.owner, onChunk });
    if (failure === undefined) {
      answer.write((await stream.end(result)).rest);
      return result;
    }
  } catch (thrown) {
    failure ??= thrown;
  }
  throw failure instanceof Error ? failure : new Error(String(failure));
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1000;
}
