/** What programs that speak OpenAI's API really send: names, paths, spellings; and that they learn how long a sound is. */
import { encodeWav, type SpeechEngine } from '@higgs-tts/node-red/engine';
import type { HttpServer } from '@higgs-tts/node-red/service';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VoiceInfo } from '../../../src/engine/requests.js';
import { readVoiceFile } from '../../../src/engine/voices/index.js';
import { USUAL_VOICES, usualNames, voiceFor, type UsualVoiceName } from '../../../src/service/http/usual-voices.js';
import { EMBEDDED_VOICES, engineOpener, SMALL_MODEL } from '../../engine-kit.js';
import { openServer, postSpeech, type ApiErrorBody } from './server-kit.js';

const opener = engineOpener({ model: SMALL_MODEL });
const engine = opener();
const KEY = 'a-key-for-tests';

const voice = (name: string, description: string, origin: VoiceInfo['origin'] = 'embedded'): VoiceInfo => ({
  name,
  description,
  origin,
});

describe('the names that clients ask for by default', () => {
  const voices = [voice('ella', 'feminine'), voice('mia', 'feminine, calm'), voice('robert', 'masculine, deep')];

  test('are voices of their gender, of their tone where there is one', () => {
    expect(voiceFor('onyx', voices)?.name).toBe('robert');
    expect(voiceFor('sage', voices)?.name).toBe('mia');
    for (const { name, voice: its } of usualNames(voices)) {
      expect(its.description).toContain(USUAL_VOICES[name as UsualVoiceName].gender);
    }
    expect(usualNames(voices).length).toBe(Object.keys(USUAL_VOICES).length);
  });

  test('are not all the same voice, and stay what they are when a voice is added', () => {
    const feminine = usualNames(voices).filter(({ voice: { description } }) => description!.includes('feminine'));
    expect(new Set(feminine.map((alias) => alias.voice.name))).toEqual(new Set(['ella', 'mia']));
    const more = [...voices, voice('anna', 'feminine, bright, soft', 'registered')];
    expect(usualNames(more).map((alias) => alias.voice.name)).toEqual(
      usualNames(voices).map((alias) => alias.voice.name),
    );
  });

  test('are the voice of that name where there is one, and nothing where no voice has the gender', () => {
    expect(voiceFor('nova', [...voices, voice('Nova', 'masculine', 'registered')])?.name).toBe('Nova');
    expect(voiceFor('nova', [voice('robert', 'masculine')])).toBeUndefined();
  });

  test.each(['alloy', 'Nova', 'shimmer', 'onyx'])('%s speaks, as the voice that the list tells', async (name) => {
    const server = await openServer(engine);
    const order = { input: 'Hello.', seed: 1, response_format: 'pcm' };
    const spoken = await postSpeech(server, { ...order, voice: name });
    const { data } = await getJson<{ data: { id: string; alias_of?: string }[] }>(server, '/v1/voices');
    const alias = data.find(({ id }) => id === name.toLowerCase())!;
    const plain = await postSpeech(server, { ...order, voice: alias.alias_of });
    expect(Buffer.from(await spoken.arrayBuffer()).equals(Buffer.from(await plain.arrayBuffer()))).toBe(true);
  });

  test('are unknown where only the own names count', async () => {
    const server = await openServer(engine, { strictVoices: true });
    expect((await postSpeech(server, { input: 'Hello.', voice: 'nova' })).status).toBe(400);
    const { data } = await getJson<{ data: { id: string }[] }>(server, '/v1/voices');
    expect(data.map(({ id }) => id)).not.toContain('nova');
  });
});

async function getJson<T>(server: HttpServer, place: string): Promise<T> {
  const response = await fetch(`${server.url}${place}`);
  expect(response.status, place).toBe(200);
  return (await response.json()) as T;
}

