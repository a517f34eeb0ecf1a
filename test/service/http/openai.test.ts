/** OpenAI's own client, unchanged: what it sends, and what it takes for an answer. */
import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL } from '../../engine-kit.js';
import { openServer } from './server-kit.js';

const engine = engineOpener({ model: SMALL_MODEL })();
const KEY = 'a-key-for-tests';

async function openClient(options: { readonly speechLimit?: number; readonly apiKey?: string } = {}): Promise<OpenAI> {
  const { apiKey = KEY, ...limits } = options;
  const server = await openServer(engine, { apiKeys: [KEY], ...limits });
  return new OpenAI({ baseURL: `${server.url}/v1`, apiKey, maxRetries: 0 });
}

interface Times {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const speech = { model: 'tts-1', input: 'Hello there.' };

async function someVoice(): Promise<string> {
  return (await engine.voices())[0]!.name;
}

test('speaks, as a whole file', async () => {
  const client = await openClient();
  const response = await client.audio.speech.create({ ...speech, voice: await someVoice(), response_format: 'wav' });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
  expect(bytes.length).toBeGreaterThan(1000);
});

test.each(['mp3', 'wav', 'flac', 'pcm'] as const)(
  'a text without words is a short silence in the form %s',
  async (response_format) => {
    const client = await openClient();
    const ask = async (input: string) => {
      const response = await client.audio.speech.create({
        ...speech,
        input,
        voice: await someVoice(),
        response_format,
      });
      return (await response.arrayBuffer()).byteLength;
    };
    expect(await ask('😀')).toBeGreaterThan(60);
    await expect(ask(' ')).rejects.toMatchObject({ status: 400, code: 'HIGGS_TEXT_EMPTY' });
  },
);

test('gives MP3 where no format is named', async () => {
  const client = await openClient();
  const response = await client.audio.speech.create({ ...speech, voice: await someVoice() });
  expect(response.headers.get('content-type')).toBe('audio/mpeg');
});

test('gives the sound in pieces as it comes', async () => {
  const client = await openClient();
  const input = 'One sentence after the other. '.repeat(4);
  const response = await client.audio.speech.create({
    ...speech,
    input,
    voice: await someVoice(),
    response_format: 'pcm',
  });
  let pieces = 0;
  for await (const piece of response.body! as AsyncIterable<Uint8Array>) {
    expect(piece.length).toBeGreaterThan(0);
    pieces += 1;
  }
  expect(pieces).toBeGreaterThan(1);
});

test('gives the sound in events, the same bytes as without them', async () => {
  const client = await openClient();
  const request = { ...speech, voice: await someVoice(), response_format: 'pcm', seed: 5 } as const;
  const plain = Buffer.from(await (await client.audio.speech.create(request)).arrayBuffer());
  const response = await client.audio.speech.create({ ...request, stream_format: 'sse' });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const events = (await response.text())
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as { type: string; audio?: string; usage?: object });
  const deltas = events.filter((event) => event.type === 'speech.audio.delta');
  expect(Buffer.concat(deltas.map((event) => Buffer.from(event.audio!, 'base64'))).equals(plain)).toBe(true);
  expect(events.at(-1)).toMatchObject({ type: 'speech.audio.done', usage: { input_tokens: speech.input.length } });
});

test('gives the times of the segments in an event, where they are asked for', async () => {
  const client = await openClient();
  const input = 'One sentence. And another one after it, which is longer.';
  const request = { ...speech, input, voice: await someVoice(), response_format: 'pcm', speed: 2 } as const;
  const response = await client.audio.speech.create({
    ...request,
    stream_format: 'sse',
    timestamp_granularities: ['segment'],
  } as never);
  const events = (await response.text())
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as { type: string; audio?: string; segments?: Times[] });
  const { segments = [] } = events.find(({ type }) => type === 'speech.audio.timestamps')!;
  expect(segments.map(({ text }) => text).join(' ')).toBe(input);
  for (const [index, { start, end }] of segments.entries()) {
    expect(end).toBeGreaterThan(start);
    expect(start).toBeGreaterThanOrEqual(segments[index - 1]?.end ?? 0);
  }
  const bytes = events.reduce((sum, { audio = '' }) => sum + Buffer.from(audio, 'base64').length, 0);
  expect(segments.at(-1)!.end).toBeCloseTo(bytes / 48_000, 1);
});

