import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireEngine, type EngineLease, type HiggsError, type RemoteOptions } from '@higgs-tts/node-red/engine';
import { temporaryFolder } from '../../engine-kit.js';
import { openHttpServer } from '@higgs-tts/node-red/service';
import { embeddedVoice, embeddedVoiceNames } from '../../helpers/embedded-voices.js';
import { SPEECH, SpeechServer } from './speech-server.js';

let servers: SpeechServer[] = [];
let lease: EngineLease | undefined;
beforeEach(async () => {
  servers = [await new SpeechServer().start(), await new SpeechServer().start()];
});
afterEach(async () => {
  await lease?.release();
  lease = undefined;
  for (const server of servers) await server.stop();
});

function engineOf(remote: Partial<RemoteOptions> = {}) {
  const folders = { cacheDir: temporaryFolder(), dataDir: temporaryFolder() };
  lease = acquireEngine({ ...folders, remote: { urls: servers.map(({ url }) => url), silenceSeconds: 5, ...remote } });
  return lease.engine;
}

const [NAME, OTHER] = embeddedVoiceNames();

test('speech comes from the servers, in chunks, with the account that every engine gives', async () => {
  const engine = engineOf();
  const chunks: number[] = [];
  const result = await engine.speak(
    { text: 'Dinner is ready at 7.', voice: { kind: 'named', name: NAME! }, seed: 3 },
    { onChunk: ({ samples }) => chunks.push(...samples) },
  );
  expect([...result.samples]).toEqual([...SPEECH]);
  expect(chunks).toEqual([...SPEECH]);
  expect(result).toMatchObject({ seed: 3, voice: NAME, stop: 'ended', durationSeconds: 2 });
  expect(engine.info()).toMatchObject({ state: 'ready', device: 'remote' });
  const { body } = servers.flatMap(({ spoken }) => spoken)[0]!;
  expect(body['input']).toBe('Dinner is ready at seven.');
  expect(JSON.stringify(body['references'])).toContain('data:audio/wav;base64,');
});

test('a dialogue goes line by line to a speech endpoint, with each speaker’s clip', async () => {
  const lines = [
    { speaker: 'A', text: 'Who is at the door?' },
    { speaker: 'B', text: 'It is the post.' },
  ];
  const voices = { A: { kind: 'named', name: NAME! }, B: { kind: 'named', name: OTHER! } } as const;
  const result = await engineOf().dialogue({ lines, voices, gapSeconds: 0.5 });
  expect(result.durationSeconds).toBeCloseTo(4.5, 3);
  expect(result.marks.map(({ speaker }) => speaker)).toEqual(['A', 'B']);
  const references = servers.flatMap(({ spoken }) => spoken).map(({ body }) => JSON.stringify(body['references']));
  expect(new Set(references).size).toBe(2);
});

test('a short dialogue is one generation for a chat endpoint', async () => {
  const lines = [
    { speaker: 'A', text: 'Who is at the door?' },
    { speaker: 'B', text: 'It is the post.' },
  ];
  const voices = { A: { kind: 'any' }, B: { kind: 'described', description: 'masculine' } } as const;
  await engineOf({ api: 'chat' }).dialogue({ lines, voices });
  const spoken = servers.flatMap((server) => server.spoken);
  expect(spoken).toHaveLength(1);
  const script = '[SPEAKER0] Who is at the door?\n[SPEAKER1] It is the post.';
  expect(JSON.stringify(spoken[0]!.body)).toContain(JSON.stringify(script).slice(1, -1));
});

test('requests run side by side, as many as the servers are to get', async () => {
  for (const server of servers) server.delayMs = 300;
  const engine = engineOf({ requestsAtOnce: 3 });
  await Promise.all(Array.from({ length: 12 }, () => engine.speak({ text: 'Dinner is ready.' })));
  expect(servers.map(({ mostOpen }) => mostOpen)).toEqual([3, 3]);
});

test('a request that is stopped lets its server go, and the others go on', async () => {
  for (const server of servers) server.delayMs = 500;
  const engine = engineOf();
  const stop = new AbortController();
  const stopped = engine.speak({ text: 'Never heard.' }, { signal: stop.signal });
  const other = engine.speak({ text: 'Dinner is ready.' });
  setTimeout(() => stop.abort(), 200);
  await expect(stopped).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
  expect([...(await other).samples]).toEqual([...SPEECH]);
});

describe('where no server speaks', () => {
  beforeEach(() => {
    for (const server of servers) server.manner = 'broken';
  });

  test('the request fails, saying what each server did, and never the key', async () => {
    const thrown: unknown = await engineOf({ key: 'secret-key' })
      .speak({ text: 'Dinner is ready.' })
      .catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: 'HIGGS_REMOTE_UNREACHABLE' });
    expect(JSON.stringify([thrown, String(thrown), (thrown as HiggsError).cause])).not.toContain('secret-key');
  });

  test('this machine speaks, where it may, one request at a time, and says so', async () => {
    const engine = engineOf({ fallBack: true });
    const voice = { kind: 'named', name: NAME! } as const;
    const results = await Promise.all([1, 2].map((seed) => engine.speak({ text: 'Dinner is ready.', voice, seed })));
    for (const { durationSeconds } of results) expect(durationSeconds).toBeGreaterThan(0.6);
    expect(engine.info().warnings.join()).toContain('This machine speaks in their place.');
    for (const server of servers) server.manner = 'well';
    expect([...(await engine.speak({ text: 'Dinner is ready.' })).samples]).toEqual([...SPEECH]);
    expect(engine.info()).toMatchObject({ device: 'remote', warnings: [] });
  });
});

test('an engine behind another one speaks as it would by itself', async () => {
  const folders = { cacheDir: temporaryFolder(), dataDir: temporaryFolder(), speechCacheMegabytes: 0 };
  const behind = acquireEngine({ ...folders, threads: 1 });
  const server = await openHttpServer({ engine: () => behind.engine, owner: 'test' }, { port: 0 });
  const front = engineOf({ urls: [server.url] });
  try {
    await behind.engine.preload();
    for (const voice of [
      { kind: 'named', name: OTHER! } as const,
      { kind: 'clip', ...embeddedVoice(NAME!) } as const,
    ]) {
      const request = { text: 'Dinner is ready at 7.', voice, seed: 4 };
      const [there, here] = [await front.speak(request), await behind.engine.speak(request)];
      // One step of 16 bits is all that the way takes.
      expect(there.samples.length).toBe(here.samples.length);
      expect(Math.max(...there.samples.map((sample, at) => Math.abs(sample - here.samples[at]!)))).toBeLessThan(2e-4);
      expect(there.seed).toBe(4);
    }
  } finally {
    await server.close();
    await behind.release();
  }
});

test('a clip is checked here before it becomes a voice', async () => {
  const source = { kind: 'clip', clip: Buffer.from('no sound'), transcript: 'Hello.' } as const;
  await expect(engineOf().registerVoice({ name: 'nobody', source })).rejects.toMatchObject({
    code: 'HIGGS_CLIP_UNREADABLE',
  });
});

test.each([
  { urls: [] },
  { urls: ['gpu'] },
  { urls: ['http://gpu'], silenceSeconds: 0 },
  { urls: ['http://gpu'], api: 'grpc' },
])('the options %j are refused', (remote) => {
  expect(() => acquireEngine({ remote: remote as RemoteOptions })).toThrow(
    expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }),
  );
});
