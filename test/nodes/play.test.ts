import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { EMBEDDED_VOICES, SMALL_MODEL, temporaryFolder } from '../helpers/folders.js';
import { skipWithout } from '../helpers/programs.js';
import { until } from '../helpers/waiting.js';
import { recordingDevice } from '../players/alsa-kit.js';
import { FakeRenderer } from '../players/renderer-kit.js';
import { adminGet, adminPost, Bench, nodeRed, type FlowNode } from './node-red-kit.js';

const userDir = nodeRed();
const SPEECH = fs.readFileSync(path.join(EMBEDDED_VOICES, 'ella.wav'));
const play = (more: object = {}): FlowNode => ({ id: 'play', type: 'higgs-play', ...more });

/** A renderer of the network, and a node that plays on it. */
async function house(behaviour: Parameters<typeof FakeRenderer.open>[0] = {}, more: object = {}) {
  const device = await FakeRenderer.open(behaviour);
  const sounds = { id: 'sounds', type: 'higgs-sounds', soundAddress: '127.0.0.1' };
  const bench = await Bench.deploy([sounds, play({ player: device.location, sounds: 'sounds', ...more })]);
  return { device, bench };
}

describe('a node that plays on a renderer', () => {
  test('passes a message on when its sound has been heard, with where that was', async () => {
    const { device, bench } = await house({ playMs: 300 });
    const sent = await bench.result('play', { payload: SPEECH, topic: 'mine' });
    expect(device.state).toBe('STOPPED');
    expect(device.fetched[0]!.length).toBe(SPEECH.length);
    expect(sent).toMatchObject({ topic: 'mine', higgs: { played: [device.location] } });
    expect(sent.payload).toEqual(SPEECH);
    const texts = bench.statuses.get('play')!.map(({ text }) => text ?? '');
    expect(texts.some((text) => /playing on|play\.status\.playing/.test(text))).toBe(true);
    expect(bench.lastStatus('play')).toMatchObject({ fill: 'green' });
  });

  test('takes volume and player from the message', async () => {
    const { device, bench } = await house({ playMs: 5000 }, { player: 'loudspeaker' });
    bench.send('play', { payload: SPEECH, volume: 15, higgs: { player: device.location } });
    await until(() => device.state === 'PLAYING');
    expect(device.volume).toBe(15);
    bench.send('play', { cmd: 'stop' });
    await bench.until(() => bench.completed.length === 2);
    await until(() => device.volume === 40);
  });

  test('plays one after the other, and stops, skips, clears and pauses', async () => {
    const { device, bench } = await house({ playMs: 60_000 });
    for (const topic of ['a', 'b', 'c']) bench.send('play', { payload: SPEECH, topic });
    await until(() => device.fetched.length === 1);
    bench.send('play', { cmd: 'skip' });
    await until(() => device.fetched.length === 2);
    bench.send('play', { cmd: 'clear' });
    bench.send('play', { cmd: 'pause' });
    bench.send('play', { payload: SPEECH, topic: 'd' });
    bench.send('play', { cmd: 'skip' });
    await bench.until(() => bench.completed.filter(({ topic }) => topic !== undefined).length === 3);
    expect(bench.lastStatus('play')).toMatchObject({ fill: 'yellow' });
    expect(device.fetched.length).toBe(2);
    bench.send('play', { cmd: 'resume' });
    await until(() => device.fetched.length === 3);
    bench.send('play', { cmd: 'stop' });
    await bench.until(() => bench.completed.filter(({ topic }) => topic !== undefined).length === 4);
    expect([bench.sent.length, bench.caught.length]).toEqual([0, 0]);
    expect(bench.completed.find(({ topic }) => topic === 'a')!.higgs).toMatchObject({ cancelled: true });
  });

  test.runIf(process.platform !== 'win32')('refuses a pipe and a device at once, and plays the next file', async () => {
    const { device, bench } = await house({ playMs: 100 });
    const pipe = path.join(temporaryFolder(), 'pipe.wav');
    execFileSync('mkfifo', [pipe]);
    for (const [payload, kind] of [
      [pipe, 'named pipe'],
      ['/dev/zero', 'device'],
    ] as const) {
      const error = await bench.error('play', { payload });
      expect(error.code).toBe('HIGGS_SOUND_MISSING');
      expect(error.message).toContain(`is a ${kind}, not a file`);
    }
    fs.writeFileSync(path.join(userDir, 'file.wav'), SPEECH);
    await bench.result('play', { payload: 'file.wav' });
    expect(device.fetched).toHaveLength(1);
  });

  test('plays stored sounds and chimes by their names, files and addresses', async () => {
    const { device, bench } = await house({ playMs: 700 });
    fs.mkdirSync(path.join(userDir, 'higgs-tts', 'sounds'), { recursive: true });
    fs.writeFileSync(path.join(userDir, 'higgs-tts', 'sounds', 'Tor bell.wav'), SPEECH);
    fs.writeFileSync(path.join(userDir, 'here.wav'), SPEECH);
    for (const payload of ['sound:Tor bell', 'sound:ding-dong', 'here.wav']) await bench.result('play', { payload });
    expect(device.fetched.map((sound) => sound.length === SPEECH.length)).toEqual([true, false, true]);
    const url = device.loaded.at(-1)!;
    const before = device.loaded.length;
    await bench.result('play', { payload: url });
    // What lay ready before may be put back first.
    expect(device.loaded.slice(before)).toContain(url);
    expect(device.fetched).toHaveLength(4);
  });

  test.each<[string, unknown, string]>([
    ['a text that is no file', 'Hello world.', 'HIGGS_SOUND_MISSING'],
    ['a name that is not stored', 'sound:../../settings', 'HIGGS_SOUND_MISSING'],
    ['bytes that are no sound', Buffer.from('Hello world, this is no sound.'), 'HIGGS_SOUND_UNPLAYABLE'],
    ['nothing', '', 'HIGGS_OPTION_INVALID'],
    ['a list', [1], 'HIGGS_OPTION_INVALID'],
  ])('refuses %s, once, for the Catch nodes', async (_, payload, code) => {
    const { bench } = await house();
    expect(await bench.error('play', { payload })).toMatchObject({ code });
    expect(bench.lastStatus('play')).toMatchObject({ fill: 'red' });
  });

  test('tells the Catch nodes of a renderer that refuses, and that is gone', async () => {
    const { device, bench } = await house({ refuses: { Play: 701 } });
    expect(await bench.error('play', { payload: SPEECH })).toMatchObject({ code: 'HIGGS_PLAYER_FAILED' });
    device.close();
    expect(await bench.error('play', { payload: SPEECH })).toMatchObject({ code: 'HIGGS_PLAYER_UNREACHABLE' });
  });

  test('plays on several at once, on the others too where one is gone', async () => {
    const { device, bench } = await house();
    const other = await FakeRenderer.open();
    const player = [device.location, other.location];
    expect((await bench.result('play', { payload: SPEECH, higgs: { player } })).higgs).toMatchObject({
      played: player,
    });
    other.close();
    expect(await bench.error('play', { payload: SPEECH, higgs: { player } })).toMatchObject({
      code: 'HIGGS_PLAYER_UNREACHABLE',
    });
    expect(device.fetched.length).toBe(2);
  });

  test('leaves nothing behind when it is closed: what waits is told, the renderer is stopped', async () => {
    const { device, bench } = await house({ playMs: 60_000 });
    bench.send('play', { payload: SPEECH });
    bench.send('play', { payload: SPEECH });
    await until(() => device.state === 'PLAYING');
    await bench.stopOne('play');
    await until(() => device.state === 'STOPPED');
    expect(bench.warnings).toHaveLength(1);
  });

  test('rings a chime on the players of a dialog that is not deployed', async () => {
    const { device } = await house();
    const properties = { player: device.location, volume: '30', volumeType: 'num' };
    expect((await adminPost('/higgs-tts/players/try', { properties })).status).toBe(204);
    expect(device.fetched).toHaveLength(1);
    const wrong = await adminPost('/higgs-tts/players/try', { properties: { ...properties, volume: '300' } });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'HIGGS_OPTION_INVALID' } });
  });
});

