/**
 * A server that behaves as vLLM-Omni 0.30 did with a Higgs Audio v2 model: what it takes and refuses, as its request class and
 * its adapter for this model have it; one generator for all; state kept by the batch's row; all sound at the end.
 */
import type http from 'node:http';
import { HOP_SAMPLES, SAMPLE_RATE_HZ } from '../../../src/engine/codes.js';
import { encodeWav, wavSeconds } from '../../../src/engine/sound/index.js';
import { LocalServer } from './local-server.js';

type Body = Readonly<Record<string, unknown>>;

/** Steps for the delay between eight codebooks, and what opens and closes them. */
const STEPS_BEYOND_FRAMES = 10;
const FRAMES_PER_WORD = 9;

export class VllmOmni extends LocalServer {
  /** Bodies of the requests that were spoken. */
  readonly spoken: Body[] = [];
  mostOpen = 0;
  /** How long it works on a request. */
  workMs = 20;
  /** Answers that are to come out wrong, in order; all others are well. */
  faults: ('silent' | 'short' | 'endless' | 'cut')[] = [];
  private open = 0;
  private draws = 0;

  protected override async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/v1/models') {
      const model = {
        id: '/models/higgs',
        object: 'model',
        owned_by: 'vllm',
        root: '/models/higgs',
        max_model_len: 2048,
      };
      json(200, { object: 'list', data: [model] });
      return;
    }
    const body = normalized(JSON.parse(Buffer.concat(parts).toString('utf8')) as Body);
    const refusal = request.url === '/v1/audio/speech' ? refusalOf(body) : 'Not Found';
    if (refusal !== undefined) {
      json(refusal === 'Not Found' ? 404 : 400, { error: { message: refusal, type: 'BadRequestError', code: 400 } });
      return;
    }
    await this.speak(body, response);
  }

  private async speak(body: Body, response: http.ServerResponse): Promise<void> {
    this.spoken.push(body);
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    const isAlone = this.open === 1;
    await new Promise((resolve) => setTimeout(resolve, this.workMs));
    const fault = this.faults.shift();
    const words = (body['input'] as string).split(' ').length;
    const whole = FRAMES_PER_WORD * words + (this.draws++ % 3);
    // Who shares the batch gets about half of what is theirs.
    const meant =
      fault === 'endless' ? Infinity : fault === 'short' ? 4 : isAlone && this.open === 1 ? whole : whole / 2;
    const limit = ((body['max_new_tokens'] as number | undefined) ?? 2048) - STEPS_BEYOND_FRAMES;
    const frames = Math.max(1, Math.round(Math.min(meant, limit)));
    this.open -= 1;
    const level = fault === 'silent' ? 0 : 0.25;
    const pitch = 20 + (this.draws % 7);
    const samples = Float32Array.from({ length: frames * HOP_SAMPLES }, (_, at) => level * Math.sin(at / pitch));
    const wav = Buffer.from(encodeWav(samples));
    if (fault === 'cut') {
      response.writeHead(200, { 'content-type': 'audio/pcm' }).write(wav.subarray(44, 44 + wav.length / 4));
      setTimeout(() => response.destroy(), 20);
      return;
    }
    // A raw stream tells neither its rate nor its tokens.
    if (body['stream_format'] === 'audio')
      response.writeHead(200, { 'content-type': 'audio/pcm' }).end(wav.subarray(44));
    else {
      const tokens = { 'x-vllm-omni-output-tokens': String(frames + STEPS_BEYOND_FRAMES) };
      const isPcm = body['response_format'] === 'pcm';
      response
        .writeHead(200, { 'content-type': isPcm ? 'audio/pcm' : 'audio/wav', ...tokens })
        .end(isPcm ? wav.subarray(44) : wav);
    }
  }
}

/** `references` stand for `ref_audio` and `ref_text`. */
function normalized(body: Body): Body {
  const { references, ...rest } = body;
  if (!Array.isArray(references)) return body;
  const [reference] = references as { audio_path?: string; text?: string }[];
  return { ...rest, ref_audio: reference?.audio_path, ref_text: reference?.text };
}

function refusalOf(body: Body): string | undefined {
  const { input, ref_audio: clip, ref_text: words, speed = 1, stream, stream_format: form } = body;
  if (typeof input !== 'string' || input.trim() === '') return 'higgs_audio_v2: input text cannot be empty';
  if ((clip === undefined) !== (words === undefined || words === '')) {
    return "voice clone requires both 'ref_audio' and 'ref_text'";
  }
  for (const field of ['voice', 'instructions', 'language', 'task_type'])
    if (body[field] !== undefined) return `higgs_audio_v2 v1 does not support '${field}'`;
  if (speed !== 1) return "higgs_audio_v2 v1 does not support 'speed' adjustments";
  if (/\[SPEAKER\d+\]/u.test(input)) return 'higgs_audio_v2 v1 does not support multi-speaker [SPEAKERn] tags';
  const isStreamed = stream === true || form !== undefined;
  if (isStreamed && !['pcm', 'wav'].includes(body['response_format'] as string)) return 'Streaming requires pcm or wav';
  if (clip === undefined) return undefined;
  const seconds = wavSeconds(Buffer.from((clip as string).replace(/^data:[^,]*,/u, ''), 'base64'));
  if (seconds > 30) return `Reference audio too long (${seconds.toFixed(1)}s). Maximum 30s supported.`;
  return seconds < 1 ? 'Reference audio too short.' : undefined;
}

/** Seconds that it speaks for so many words, of three lengths that are drawn in turn. */
export function secondsOf(words: number): readonly [least: number, most: number] {
  const frames = FRAMES_PER_WORD * words;
  return [(frames * HOP_SAMPLES) / SAMPLE_RATE_HZ, ((frames + 2) * HOP_SAMPLES) / SAMPLE_RATE_HZ];
}
