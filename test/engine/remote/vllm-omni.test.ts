/** The engine with servers as vLLM-Omni's, which cannot do much at a time, nor all that is asked of them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireEngine, encodeWav, type EngineLease, type ProgressEvent } from '@higgs-tts/node-red/engine';
import { temporaryFolder } from '../../engine-kit.js';
import { embeddedVoiceNames } from '../../helpers/embedded-voices.js';
import { secondsOf, VllmOmni } from './vllm-omni.js';

const TEXT = 'Dinner is ready, and the window is open.';
const [LEAST, MOST] = secondsOf(8);
const [NAME] = embeddedVoiceNames();
const EMBEDDED = { kind: 'named', name: NAME! } as const;

let servers: VllmOmni[] = [];
let lease: EngineLease | undefined;
beforeEach(async () => {
  servers = [await new VllmOmni().start(), await new VllmOmni().start()];
});
afterEach(async () => {
  await lease?.release();
  lease = undefined;
  for (const server of servers) await server.stop();
});

function engineAt(urls: readonly string[], requestsAtOnce?: number) {
  const folders = { cacheDir: temporaryFolder(), dataDir: temporaryFolder() };
  const remote = { urls, silenceSeconds: 5, ...(requestsAtOnce === undefined ? {} : { requestsAtOnce }) };
  lease = acquireEngine({ ...folders, remote, speechCacheMegabytes: 0 });
  return lease.engine;
}

const clip = (seconds: number) =>
  encodeWav(Float32Array.from({ length: 24_000 * seconds }, (_, at) => 0.3 * Math.sin(at / 15)));

describe('a server whose speech is cut where several share it', () => {
  test('gets one request at a time, and speaks each whole', async () => {
    const engine = engineAt([servers[0]!.url]);
    const spoken = await Promise.all(Array.from({ length: 4 }, () => engine.speak({ text: TEXT, voice: EMBEDDED })));
    for (const { durationSeconds, retries, stop } of spoken) {
      expect(durationSeconds).toBeGreaterThanOrEqual(LEAST);
      expect(durationSeconds).toBeLessThanOrEqual(MOST);
      expect([retries, stop]).toEqual([0, 'ended']);
    }
    expect(servers[0]!.mostOpen).toBe(1);
  });

  test('gets as many as it was set to, and what comes cut is asked for again', async () => {
    servers[0]!.workMs = 100;
    servers[0]!.faults = ['short', 'short'];
    const engine = engineAt([servers[0]!.url], 2);
    await engine.preload();
    const spoken = await Promise.all([1, 2].map(() => engine.speak({ text: TEXT, voice: EMBEDDED })));
    expect(servers[0]!.mostOpen).toBe(2);
    expect(spoken.reduce((sum, { retries }) => sum + retries, 0)).toBeGreaterThanOrEqual(2);
  });

  test('shares a long text with others, each segment once and in order', async () => {
    for (const server of servers) server.workMs = 60;
    const numbers = ['one', 'two', 'three', 'four', 'five', 'six'];
    const text = numbers.map((number) => `${'This is a sentence with a number in it, '.repeat(5)}${number}.`).join(' ');
    const engine = engineAt(servers.map(({ url }) => url));
    await engine.preload();
    const { marks, durationSeconds } = await engine.speak({ text, voice: EMBEDDED });
    const asked = servers.flatMap(({ spoken }) => spoken.map(({ input }) => input as string));
    expect(asked.sort()).toEqual(marks.map((mark) => mark.text).sort());
    expect(marks.map((mark) => mark.text).join(' ')).toBe(text);
    for (const { spoken, mostOpen } of servers) {
      expect(spoken.length).toBeGreaterThan(1);
      expect(mostOpen).toBe(1);
    }
    expect(marks.at(-1)!.endSeconds).toBeCloseTo(durationSeconds, 2);
  });

  test('does not share a text whose voice each server would choose by itself', async () => {
    const text = 'This is a sentence with a number in it. '.repeat(60);
    await engineAt(servers.map(({ url }) => url)).speak({ text });
    expect(Math.max(...servers.map(({ mostOpen }) => mostOpen))).toBe(1);
    expect(servers.reduce((sum, { spoken }) => sum + spoken.length, 0)).toBe(3);
  });
});

describe('sound from a server', () => {
  test.each([
    ['short', 'cut short'],
    ['silent', 'silent'],
    ['endless', 'too long'],
    ['cut', 'broke off'],
  ] as const)('that is %s is asked for again before anyone hears it', async (fault, told) => {
    servers[0]!.faults = [fault];
    const events: ProgressEvent[] = [];
    const heard: number[] = [];
    const { samples, retries, stop } = await engineAt([servers[0]!.url]).speak(
      { text: TEXT, voice: EMBEDDED },
      { onProgress: (event) => events.push(event), onChunk: (chunk) => heard.push(...chunk.samples) },
    );
    expect([retries, stop]).toEqual([1, 'ended']);
    expect(samples.length / 24_000).toBeGreaterThanOrEqual(LEAST);
    expect(heard).toEqual([...samples]);
    expect(events.find(({ phase }) => phase === 'retrying')).toMatchObject({ fault: told });
  });

  test('that comes wrong each time is given all the same, the least wrong of it', async () => {
    servers[0]!.faults = ['silent', 'endless', 'silent'];
    const { retries, stop } = await engineAt([servers[0]!.url]).speak({ text: TEXT, voice: EMBEDDED });
    expect([retries, stop]).toEqual([2, 'limit']);
  });

  test('that ends at the caller’s own limit says so, and is as long as that', async () => {
    const { durationSeconds, stop, retries } = await engineAt([servers[0]!.url]).speak({
      text: TEXT,
      voice: EMBEDDED,
      maxSeconds: 1.2,
    });
    expect([stop, retries]).toEqual(['limit', 0]);
    expect(durationSeconds).toBeCloseTo(1.2, 3);
    // 30 frames, and 10 steps for what lies around them.
    expect(servers[0]!.spoken[0]!['max_new_tokens']).toBe(40);
  });

  test('has no seed to tell where the server draws as it likes', async () => {
    const result = await engineAt([servers[0]!.url]).speak({ text: TEXT, voice: EMBEDDED, seed: 3 });
    expect('seed' in result).toBe(false);
    expect(servers[0]!.spoken[0]).toMatchObject({ seed: 3 });
  });
});

describe('what such a server cannot do', () => {
  test('is done here: a dialogue line by line, music under it', async () => {
    const lines = [
      { speaker: 'A', text: 'Who is at the door?', speed: 1.5 },
      { speaker: 'B', text: 'It is the post.' },
    ];
    const voices = { A: EMBEDDED, B: { kind: 'clip', clip: clip(2), transcript: 'Hello there.' } } as const;
    const result = await engineAt([servers[0]!.url]).dialogue({ lines, voices, music: { kind: 'bed', track: 'calm' } });
    expect(result.marks.map(({ speaker }) => speaker)).toEqual(['A', 'B']);
    expect(servers[0]!.spoken).toHaveLength(2);
  });

  test.each([
    ['a scene', { scene: 'A hall.' }, /takes no scene/u],
    ['a described voice', { voice: { kind: 'described', description: 'feminine' } }, /takes no described voice/u],
    ['music by the model', { music: { kind: 'model' } }, /takes no music.*a bed, mixed here, will do/u],
  ] as const)('is refused with its name: %s', async (_what, fields, message) => {
    const refused = expect(engineAt([servers[0]!.url]).speak({ text: TEXT, ...fields })).rejects;
    await refused.toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
    await refused.toThrow(message);
    expect(servers[0]!.spoken).toHaveLength(0);
  });

  test('is refused with the reason: a clip of more than 30 seconds', async () => {
    const voice = { kind: 'clip', clip: clip(31), transcript: 'Hello there.' } as const;
    const refused = expect(engineAt([servers[0]!.url]).speak({ text: TEXT, voice })).rejects;
    await refused.toMatchObject({ code: 'HIGGS_REMOTE_REFUSED' });
    await refused.toThrow(/lasts 31\.0 s; the speech servers take 1 to 30 s/u);
    expect(servers[0]!.spoken).toHaveLength(0);
  });

  test('is refused by the server in its own words: several speakers in a text', async () => {
    const refused = expect(engineAt([servers[0]!.url]).speak({ text: '[SPEAKER0] Hello. [SPEAKER1] Hi.' })).rejects;
    await refused.toThrow(/SPEAKER/u);
  });
});

test('a server that sends all at the end may take longer than it may be silent', async () => {
  servers[0]!.workMs = 1500;
  const folders = { cacheDir: temporaryFolder(), dataDir: temporaryFolder() };
  lease = acquireEngine({ ...folders, remote: { urls: [servers[0]!.url], silenceSeconds: 1 } });
  const { durationSeconds } = await lease.engine.speak({ text: TEXT, voice: EMBEDDED });
  expect(durationSeconds).toBeGreaterThanOrEqual(LEAST);
});