test('gives the times of the words in the same event, at the speed that was asked for, where the model can tell', async () => {
  const timesOf = async (client: OpenAI, speed: number, timestamp_granularities: readonly string[]) => {
    const sse = { response_format: 'pcm', stream_format: 'sse', seed: 5 } as const;
    const request = { ...speech, ...sse, input: 'One sentence. And another one.', voice: await someVoice() };
    const response = await client.audio.speech.create({ ...request, speed, timestamp_granularities } as never);
    const event = /data: (.*"speech\.audio\.timestamps".*)/.exec(await response.text())![1]!;
    return JSON.parse(event) as { words?: { word: string; start: number; end: number }[]; segments?: Times[] };
  };
  const embedded = await openServer(engineOpener()(), { apiKeys: [KEY] });
  const client = new OpenAI({ baseURL: `${embedded.url}/v1`, apiKey: KEY, maxRetries: 0 });
  const { words = [], segments = [] } = await timesOf(client, 1, ['word', 'segment']);
  expect(words.map(({ word }) => word)).toEqual(['One', 'sentence.', 'And', 'another', 'one.']);
  for (const [index, { start, end }] of words.entries()) {
    const segment = segments[index < 2 ? 0 : 1]!;
    expect(start).toBeGreaterThanOrEqual(segment.start);
    expect(end).toBeGreaterThan(start);
    expect(end).toBeLessThanOrEqual(segment.end + 1e-6);
  }
  const fast = await timesOf(client, 2, ['word']);
  expect(fast.segments).toBeUndefined();
  for (const [index, { start }] of fast.words!.entries()) expect(start).toBeCloseTo(words[index]!.start / 2, 6);
  const { words: none, segments: instead = [] } = await timesOf(await openClient(), 1, ['word']);
  expect(none).toBeUndefined();
  expect(instead.length).toBeGreaterThan(0);
});

test.each([
  { stream_format: 'sse', timestamp_granularities: ['syllable'] },
  { stream_format: 'sse', timestamp_granularities: 'segment' },
  { timestamp_granularities: ['segment'] },
])('refuses times that there are none of: %j', async (fields) => {
  const client = await openClient();
  const asked = client.audio.speech.create({ ...speech, voice: await someVoice(), ...fields } as never);
  await expect(asked).rejects.toMatchObject({ status: 400, param: 'timestamp_granularities' });
});

test('lists the models', async () => {
  const client = await openClient();
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toEqual(['small']);
  expect((await client.models.retrieve('small')).object).toBe('model');
});

test('throws its own errors', async () => {
  const voice = await someVoice();
  const wrongKey = await openClient({ apiKey: 'wrong' });
  await expect(wrongKey.audio.speech.create({ ...speech, voice })).rejects.toThrow(OpenAI.AuthenticationError);
  const client = await openClient();
  await expect(client.audio.speech.create({ ...speech, voice: 'nobody' })).rejects.toMatchObject({
    status: 400,
    code: 'HIGGS_VOICE_UNKNOWN',
    param: 'voice',
    requestID: expect.stringMatching(/^req_/) as string,
  });
  await expect(client.audio.speech.create({ ...speech, voice, response_format: 'vorbis' as 'aac' })).rejects.toThrow(
    OpenAI.BadRequestError,
  );
  await expect(client.models.retrieve('gpt-4o')).rejects.toThrow(OpenAI.NotFoundError);
});

test('waits and asks again where there is no place', async () => {
  const server = await openServer(engine, { speechLimit: 1 });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 3 });
  const voice = await someVoice();
  const request = { ...speech, voice, response_format: 'pcm', seed: 1 } as const;
  const speak = () => client.audio.speech.create(request);
  const sounds = await Promise.all([speak(), speak()].map(async (answer) => (await answer).arrayBuffer()));
  expect(sounds[0]!.byteLength).toBe(sounds[1]!.byteLength);
});