describe('a node that plays on this machine', () => {
  let heard = '';

  beforeEach((context) => {
    skipWithout(context, 'aplay');
    heard = recordingDevice(temporaryFolder());
    return () => {
      delete process.env.ALSA_CONFIG_PATH;
    };
  });

  const HERE = { program: 'aplay', device: 'heard' };

  test('plays what a speaking node sends as a stream, and passes its last message on', async () => {
    const bench = await Bench.deploy([
      { id: 'engine', type: 'higgs-engine', model: 'folder', modelFolder: SMALL_MODEL },
      { id: 'speak', type: 'higgs-synthesize', engine: 'engine', output: 'stream', maxSeconds: '2', wires: [['play']] },
      play(HERE),
    ]);
    bench.send('speak', { payload: 'Hello, this is a stream.', higgs: { seed: 3 } });
    await bench.until(() => bench.sent.length > 0 || bench.caught.length > 0);
    expect(bench.caught).toEqual([]);
    const [sent] = bench.sent;
    expect(sent!.higgs).toMatchObject({ seconds: expect.any(Number) as number });
    const { seconds } = sent!.higgs as { seconds: number };
    expect((fs.statSync(heard).size - 44) / 48_000).toBeGreaterThanOrEqual(seconds - 0.001);
  });

  test('shows the programs that there are and their devices', async () => {
    await Bench.deploy([play(HERE)]);
    const { status, body } = await adminGet('/higgs-tts/players/programs');
    expect(status).toBe(200);
    const { programs } = body as { programs: { name: string; devices: { name: string }[] }[] };
    expect(programs.find(({ name }) => name === 'aplay')!.devices.map(({ name }) => name)).toContain('heard');
  });

  test('says what is wrong with a device that is not there', async () => {
    const bench = await Bench.deploy([play({ program: 'aplay', device: 'nowhere' })]);
    expect(await bench.error('play', { payload: SPEECH })).toMatchObject({ code: 'HIGGS_PLAYER_FAILED' });
  });

  test('takes no device that would be an option of the program', async () => {
    const bench = await Bench.deploy([play({ program: 'aplay', device: '--help' })]);
    expect(await bench.error('play', { payload: SPEECH })).toMatchObject({ code: 'HIGGS_OPTION_INVALID' });
  });
});

