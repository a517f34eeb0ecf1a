import http from 'node:http';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { openSoundHost, type SoundHost, type SoundHostOptions } from '../../../src/service/sound-host/index.js';

const BYTES = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
const hosts: SoundHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function open(options: SoundHostOptions = {}): Promise<SoundHost> {
  const host = await openSoundHost({ bindAddress: '127.0.0.1', ...options });
  hosts.push(host);
  return host;
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The path as it stands: fetch would tidy it up. */
function ask(host: SoundHost, path: string, headers: http.OutgoingHttpHeaders = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: '127.0.0.1', port: host.port, path, method, headers, agent: false },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }),
        );
      },
    );
    request.on('error', reject).end();
  });
}

const pathOf = (url: string) => new URL(url).pathname;

describe('a loudspeaker', () => {
  test('gets the whole sound with its type and length', async () => {
    const host = await open();
    const { url } = host.put(BYTES, 'audio/wav', 'wav');
    const { status, headers, body } = await ask(host, pathOf(url));
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'audio/wav', 'content-length': '1000', 'accept-ranges': 'bytes' });
    expect(body.equals(BYTES)).toBe(true);
    expect((await fetch(url)).status).toBe(200);
  });

  test('may ask for the head alone, and add a question of its own', async () => {
    const host = await open();
    const path = pathOf(host.put(BYTES, 'audio/mpeg', 'mp3').url);
    const { status, headers, body } = await ask(host, `${path}?cache=7`, {}, 'HEAD');
    expect([status, headers['content-type'], headers['content-length'], body.length]).toEqual([
      200,
      'audio/mpeg',
      '1000',
      0,
    ]);
  });

  test.each([
    ['bytes=0-1', 0, 1],
    ['bytes=900-', 900, 999],
    ['bytes=-5', 995, 999],
    ['bytes=990-5000', 990, 999],
  ])('that asks for %s gets just that', async (range, first, last) => {
    const host = await open();
    const path = pathOf(host.put(BYTES, 'audio/wav', 'wav').url);
    for (const method of ['GET', 'HEAD']) {
      const { status, headers, body } = await ask(host, path, { range }, method);
      expect(status).toBe(206);
      expect(headers['content-range']).toBe(`bytes ${first}-${last}/1000`);
      expect(headers['content-length']).toBe(String(last - first + 1));
      expect(body.equals(method === 'HEAD' ? Buffer.alloc(0) : BYTES.subarray(first, last + 1))).toBe(true);
    }
  });

  test('that asks beyond the end is told how long the sound is', async () => {
    const host = await open();
    const { status, headers } = await ask(host, pathOf(host.put(BYTES, 'audio/wav', 'wav').url), {
      range: 'bytes=1000-',
    });
    expect([status, headers['content-range']]).toEqual([416, 'bytes */1000']);
  });

  test.each(['bytes=0-1,5-6', 'nonsense', 'bytes=5-1'])('that asks for "%s" gets the whole', async (range) => {
    const host = await open();
    const { status, body } = await ask(host, pathOf(host.put(BYTES, 'audio/wav', 'wav').url), { range });
    expect([status, body.length]).toEqual([200, 1000]);
  });

  test('gets a part only of the sound that it has begun', async () => {
    const host = await open();
    const path = pathOf(host.put(BYTES, 'audio/wav', 'wav').url);
    const tag = (await ask(host, path)).headers.etag!;
    expect((await ask(host, path, { range: 'bytes=5-', 'if-range': tag })).status).toBe(206);
    expect((await ask(host, path, { range: 'bytes=5-', 'if-range': '"other"' })).status).toBe(200);
  });

  test('finds nothing after the sound has expired', async () => {
    const host = await open({ keepSeconds: 1 });
    const { url, expiresAtMs } = host.put(BYTES, 'audio/wav', 'wav');
    expect((await ask(host, pathOf(url))).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, expiresAtMs - Date.now() + 20));
    expect((await ask(host, pathOf(url))).status).toBe(404);
  });
});

