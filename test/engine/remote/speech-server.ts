/** A server in the shapes of vLLM-Omni, SGLang-Omni and Boson AI's vLLM image, well-behaved or not. */
import type http from 'node:http';
import { SAMPLE_RATE_HZ } from '../../../src/engine/codes.js';
import { LocalServer } from './local-server.js';

export const MODEL = 'higgs-audio-v2-generation-3B-base';
/** What every request is answered with: two seconds at 24 kHz, exact in 16 bits, long enough for a sentence. */
export const SPEECH = Float32Array.from(
  { length: 2 * SAMPLE_RATE_HZ },
  (_, i) => (Math.round(8000 * Math.sin(i / 20)) + 0) / 2 ** 15,
);

export type Manner =
  | 'well'
  /** Bytes come in pieces that cut samples. */
  | 'in odd pieces'
  | 'as a WAV file'
  | 'silent at first'
  | 'silent in mid-speech'
  | 'cut in mid-speech'
  | 'cut before speech'
  | 'empty'
  | 'busy'
  | 'broken'
  | 'a web page'
  | 'half a sample'
  | 'sent elsewhere'
  | 'wrong key'
  | 'wrong request'
  /** Tells of an error within a stream that began well. */
  | 'error in the stream';

type Refusal = (response: http.ServerResponse) => void;

function answering(status: number, headers: http.OutgoingHttpHeaders, body: string): Refusal {
  return (response) => response.writeHead(status, headers).end(body);
}

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html' };

/** Manners in which nothing is spoken. */
const REFUSALS: Partial<Record<Manner, Refusal>> = {
  'silent at first': () => undefined,
  'cut before speech': (response) => response.destroy(),
  busy: answering(429, { ...JSON_TYPE, 'retry-after': '7' }, '{"error": {"message": "too many requests"}}'),
  broken: answering(500, HTML_TYPE, '<h1>Internal Server Error</h1>'),
  'a web page': answering(200, HTML_TYPE, '<p>Welcome</p>'),
  'sent elsewhere': answering(302, { location: 'http://127.0.0.1:1/v1/audio/speech' }, ''),
  'wrong key': answering(401, JSON_TYPE, '{"error": {"message": "Unauthorized"}}'),
  'wrong request': answering(400, JSON_TYPE, '{"error": {"message": "does not support\\n  [SPEAKERn] tags"}}'),
};

export interface Seen {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export class SpeechServer extends LocalServer {
  readonly seen: Seen[] = [];
  /** Speech requests that are being answered. */
  open = 0;
  mostOpen = 0;
  manner: Manner = 'well';
  /** Before the answer begins. */
  delayMs = 0;
  /** What its list of models says of it. */
  owner = 'someone';
  /** Voices that it lists as embedded. */
  voices: readonly string[] = [];

  get spoken(): Seen[] {
    return this.seen.filter(({ path }) => !['/v1/models', '/v1/voices'].includes(path));
  }

  protected override async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    this.seen.push({ path: request.url ?? '', headers: request.headers, body });
    if (request.url === '/v1/models') {
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ data: [{ id: MODEL, owned_by: this.owner }] }));
      return;
    }
    if (request.url === '/v1/voices') {
      const data = this.voices.map((id) => ({ id, origin: 'embedded' }));
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
      return;
    }
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    response.on('close', () => (this.open -= 1));
    await new Promise((resolve) => setTimeout(resolve, this.delayMs));
    if (this.refuses(response)) return;
    if (request.url === '/v1/chat/completions') this.chat(response);
    else this.speech(response);
  }

  private refuses(response: http.ServerResponse): boolean {
    const refuse = REFUSALS[this.manner];
    refuse?.(response);
    return refuse !== undefined;
  }

  private speech(response: http.ServerResponse): void {
    if (this.manner === 'as a WAV file') {
      response.setHeader('content-type', 'audio/wav; rate=24000').end(wavOf(SPEECH));
      return;
    }
    response.writeHead(200, { 'content-type': 'audio/pcm', 'x-sample-rate': '24000' });
    this.stream(
      response,
      (bytes) => response.write(bytes),
      () => response.end(),
    );
  }

  private chat(response: http.ServerResponse): void {
    if (this.manner === 'as a WAV file') {
      const audio = { data: wavOf(SPEECH).toString('base64') };
      const body = { choices: [{ message: { role: 'assistant', audio }, finish_reason: 'stop' }] };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const event = (data: string) => response.write(`data: ${data}\n\n`);
    event(JSON.stringify({ choices: [{ delta: { role: 'assistant', content: '' } }] }));
    this.stream(
      response,
      (bytes) => event(JSON.stringify({ choices: [{ delta: { audio: { data: bytes.toString('base64') } } }] })),
      () => {
        event(JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] }));
        event(JSON.stringify({ choices: [], usage: { completion_tokens: 12 } }));
        response.end('data: [DONE]\n\n');
      },
    );
  }

  private stream(response: http.ServerResponse, write: (bytes: Buffer) => void, end: () => void): void {
    const bytes = pcmOf(SPEECH);
    const half = bytes.subarray(0, bytes.length / 2);
    const pieces: Partial<Record<Manner, Buffer[]>> = {
      empty: [],
      'in odd pieces': Array.from({ length: Math.ceil(bytes.length / 1001) }, (_, at) =>
        bytes.subarray(1001 * at, 1001 * (at + 1)),
      ),
      'half a sample': [bytes.subarray(0, 1001)],
      'silent in mid-speech': [half],
      'cut in mid-speech': [half],
      'error in the stream': [half],
    };
    for (const piece of pieces[this.manner] ?? [half, bytes.subarray(half.length)]) write(piece);
    if (this.manner === 'silent in mid-speech') return;
    if (this.manner === 'cut in mid-speech') setTimeout(() => response.destroy(), 100);
    else if (this.manner === 'error in the stream') response.end('data: {"error": {"message": "out of memory"}}\n\n');
    else end();
  }
}

function pcmOf(samples: Float32Array): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  samples.forEach((sample, at) => bytes.writeInt16LE(sample * 2 ** 15, 2 * at));
  return bytes;
}

function wavOf(samples: Float32Array): Buffer {
  const data = pcmOf(samples);
  const header = Buffer.alloc(44);
  header.write('RIFF');
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(2 * SAMPLE_RATE_HZ, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