describe('a program', () => {
  test('as open-webui, SillyTavern and LibreChat finds voices and models', async () => {
    const server = await openServer(engine);
    for (const place of ['/v1/audio/voices', '/audio/voices', '/v1/audio/voices/']) {
      const { voices } = await getJson<{ voices: { id: string; name: string }[] }>(server, place);
      expect(voices.map(({ id, name }) => [id, name])).toContainEqual(['ella', 'ella']);
      expect(voices.map(({ id }) => id)).toContain('alloy');
    }
    for (const place of ['/v1/audio/models', '/audio/models']) {
      const { models } = await getJson<{ models: { id: string; name: string }[] }>(server, place);
      expect(models).toEqual([expect.objectContaining({ id: 'small', name: 'small' })]);
    }
  });

  test.each([
    '/models',
    '/v1/models/',
    '/voices',
    '/health',
    '/healthz',
    '/health/',
    '/v1/models/small',
    '/models/small',
  ])('finds what it looks for at %s', async (place) => {
    await getJson(await openServer(engine), place);
  });

  test.each(['/audio/speech', '/v1/audio/speech/', '/v1//audio/speech', '//audio/speech', '/audio/speech?x=1'])(
    'speaks by POST %s',
    async (place) => {
      const server = await openServer(engine);
      const response = await fetch(`${server.url}${place}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'tts-1-hd', input: 'Hello.', voice: 'alloy', response_format: 'WAV' }),
      });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    },
  );

  test.each<[string, object]>([
    ['open-webui', { model: 'tts-1', input: 'Hello.', voice: 'alloy' }],
    ['SillyTavern', { model: 'tts-1', input: 'Hello.', voice: 'shimmer', response_format: 'mp3', speed: 1 }],
    [
      'sfortis/openai_tts',
      { model: 'gpt-4o-mini-tts', input: 'Hello.', voice: 'nova', response_format: 'mp3', speed: 1.0, stream: false },
    ],
    ['LibreChat', { model: 'tts-1', input: 'Hello.', voice: 'echo', backend: 'openai' }],
    ['a client of vLLM-Omni', { model: 'x', input: 'Hello.', voice: 'ella', stream: true, extra_params: { top_k: 5 } }],
  ])('that asks as %s does is answered', async (_name, body) => {
    const response = await postSpeech(await openServer(engine), body);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'audio/mpeg']);
    expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(500);
  });

  test('reads of sounds as people write them', async () => {
    const order = { input: 'Ha [laugh] ha.', seed: 1, stream_format: 'sse', timestamp_granularities: ['segment'] };
    const events = await (await postSpeech(await openServer(engine), order)).text();
    expect(events).toContain('"text":"Ha [Laughter] ha."');
  });

  test.each([0.25, 4])('may have it %d times as fast', async (speed) => {
    const server = await openServer(engine);
    const order = { input: 'Hello there.', response_format: 'pcm', seed: 3 };
    const lengthOf = async (body: object) => (await (await postSpeech(server, body)).arrayBuffer()).byteLength;
    expect((await lengthOf({ ...order, speed })) * speed).toBeCloseTo(await lengthOf(order), -2);
  });
});

describe('a clip that comes with the request', () => {
  const wav = fs.readFileSync(path.join(EMBEDDED_VOICES, 'mia.wav'));
  const audio = `data:audio/wav;base64,${wav.toString('base64')}`;
  const words = 'There is fresh coffee on the kitchen table.';
  const order = { input: 'Hello there.', response_format: 'pcm', seed: 3 };

  test('is the voice, in both ways in which other servers take it', async () => {
    const server = await openServer(engine);
    const sounds = await Promise.all(
      [{ references: [{ audio_path: audio, text: words }] }, { ref_audio: audio, ref_text: words }, {}].map(
        async (voice) => {
          const response = await postSpeech(server, { ...order, ...voice });
          expect(response.status).toBe(200);
          return Buffer.from(await response.arrayBuffer()).toString('base64');
        },
      ),
    );
    expect(sounds[0]).toBe(sounds[1]);
    expect(sounds[0]).not.toBe(sounds[2]);
  });

  test.each<[string, object, string]>([
    ['with an accent that is none', { ref_audio: audio, ref_text: words, accent: 'x' }, 'accent'],
    ['as a file of the server', { references: [{ audio_path: '/etc/hostname', text: words }] }, 'references'],
    ['as an address', { ref_audio: 'http://127.0.0.1/clip.wav', ref_text: words }, 'ref_audio'],
    ['without its words', { ref_audio: audio }, 'ref_audio'],
    ['twice', { references: [{ audio_path: audio, text: words }, {}] }, 'references'],
    ['that is none', { ref_audio: 'data:audio/wav;base64,AAAA', ref_text: words }, 'audio_sample'],
  ])('%s is refused', async (_what, voice, param) => {
    const response = await postSpeech(await openServer(engine), { ...order, ...voice });
    const { error } = (await response.json()) as ApiErrorBody;
    expect([response.status, error.param]).toEqual([400, param]);
  });

  test('may come with a limit in the model’s steps', async () => {
    const text = 'This sentence takes a good deal longer than a second to say.';
    const response = await postSpeech(await openServer(engine), { ...order, input: text, max_new_tokens: 30 });
    // 20 frames of 40 ms, 16 bits at 24 kHz.
    expect((await response.arrayBuffer()).byteLength).toBeLessThanOrEqual(20 * 960 * 2);
  });
});

describe('the length of a sound', () => {
  const order = { input: 'Hello there.', response_format: 'wav', seed: 3 };
  const wavOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  test('is told where the whole is there soon, or is waited for', async () => {
    for (const [body, options] of [
      [order, {}],
      [{ ...order, stream: false }, { wholeSeconds: 0 }],
    ] as const) {
      const response = await postSpeech(await openServer(engine, options), body);
      const bytes = await wavOf(response);
      expect(Number(response.headers.get('content-length'))).toBe(bytes.length);
      expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
    }
  });

  test('is unknown in a stream, which has the same samples', async () => {
    const whole = await wavOf(await postSpeech(await openServer(engine), order));
    for (const [body, options] of [
      [{ ...order, stream: true }, {}],
      [{ ...order, stream_format: 'audio' }, {}],
      [order, { wholeSeconds: 0 }],
    ] as const) {
      const bytes = await wavOf(await postSpeech(await openServer(engine, options), body));
      expect(bytes.readUInt32LE(40)).toBe(0xffff_ffff);
      expect(bytes.subarray(44).equals(whole.subarray(44))).toBe(true);
    }
  });

  test('that takes too long to wait for goes out as it comes', async () => {
    const server = await openServer(engine, { wholeSeconds: 0.05 });
    const response = await postSpeech(server, { ...order, input: 'One sentence after the other. '.repeat(12) });
    const bytes = await wavOf(response);
    expect(bytes.readUInt32LE(40)).toBe(0xffff_ffff);
    expect(bytes.length).toBeGreaterThan(100_000);
  });

  test('is told of a speed as well', async () => {
    const bytes = await wavOf(await postSpeech(await openServer(engine), { ...order, speed: 2 }));
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  });
});

describe('a voice over HTTP', () => {
  const clip = fs.readFileSync(path.join(EMBEDDED_VOICES, 'mia.wav'));
  const transcript = 'There is fresh coffee on the kitchen table.';
  const authorization = `Bearer ${KEY}`;

  function form(fields: Record<string, string | Buffer>): RequestInit {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') body.append(name, value);
      else body.append(name, new Blob([new Uint8Array(value)], { type: 'audio/wav' }), 'clip.wav');
    }
    return { body };
  }

  const add = (server: HttpServer, init: RequestInit, headers: Record<string, string> = { authorization }) =>
    fetch(`${server.url}/v1/audio/voices`, {
      method: 'POST',
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
    });
  const remove = (server: HttpServer, name: string, headers: Record<string, string> = { authorization }) =>
    fetch(`${server.url}/v1/audio/voices/${name}`, { method: 'DELETE', headers });
  const namesOf = async (its: SpeechEngine) => (await its.voices()).map(({ name }) => name);

  test('is added by a form or by JSON, speaks, and is removed', async () => {
    const own = opener();
    const server = await openServer(own, { apiKeys: [KEY] });
    const json = {
      body: JSON.stringify({ name: 'second', audio_sample: clip.toString('base64'), ref_text: transcript }),
      headers: { 'content-type': 'application/json' },
    };
    for (const [name, init] of [
      ['first', form({ name: 'first', audio_sample: clip, transcript, accent: 'british' })],
      ['second', json],
    ] as const) {
      const added = await add(server, init);
      expect([added.status, await added.json()]).toEqual([201, expect.objectContaining({ id: name, name })]);
      const spoken = await postSpeech(
        server,
        { input: 'Hello.', voice: name },
        { headers: { authorization, 'content-type': 'application/json' } },
      );
      expect(spoken.status).toBe(200);
      const { accent } = readVoiceFile(await own.exportVoice(name)) as { accent?: string };
      expect(accent).toBe(name === 'first' ? 'british' : undefined);
      expect((await remove(server, name)).status).toBe(200);
      expect(await namesOf(own)).not.toContain(name);
    }
  });

  test('is removed by its name however it is written, as it speaks by it', async () => {
    const own = opener();
    const server = await openServer(own, { apiKeys: [KEY] });
    for (const [name, written] of [
      ['Third', 'THIRD'],
      ['Zo\u00eb', 'zoe\u0308'],
      ['two words', ' Two  Words'],
    ] as const) {
      expect((await add(server, form({ name, audio_sample: clip, transcript }))).status).toBe(201);
      const removed = await remove(server, encodeURIComponent(written));
      expect([removed.status, await removed.json()]).toEqual([200, { id: name, object: 'voice', deleted: true }]);
    }
    expect((await remove(server, 'ELLA')).status).toBe(403);
  });

  test.each<[string, RequestInit, number, string | null]>([
    ['without a name', form({ audio_sample: clip, transcript }), 400, 'name'],
    ['without words', form({ name: 'third', audio_sample: clip }), 400, 'transcript'],
    ['without a clip', form({ name: 'third', transcript }), 400, 'audio_sample'],
    ['of an accent that is none', form({ name: 'third', audio_sample: clip, transcript, accent: 'x' }), 400, 'accent'],
    ['of a name that is none', form({ name: '../x', audio_sample: clip, transcript }), 400, 'voice'],
    [
      'of a clip that is none',
      form({ name: 'third', audio_sample: Buffer.from('x'), transcript }),
      400,
      'audio_sample',
    ],
    [
      'of a clip that is silent',
      form({ name: 'third', audio_sample: Buffer.from(encodeWav(new Float32Array(48_000))), transcript }),
      400,
      'audio_sample',
    ],
    [
      'of words without end',
      form({ name: 'third', audio_sample: clip, transcript: 'x'.repeat(3000) }),
      400,
      'transcript',
    ],
    ['as nothing of the kind', { body: 'name=x', headers: { 'content-type': 'text/plain' } }, 415, null],
    [
      'as a form that is none',
      { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=y' } },
      400,
      null,
    ],
  ])('%s is refused', async (_what, init, status, param) => {
    const server = await openServer(engine, { apiKeys: [KEY] });
    const response = await add(server, init);
    const { error } = (await response.json()) as ApiErrorBody;
    expect([response.status, error.param]).toEqual([status, param]);
    expect(await namesOf(engine)).not.toContain('third');
  });

  test('is not changed without a key, nor is one that came with the model', async () => {
    const open = await openServer(engine);
    const init = form({ name: 'third', audio_sample: clip, transcript });
    expect([(await add(open, init, {})).status, (await remove(open, 'ella', {})).status]).toEqual([403, 403]);
    const server = await openServer(engine, { apiKeys: [KEY] });
    expect((await add(server, init, {})).status).toBe(401);
    expect((await remove(server, 'ella')).status).toBe(403);
    expect((await remove(server, 'nobody')).status).toBe(404);
    expect(await namesOf(engine)).toContain('ella');
  });
});