describe('a speaking node', () => {
  const flow = (more: object = {}): FlowNode[] => [
    { id: 'sounds', type: 'higgs-sounds', soundAddress: '127.0.0.1' },
    { id: 'engine', type: 'higgs-engine', model: 'folder', modelFolder: SMALL_MODEL },
    { id: 'speak', type: 'higgs-synthesize', engine: 'engine', maxSeconds: '0.5', sounds: 'sounds', ...more },
  ];

  test('gives the address of its sound, from which it can be fetched', async () => {
    const bench = await Bench.deploy(flow({ output: 'url', format: 'wav16' }));
    const sent = await bench.result('speak', { payload: 'Hello.' });
    expect(sent.payload).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sounds\/[\w-]{22}\.wav$/);
    expect(sent.higgs).toMatchObject({ url: sent.payload, mediaType: 'audio/wav' });
    const answer = await fetch(sent.payload as string);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
    // What a message brings along from one node is no override for the next.
    expect((await bench.result('speak', { ...sent, payload: 'Again.' })).payload).not.toBe(sent.payload);
  });

  test('has a stored sound or a chime in place of a text, without a model', async () => {
    const bench = await Bench.deploy(flow());
    const sent = await bench.result('speak', { payload: 'sound:ding-dong' });
    expect(sent.higgs).toMatchObject({ voice: 'sound:ding-dong', seconds: expect.any(Number) as number });
    expect((sent.payload as Buffer).length).toBeGreaterThan(24_000);
    expect(await bench.error('speak', { payload: 'sound:nothing' })).toMatchObject({ code: 'HIGGS_SOUND_MISSING' });
  });

  test.each(
    ['higgs-synthesize', 'higgs-dialogue', 'higgs-play', 'higgs-announce'].flatMap((type) => [
      { type, what: 'missing', sounds: [] },
      { type, what: 'disabled', sounds: [{ id: 'gone', type: 'higgs-sounds', d: true }] },
    ]),
  )('or another one ($type) whose sounds node is $what is red as soon as it is deployed', async ({ type, sounds }) => {
    const broker = { id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port: '1' };
    const node = { id: 'node', type, output: 'url', sounds: 'gone', broker: 'broker' };
    const bench = await Bench.deploy([broker, ...sounds, node]);
    await bench.until(() => bench.lastStatus('node')?.fill === 'red');
    expect(bench.lastStatus('node')!.text).toContain('HIGGS_SOUND_HOST_MISSING');
  });

  test('whose sounds node is missing opens no other port for its address', async () => {
    const bench = await Bench.deploy(flow({ output: 'url', sounds: 'gone' }));
    expect(await bench.error('speak', { payload: 'sound:gong' })).toMatchObject({ code: 'HIGGS_SOUND_HOST_MISSING' });
    // One that gives the sound itself needs none.
    await bench.redeploy(flow({ output: 'buffer', sounds: 'gone' }));
    expect(await bench.result('speak', { payload: 'sound:gong' })).toHaveProperty('payload');
    expect(bench.lastStatus('speak')).toMatchObject({ fill: 'green' });
  });

  test.each(['higgs-synthesize', 'higgs-dialogue', 'higgs-voice', 'higgs-announce', 'higgs-server'])(
    'or another one (%s) whose engine is missing is red as soon as it is deployed',
    async (type) => {
      const bench = await Bench.deploy([{ id: 'node', type, engine: 'gone', httpPort: '0' }]);
      await bench.until(() => bench.lastStatus('node')?.fill === 'red');
    },
  );
});
