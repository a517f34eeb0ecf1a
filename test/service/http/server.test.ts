import { encodeWav } from '@higgs-tts/node-red/engine';
import { HTTP_RULES, openHttpServer, type HttpOptions } from '@higgs-tts/node-red/service';
import net from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL, until } from '../../engine-kit.js';
import { openServer, postSpeech, sendRaw, type ApiErrorBody } from './server-kit.js';

// Random weights: any length of sound, fast.
const engine = engineOpener({ model: SMALL_MODEL })();
const order = { input: 'Hello there.', response_format: 'pcm', seed: 3 };
const errorOf = async (response: Response) => ((await response.json()) as ApiErrorBody).error;
const head = (length: number) =>
  `POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;

describe('the speech server', () => {
  test('gives the sound that the engine gives for the same seed', async () => {
    const server = await openServer(engine);
    const whole = await engine.speak({ text: order.input, seed: 3 });
    const response = await postSpeech(server, order);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/pcm');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.length).toBe(whole.samples.length * 2);
    expect(Buffer.from(encodeWav(whole.samples)).subarray(44).equals(bytes)).toBe(true);
  });

  test.each([
    ['wav', 'audio/wav', 'RIFF'],
    ['flac', 'audio/flac', 'fLaC'],
    ['mp3', 'audio/mpeg', '\u00ff'],
    ['opus', 'audio/ogg', 'OggS'],
    ['aac', 'audio/aac', '\u00ff\u00f1'],
  ])('gives %s with its type', async (format, type, start) => {
    const response = await postSpeech(await openServer(engine), { ...order, response_format: format });
    expect(response.headers.get('content-type')).toBe(type);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.toString('latin1', 0, start.length)).toBe(start);
    expect(bytes.length).toBeGreaterThan(1000);
  });

  test('speaks faster or slower, with as much less or more sound', async () => {
    const server = await openServer(engine);
    const lengthAt = async (speed: number) =>
      (await (await postSpeech(server, { ...order, speed })).arrayBuffer()).byteLength;
    const usual = await lengthAt(1);
    expect((await lengthAt(2)) / usual).toBeCloseTo(0.5, 2);
    expect((await lengthAt(0.5)) / usual).toBeCloseTo(2, 2);
  });

  test('sends the first sound long before the end of the generation', async () => {
    const server = await openServer(engine);
    const response = await postSpeech(server, { ...order, input: 'One sentence after the other. '.repeat(12) });
    const reader = response.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    expect(engine.info().running).toBe(true);
    await reader.cancel();
    await until(() => !engine.info().running);
  });

  test('stops the work of a client that went away, running or waiting', async () => {
    const server = await openServer(engine);
    const long = { ...order, input: 'One sentence after the other. '.repeat(40) };
    const away = new AbortController();
    const answers = [1, 2, 3].map(() => postSpeech(server, long, { signal: away.signal }));
    await until(() => engine.info().waiting === 2);
    away.abort();
    for (const answer of answers) await expect(answer.then((response) => response.arrayBuffer())).rejects.toThrow();
    await until(() => !engine.info().running && engine.info().waiting === 0);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('higgs_speech_cancelled_total 3');
  });

  test('lists voices and its model, tells its health, and counts', async () => {
    const server = await openServer(engine, { strictVoices: true });
    const get = async (path: string) => (await fetch(server.url + path)).json();
    const names = (await engine.voices()).map((voice) => voice.name);
    const voices = (await get('/v1/voices')) as { data: { id: string }[] };
    expect(voices.data.map((voice) => voice.id)).toEqual(names);
    const models = (await get('/v1/models')) as { data: { id: string }[] };
    expect(models.data).toHaveLength(1);
    // The folder that the model lies in is nobody's business.
    expect(models.data[0]!.id).toBe('small');
    expect(await get('/v1/models/small')).toEqual(models.data[0]);
    expect((await fetch(`${server.url}/v1/models/big`)).status).toBe(404);
    expect(await get('/healthz')).toMatchObject({ status: 'ok' });
    await postSpeech(server, order).then((response) => response.arrayBuffer());
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('higgs_http_requests_total{route="/v1/audio/speech",status="200"} 1');
    expect(metrics).toContain('higgs_speech_first_sound_seconds_count 1');
    expect(metrics).toMatch(/^higgs_speech_sound_seconds_total [\d.]+$/m);
  });

  test('tells a port that is taken, and that an address is not here', async () => {
    const { port } = await openServer(engine);
    const context = { engine: () => engine, owner: 'test' };
    for (const options of [{ port }, { port: 0, host: '203.0.113.7' }]) {
      await expect(openHttpServer(context, options)).rejects.toMatchObject({ code: 'HIGGS_ADDRESS_UNAVAILABLE' });
    }
    await expect(openHttpServer(context, { port: 70_000 })).rejects.toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  });

  test('is gone after its close, and so is the work', async () => {
    const server = await openServer(engine);
    const answer = postSpeech(server, { ...order, input: 'One sentence after the other. '.repeat(40) });
    await until(() => engine.info().running);
    await server.close();
    await expect(answer.then((response) => response.arrayBuffer())).rejects.toThrow();
    await until(() => !engine.info().running);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });
});

describe('what is refused', () => {
  test('a missing or wrong key, without a word about the right one; health is for everyone', async () => {
    const server = await openServer(engine, { apiKeys: ['right-key'] });
    const authorization = (key: string) => ({ 'content-type': 'application/json', authorization: `Bearer ${key}` });
    for (const headers of [{ 'content-type': 'application/json' }, authorization('wrong-key'), authorization('')]) {
      const response = await postSpeech(server, order, { headers });
      expect(response.status).toBe(401);
      const text = await response.text();
      expect(text).toContain('invalid_api_key');
      expect(text).not.toMatch(/right-key|wrong-key/);
    }
    expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await postSpeech(server, order, { headers: authorization('right-key') })).status).toBe(200);
  });

  test.each<[string, unknown, number, string | null]>([
    ['JSON that is none', '{"input": "Hello', 400, null],
    ['JSON that is no object', '["Hello"]', 400, null],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'), 400, null],
    ['JSON of great depth', '['.repeat(100_000), 400, null],
    ['a text of blanks', { input: ' ' }, 400, 'input'],
    ['a text that is too long', { input: 'a '.repeat(12_000) }, 400, 'input'],
    ['an unknown voice', { input: 'Hi.', voice: 'nobody' }, 400, 'voice'],
    ['a voice that would be a header', { input: 'Hi.', voice: 'x\r\nSet-Cookie: a=b' }, 400, 'voice'],
    ['a voice that would be a path', { input: 'Hi.', voice: '../../../etc/passwd' }, 400, 'voice'],
    ['a wrong type', { input: { text: 'Hi.' } }, 400, 'input'],
    ['a format without a codec', { input: 'Hi.', response_format: 'vorbis' }, 400, 'response_format'],
    ['a body beyond the limit', { input: 'a'.repeat(HTTP_RULES.bodyLimitBytes.fallback) }, 413, null],
  ])('%s', async (_what, body, status, param) => {
    const response = await postSpeech(await openServer(engine), body);
    expect(response.status).toBe(status);
    expect(response.headers.get('set-cookie')).toBeNull();
    const error = await errorOf(response);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(error.message).not.toMatch(/node_modules|\/tmp|\/home|at .*\.js/);
  });

  test('a body that is not sent as JSON, which any web page could do', async () => {
    const response = await postSpeech(await openServer(engine), order, { headers: { 'content-type': 'text/plain' } });
    expect(response.status).toBe(415);
  });

  test('a body that is compressed, and the error says so', async () => {
    const response = await postSpeech(await openServer(engine), gzipSync(JSON.stringify(order)), {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(response.status).toBe(415);
    expect(((await response.json()) as ApiErrorBody).error.message).toContain('compressed');
  });

  test('paths that lead elsewhere, and methods that a path does not take', async () => {
    const server = await openServer(engine);
    for (const path of ['/../../etc/passwd', '/v1/models/..%2f..%2fetc%2fpasswd', '/%2e%2e/', '//x']) {
      expect(await sendRaw(server, [`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`])).toMatch(
        /^HTTP\/1.1 404 /,
      );
    }
    const response = await fetch(`${server.url}/v1/audio/speech`);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('a body that claims to be huge, before it is sent, and one that goes on and on', async () => {
    const server = await openServer(engine, { bodyLimitBytes: 2048 });
    expect(await sendRaw(server, [head(10_000_000_000), 'x'])).toMatch(/^HTTP\/1.1 413 [^]*body_too_large/);
    const chunked = head(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked');
    const chunk = `400\r\n${'x'.repeat(1024)}\r\n`;
    expect(await sendRaw(server, [chunked, chunk, chunk, chunk, chunk])).toMatch(/^HTTP\/1.1 413 [^]*body_too_large/);
  });

  test('a body that trickles in, and a head that never ends', async () => {
    const server = await openServer(engine, { bodySeconds: 0.3 });
    expect(await sendRaw(server, [head(500), '{', 200, '"', 200, 'i', 2000, 'n'])).toMatch(
      /^HTTP\/1.1 408 [^]*body_too_slow/,
    );
    expect(await sendRaw(server, ['GET /healthz HTTP/1.1\r\n', 100, 'A: b\r\n'])).toMatch(/^HTTP\/1.1 408 /);
  });

  test('what is no HTTP, and heads of great size', async () => {
    const server = await openServer(engine);
    expect(await sendRaw(server, ['\u0016\u0003\u0001 hello\r\n\r\n'])).toMatch(/^HTTP\/1.1 400 /);
    expect(await sendRaw(server, [`GET / HTTP/1.1\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`])).toMatch(/^HTTP\/1.1 431 /);
  });

  test('more requests than the rate allows, and more speeches than there are places, with a time to come again', async () => {
    const busy = await openServer(engine, { requestsPerMinute: 2 });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await fetch(`${busy.url}/v1/models`)).status);
    expect(statuses).toEqual([200, 200, 429]);

    const small = await openServer(engine, { speechLimit: 1 });
    const away = new AbortController();
    const long = { ...order, input: 'One sentence after the other. '.repeat(40) };
    const first = postSpeech(small, long, { signal: away.signal });
    await until(() => engine.info().running);
    const second = await postSpeech(small, order);
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '5']);
    expect(await errorOf(second)).toMatchObject({ type: 'rate_limit_error', code: 'queue_full' });
    away.abort();
    await expect(first.then((response) => response.arrayBuffer())).rejects.toThrow();
    await until(() => !engine.info().running);
    expect((await postSpeech(small, order)).status).toBe(200);
  });
});

describe('web pages', () => {
  const origin = 'https://home.example';
  const ask = (url: string, headers: Record<string, string>) =>
    fetch(`${url}/v1/audio/speech`, {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'POST', ...headers },
    });

  test('are kept away unless their origin is allowed', async () => {
    const closed = await openServer(engine);
    expect((await ask(closed.url, { origin })).headers.get('access-control-allow-origin')).toBeNull();
    const open = await openServer(engine, { corsOrigins: [origin] });
    const answer = await ask(open.url, { origin, 'access-control-request-headers': 'authorization,x-stainless-os' });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization,x-stainless-os');
    expect(
      (await ask(open.url, { origin: 'https://evil.example' })).headers.get('access-control-allow-origin'),
    ).toBeNull();
    const spoken = await postSpeech(open, order, { headers: { 'content-type': 'application/json', origin } });
    expect(spoken.headers.get('access-control-allow-origin')).toBe(origin);
  });
});

describe('the Host header', () => {
  const statusOf = async (host: string | undefined, options: HttpOptions = {}) => {
    const server = await openServer(engine, options);
    const head = host === undefined ? 'GET /healthz HTTP/1.0' : `GET /healthz HTTP/1.1\r\nhost: ${host}`;
    const answer = await sendRaw(server, [`${head}\r\nconnection: close\r\n\r\n`]);
    return Number(answer.split(' ')[1]);
  };

  test.each(['127.0.0.1', '127.0.0.1:80', 'localhost:8880', 'LOCALHOST.', '[::1]:8880'])(
    '%j is answered',
    async (host) => {
      expect(await statusOf(host)).toBe(200);
    },
  );

  test.each([
    'rebound.example',
    'rebound.example:8880',
    'localhost.rebound.example',
    '192.168.1.20',
    'a@localhost',
    ':',
  ])('%j is not answered at the loopback address without a key', async (host) => {
    expect(await statusOf(host)).toBe(421);
  });

  test('a name that was listed is answered, and any name where there are keys', async () => {
    expect(await statusOf('speech.example:1', { allowedHosts: ['Speech.Example'] })).toBe(200);
    expect(await statusOf('rebound.example', { apiKeys: ['key'] })).toBe(200);
  });

  test('may be missing, as it never is in a browser', async () => {
    expect(await statusOf(undefined)).toBe(200);
  });

  test.each([
    ['192.168.1.20:8880', 200],
    ['[fe80::1]', 200],
    ['speech', 200],
    ['hall.local', 200],
    ['rebound.example', 421],
    ['192.168.1.20.rebound.example', 421],
  ])('%j on a network is answered with %i', async (host, status) => {
    expect(await statusOf(host, { host: '0.0.0.0' })).toBe(status);
  });

  test('tells the client what is wrong', async () => {
    const server = await openServer(engine);
    const answer = await sendRaw(server, [
      'GET /v1/voices HTTP/1.1\r\nhost: rebound.example\r\nconnection: close\r\n\r\n',
    ]);
    expect(answer).toContain('"code":"misdirected_request"');
  });
});

test.each<[string, unknown]>([
  ['instructions', 'x'.repeat(2001)],
  ['voice', 'x'.repeat(257)],
  ['voice', { id: 'x'.repeat(257) }],
  ['language', 'x'.repeat(257)],
  ['model', 'x'.repeat(257)],
  ['response_format', 'x'.repeat(257)],
  ['stream_format', 'x'.repeat(257)],
])('a field %j that is too long is refused in few words', async (field, value) => {
  const response = await postSpeech(await openServer(engine), { input: 'Hello.', [field]: value });
  const body = (await response.json()) as ApiErrorBody;
  expect([response.status, body.error.param]).toEqual([400, field]);
  expect(body.error.message.length).toBeLessThan(200);
});

test('one address cannot take all connections', async () => {
  const server = await openServer(engine, { connectionLimit: 4 });
  const sockets = Array.from({ length: 4 }, () => net.connect(server.port, '127.0.0.1').on('error', () => undefined));
  await until(() => sockets.filter(({ destroyed }) => destroyed).length === 1);
  for (const socket of sockets) socket.destroy();
});
