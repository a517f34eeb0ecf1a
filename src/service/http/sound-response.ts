/** The answer that carries sound: its head goes out with its first bytes, so that an error before them has a status. */
import type { ServerResponse } from 'node:http';
import { apiErrorOf } from './api-error.js';

export interface SoundResponse {
  /** Sends bytes as they come; none are sent for an empty array. */
  write(bytes: Uint8Array): void;
  /** Sends all there is at once. */
  writeWhole(bytes: Uint8Array): void;
  /** Ends an answer that is whole. */
  end(usage: Usage): void;
  /** Breaks off an answer that has begun: the client must not take it for the whole. */
  breakOff(thrown: unknown): void;
}

/** Characters and frames stand for tokens, for a client that adds up its use. */
export interface Usage {
  readonly characters: number;
  readonly frames: number;
  /** For who asked for it. */
  readonly times?: SpeechTimes;
}

/** Where segments and words lie in the sound, as they were asked for. No `words`: the model cannot tell. */
export interface SpeechTimes {
  readonly segments?: readonly SegmentTimes[];
  readonly words?: readonly WordTimes[];
}

/** As OpenAI's transcriptions have it; times in seconds. */
export interface SegmentTimes {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** As OpenAI's transcriptions have it; times in seconds. */
export interface WordTimes {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** The bytes themselves, in chunks. */
export class AudioResponse implements SoundResponse {
  constructor(
    private readonly response: ServerResponse,
    private readonly contentType: string,
  ) {}

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (!this.response.headersSent) this.response.writeHead(200, headOf(this.contentType));
    this.response.write(bytes);
  }

  writeWhole(bytes: Uint8Array): void {
    this.response.writeHead(200, { ...headOf(this.contentType), 'content-length': bytes.length });
    this.response.write(bytes);
  }

  end(): void {
    if (!this.response.headersSent) this.response.writeHead(200, headOf(this.contentType));
    this.response.end();
  }

  /** Without its last chunk the answer is an error to every client. */
  breakOff(): void {
    this.response.destroy();
  }
}

/** The bytes in base64, in OpenAI's events: `speech.audio.delta`, then `speech.audio.done`. */
export class EventResponse implements SoundResponse {
  constructor(private readonly response: ServerResponse) {}

  write(bytes: Uint8Array): void {
    if (bytes.length > 0) this.send({ type: 'speech.audio.delta', audio: Buffer.from(bytes).toString('base64') });
  }

  writeWhole(bytes: Uint8Array): void {
    this.write(bytes);
  }

  end({ characters, frames, times }: Usage): void {
    if (times !== undefined) this.send({ type: 'speech.audio.timestamps', ...times });
    const usage = { input_tokens: characters, output_tokens: frames, total_tokens: characters + frames };
    this.send({ type: 'speech.audio.done', usage });
    this.response.end();
  }

  breakOff(thrown: unknown): void {
    this.send({ type: 'error', ...apiErrorOf(thrown).content });
    this.response.end();
  }

  private send(event: object): void {
    if (!this.response.headersSent) this.response.writeHead(200, headOf('text/event-stream; charset=utf-8'));
    this.response.write(`data: ${JSON.stringify(event)}\n\n`);
  }
}

function headOf(contentType: string): Record<string, string | number> {
  // A proxy that collects answers would take the early start away.
  return { 'content-type': contentType, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
}

/** Destroys `response` once its client has taken nothing for `stallSeconds` although there is something to take. */
export function letGoWhenStalled(response: ServerResponse, stallSeconds: number): void {
  // The socket's clock starts anew with each byte taken; while nothing is made, there is nothing to take.
  response.setTimeout(stallSeconds * 1000, () => {
    if (response.writableLength > 0) response.destroy();
  });
}
