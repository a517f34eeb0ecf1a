import { describe, expect, test } from 'vitest';
import { encodeSound } from '../../src/engine/index.js';
import type { PlayOptions, SoundSource } from '../../src/players/index.js';
import { describeRenderer } from '../../src/players/upnp/description.js';
import { discoverRenderers, locateRenderer } from '../../src/players/upnp/discover.js';
import { Renderer } from '../../src/players/upnp/renderer.js';
import { USUAL_TIMING, type Timing } from '../../src/players/upnp/watch.js';
import { openSoundHost } from '../../src/service/index.js';
import { until } from '../helpers/waiting.js';
import { FakeRenderer, type Behaviour } from './renderer-kit.js';

const QUICK: Timing = { ...USUAL_TIMING, everyMs: 15, beginLimitMs: 300, lateMs: 150, pauseLimitMs: 200 };

async function source(seconds = 0.1): Promise<SoundSource> {
  const samples = Float32Array.from({ length: 24_000 * seconds }, (_, index) => Math.sin(index / 9) / 2);
  return { kind: 'bytes', bytes: await encodeSound({ channels: [samples], sampleRateHz: 24_000 }, 'wav16') };
}

async function setUp(behaviour: Behaviour = {}) {
  const device = await FakeRenderer.open(behaviour);
  const host = await openSoundHost({ bindAddress: '127.0.0.1' });
  const renderer = new Renderer(await describeRenderer(device.location), QUICK);
  const abort = new AbortController();
  const publish: PlayOptions['publish'] = (...sound) => Promise.resolve(host.put(...sound));
  const options: PlayOptions = { signal: abort.signal, publish };
  return { device, renderer, abort, options, host };
}

describe('a renderer', () => {
  test('fetches the sound, is told what it is, and the sound ends when the renderer says so', async () => {
    const { device, renderer, options } = await setUp();
    await renderer.play(await source(), options);
    expect(device.state).toBe('STOPPED');
    expect(device.fetched[0]!.toString('latin1', 0, 4)).toBe('RIFF');
    expect(device.metadata).toContain('protocolInfo="http-get:*:audio/wav:*"');
    expect(device.metadata).toContain('duration="0:00:00.100"');
    await renderer.rest();
    // It played nothing before: nothing plays on.
    expect(device.state).toBe('STOPPED');
  });

  test('has its volume set for the sound and put back after the last one', async () => {
    const { device, renderer, options } = await setUp({ mostVolume: 50 });
    await renderer.play(await source(), { ...options, volume: 80 });
    expect(device.volume).toBe(40);
    device.volume = 25;
    const again = renderer.play(await source(), { ...options, volume: 10 });
    await until(() => device.volume === 5);
    await again;
    await renderer.rest();
    // What it was before the first: the renderer's 40 of 50.
    expect(device.volume).toBe(40);
  });

  test('keeps a volume that somebody has turned it to meanwhile', async () => {
    const { device, renderer, options } = await setUp();
    await renderer.play(await source(), { ...options, volume: 80 });
    device.volume = 66;
    await renderer.rest();
    expect(device.volume).toBe(66);
  });

  test('goes on with the track that played, at its place', async () => {
    const { device, renderer, options } = await setUp();
    Object.assign(device, { state: 'PLAYING', uri: 'http://127.0.0.1:1/track', metadata: '<track/>' });
    Object.assign(device, { relTime: '0:01:30', duration: '0:04:00' });
    await renderer.play(await source(), options);
    await renderer.rest();
    expect(device).toMatchObject({ state: 'PLAYING', uri: 'http://127.0.0.1:1/track', relTime: '0:01:30' });
    expect(device.metadata).toBe('<track/>');
  });

  test('begins a radio again, which has no place', async () => {
    const { device, renderer, options } = await setUp();
    Object.assign(device, { state: 'PLAYING', uri: 'http://127.0.0.1:1/radio' });
    await renderer.play(await source(), options);
    await renderer.rest();
    expect(device).toMatchObject({ state: 'PLAYING', uri: 'http://127.0.0.1:1/radio' });
    expect(device.actions).not.toContain('Seek');
  });

  test('is left alone where somebody has put something else on', async () => {
    const { device, renderer, options } = await setUp();
    Object.assign(device, { state: 'PLAYING', uri: 'http://127.0.0.1:1/radio' });
    await renderer.play(await source(), options);
    device.uri = 'http://127.0.0.1:1/other';
    await renderer.rest();
    expect(device.uri).toBe('http://127.0.0.1:1/other');
  });

  test('stops at once when the sound is stopped', async () => {
    const { device, renderer, options, abort } = await setUp({ playMs: 60_000 });
    const playing = renderer.play(await source(50), options);
    const ends = expect(playing).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    await until(() => device.state === 'PLAYING');
    abort.abort();
    await ends;
    expect(device.state).toBe('STOPPED');
  });

  test('is not waited for where a stream is stopped that is not whole yet', async () => {
    const { device, renderer, options, abort } = await setUp();
    async function* unfinished() {
      yield Buffer.from('RIFF');
      await new Promise(() => undefined);
    }
    const playing = renderer.play({ kind: 'chunks', chunks: unfinished() }, options);
    const ends = expect(playing).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    setImmediate(() => abort.abort());
    await ends;
    expect(device.actions).toEqual([]);
  });

  test('gets an address that somebody gave as it is', async () => {
    const { device, renderer, options, host } = await setUp();
    const { url } = host.put(Buffer.from('ID3'), 'audio/mpeg', 'mp3');
    await renderer.play({ kind: 'url', url }, options);
    expect(device.uri).toBe(url);
    expect(device.metadata).toContain('audio/mpeg');
  });
});