describe('nobody', () => {
  test.each([
    '/',
    '/sounds',
    '/sounds/',
    '/sounds/../package.json',
    '/sounds/..%2f..%2fetc%2fpasswd',
    '/sounds/%2e%2e/%2e%2e/etc/passwd',
    '//etc/passwd',
    '/sounds/NAME/',
    '/sounds/./NAME',
    '//sounds/NAME',
    '/sounds/NAME%00.txt',
    '/sounds/constructor',
    'http://example.com/sounds/NAME',
    '/sounds/AAAAAAAAAAAAAAAAAAAAAA.wav',
    `/sounds/${'A'.repeat(300)}.wav`,
  ])('gets anything by the path %s', async (path) => {
    const host = await open();
    const name = pathOf(host.put(BYTES, 'audio/wav', 'wav').url)
      .split('/')
      .at(-1)!;
    const { status, body } = await ask(host, path.replace('NAME', name));
    expect([status, body.length]).toEqual([404, 0]);
  });

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('changes anything by %s', async (method) => {
    const host = await open();
    const path = pathOf(host.put(BYTES, 'audio/wav', 'wav').url);
    const { status, headers } = await ask(host, path, {}, method);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    expect((await ask(host, path)).status).toBe(200);
  });

  test('keeps the server from others by a broken request or a cut connection', async () => {
    const host = await open();
    const path = pathOf(host.put(BYTES, 'audio/wav', 'wav').url);
    for (const text of ['nonsense\r\n\r\n', `GET ${path} HTTP/1.1\r\n`, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`]) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(host.port, '127.0.0.1', () => socket.write(text, () => socket.destroy()));
        socket.on('close', () => resolve());
      });
    }
    expect((await ask(host, path)).status).toBe(200);
  });
});

describe('the sound host', () => {
  test('gives out the address that was configured', async () => {
    const host = await open({ baseUrl: 'https://home.example/voice/' });
    expect(host.put(BYTES, 'audio/wav', 'wav').url).toMatch(/^https:\/\/home\.example\/voice\/sounds\/[\w-]{22}\.wav$/);
  });

  test.each([
    { baseUrl: 'home' },
    { baseUrl: 'ftp://a/' },
    { baseUrl: 'http://a/?b' },
    { port: 70_000 },
    { keepSeconds: 0 },
  ])('refuses %j', async (options) => {
    await expect(openSoundHost(options)).rejects.toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  });

  test.each([
    ['127.0.0.1', 'The address 127.0.0.1:'],
    ['', 'Port '],
  ])('says which port of "%s" is taken', async (bindAddress, where) => {
    const { port } = await open({ bindAddress });
    await expect(open({ bindAddress, port })).rejects.toMatchObject({
      code: 'HIGGS_ADDRESS_UNAVAILABLE',
      message: `${where}${port} is in use already.`,
    });
  });

  test('refuses a sound that is larger than all it may keep', async () => {
    const host = await open({ megabytes: 1 });
    expect(() => host.put(new Uint8Array(1_000_001), 'audio/wav', 'wav')).toThrow(
      expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }) as Error,
    );
  });

  test('closes at once, with those who still listen, twice if need be', async () => {
    const host = await open();
    const { url } = host.put(new Uint8Array(30_000_000), 'audio/wav', 'wav');
    const socket = net.connect(host.port, '127.0.0.1', () =>
      socket.write(`GET ${pathOf(url)} HTTP/1.1\r\nHost: a\r\n\r\n`),
    );
    const cut = new Promise<void>((resolve) => socket.on('error', () => undefined).on('close', () => resolve()));
    // One part of the sound has come, and nobody takes the rest.
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    await host.close();
    await host.close();
    socket.resume();
    await cut;
  });
});

test.each<[string, SoundHostOptions, string, number]>([
  ['its own address', {}, '127.0.0.1:1', 200],
  ['a page’s own name', {}, 'rebound.example', 421],
  ['the name that it was configured with', { baseUrl: 'https://sounds.example/house' }, 'sounds.example', 200],
  ['an address, where it listens at all of them', { bindAddress: '0.0.0.0' }, '192.168.1.20:8090', 200],
  ['a page’s own name, where it listens at all addresses', { bindAddress: '' }, 'rebound.example', 421],
])('a request by %s', async (_what, options, name, status) => {
  const host = await open(options);
  const path = pathOf(host.put(BYTES, 'audio/wav', 'wav').url).replace('/house', '');
  expect((await ask(host, path, { host: name })).status).toBe(status);
});

test('one address cannot take all connections', async () => {
  const host = await open();
  const sockets = Array.from({ length: 200 }, () => net.connect(host.port, '127.0.0.1').on('error', () => undefined));
  await expect.poll(() => sockets.filter(({ destroyed }) => destroyed).length).toBe(50);
  for (const socket of sockets) socket.destroy();
});