describe('a renderer that misbehaves', () => {
  test('by taking no description of the sound gets none', async () => {
    const { device, renderer, options } = await setUp({ refusesMetadata: true });
    await renderer.play(await source(), options);
    expect([device.metadata, device.fetched.length]).toEqual(['', 1]);
  });

  test('by answering late is waited for', async () => {
    const { device, renderer, options } = await setUp({ slowMs: 120 });
    await renderer.play(await source(), options);
    expect(device.fetched).toHaveLength(1);
  });

  test('by telling neither volume nor what plays is played on all the same', async () => {
    const refuses = { GetVolume: 500, GetMediaInfo: 401, GetPositionInfo: 500 };
    const { device, renderer, options } = await setUp({ refuses });
    await renderer.play(await source(), { ...options, volume: 50 });
    await renderer.rest();
    expect(device.fetched).toHaveLength(1);
  });

  test('by staying at "playing" for ever is stopped after the sound’s length', async () => {
    const { device, renderer, options } = await setUp({ stuck: true });
    await renderer.play(await source(), options);
    expect(device.state).toBe('STOPPED');
  });

  test.each<[string, Behaviour, string]>([
    ['answering with status 500', { refuses: { Play: 500 } }, 'refused Play: status 500'],
    ['refusing the sound', { refuses: { SetAVTransportURI: 716 } }, '716 No'],
    ['saying that it failed', { fails: true }, 'says that it failed'],
    ['never fetching the sound', { deaf: true }, 'did not fetch http://127.0.0.1:'],
  ])('by %s is an error that says so', async (_, behaviour, message) => {
    const { renderer, options } = await setUp(behaviour);
    const error = { code: 'HIGGS_PLAYER_FAILED', message: expect.stringContaining(message) as string };
    await expect(renderer.play(await source(), options)).rejects.toMatchObject(error);
  });

  test('by going away, before or in the middle, is unreachable', async () => {
    const { device, renderer, options } = await setUp({ playMs: 60_000 });
    const playing = renderer.play(await source(50), options);
    const ends = expect(playing).rejects.toMatchObject({ code: 'HIGGS_PLAYER_UNREACHABLE' });
    await until(() => device.state === 'PLAYING');
    device.close();
    await ends;
    await expect(renderer.play(await source(), options)).rejects.toMatchObject({ code: 'HIGGS_PLAYER_UNREACHABLE' });
    await renderer.rest();
  });
});

describe('renderers in the network', () => {
  test('are found by SSDP, with their names', async () => {
    const device = await FakeRenderer.open();
    const port = await device.beFound();
    const found = await discoverRenderers({ host: '127.0.0.1', port });
    expect(found).toMatchObject([{ name: 'Kitchen & hall', model: 'Test One', location: device.location }]);
    expect(await locateRenderer(`127.0.0.1:${port}`)).toMatchObject({ name: 'Kitchen & hall' });
  });

  test.each([['http://127.0.0.1:1/d.xml'], ['127.0.0.1:9'], ['nobody has this name']])(
    'that are not there (%s) are unreachable',
    async (name) => {
      await expect(locateRenderer(name)).rejects.toMatchObject({ code: 'HIGGS_PLAYER_UNREACHABLE' });
    },
  );
});
