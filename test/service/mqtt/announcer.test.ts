import { CHIMES, HiggsError } from '@higgs-tts/node-red/engine';
import { openSoundHost } from '@higgs-tts/node-red/service';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readWav } from '../../../src/engine/sound/index.js';
import { temporaryFolder, until } from '../../engine-kit.js';
import { announcingHouse, bench, BASE, client, Listener, LONG_STORY, online } from './announcer-kit.js';
import { afterTest, embeddedBroker, Wire } from './brokers.js';

const { engineOf, house } = announcingHouse();

const timeOfDay = (inMinutes: number) => new Date(Date.now() + inMinutes * 60_000).toTimeString().slice(0, 5);

describe('an announcement', () => {
  test('in plain text is queued, spoken and told, with its sound', async () => {
    const { listener, spoken } = await house();
    await listener.say('Dinner is ready.');
    await until(() => listener.withState('done').length === 1);
    const [done] = listener.withState('done');
    expect(listener.statesOf(done!.id!)).toEqual(['queued', 'speaking', 'done']);
    expect(done).toMatchObject({ text: 'Dinner is ready.', time: 1, mediaType: 'audio/wav' });
    const { samples, sampleRateHz } = readWav(Buffer.from(done!.audio!, 'base64'));
    expect(samples.length / sampleRateHz).toBeCloseTo(done!.seconds!, 2);
    expect(spoken).toEqual(['Dinner is ready.']);
    expect(listener.texts(`${BASE}/progress`).map((text) => (JSON.parse(text) as { id: string }).id)).toContain(
      done!.id,
    );
  });

  test('can be fetched by a loudspeaker, where there is a sound host', async () => {
    const soundHost = await openSoundHost({ bindAddress: '127.0.0.1' });
    afterTest(() => soundHost.close());
    const { listener } = await house({ soundHost, format: 'mp3' });
    await listener.say({ text: 'Dinner is ready.', target: 'kitchen' });
    await until(() => listener.withState('done').length === 1);
    const [done] = listener.withState('done');
    expect(done).toMatchObject({ target: ['kitchen'], mediaType: 'audio/mpeg' });
    expect(done!.audio).toBeUndefined();
    const answer = await fetch(done!.url!);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'audio/mpeg']);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(500);
  });

  test('names its target by the topic too', async () => {
    const { listener } = await house();
    await listener.say('Dinner is ready.', `${BASE}/say/kitchen`);
    await until(() => listener.withState('done').length === 1);
    expect(listener.withState('done')[0]!.target).toEqual(['kitchen']);
  });

  test('has the voice, chime, music and volume that it asks for', async () => {
    const [voice] = await engineOf().voices();
    const { listener, requests } = await house();
    const asked = { text: 'One.', id: 'one', voice: voice!.name, music: true, language: 'de', volume: 50 };
    await listener.say(asked);
    await listener.say({ text: 'One.', id: 'plain' });
    await listener.say({ text: 'One.', id: 'chime', chime: CHIMES[0] });
    await until(() => listener.withState('done').length === 3, 60_000);
    expect(requests[0]).toMatchObject({
      voice: { kind: 'named', name: voice!.name },
      music: { kind: 'model' },
      language: 'de',
    });
    expect(requests[1]!.music).toEqual({ kind: 'none' });
    const secondsOf = (id: string) => listener.withState('done').find((done) => done.id === id)!.seconds!;
    expect(secondsOf('chime')).toBeGreaterThan(secondsOf('plain') + 0.5);
  });

  test('of a higher priority goes before those that wait, and those of the same in order', async () => {
    const { listener, spoken } = await house();
    await listener.say({ text: LONG_STORY, id: 'long' });
    await until(() => listener.statesOf('long').includes('speaking'));
    for (const [text, priority] of [
      ['Low.', -1],
      ['Second.', 0],
      ['Third.', 0],
      ['High.', 5],
    ] as const) {
      await listener.say({ text, priority });
    }
    await until(() => listener.withState('queued').length === 5);
    await listener.say('stop', `${BASE}/control`);
    await until(() => listener.withState('done').length === 4, 60_000);
    expect(spoken.slice(1)).toEqual(['High.', 'Second.', 'Third.', 'Low.']);
  });

  test('that interrupts stops the one that is spoken', async () => {
    const { listener } = await house();
    await listener.say({ text: LONG_STORY, id: 'long' });
    await until(() => listener.statesOf('long').includes('speaking'));
    await listener.say({ text: 'Fire!', id: 'fire', interrupt: true, priority: 9 });
    await until(() => listener.statesOf('long').includes('cancelled'));
    expect(listener.withState('cancelled')[0]).toMatchObject({ id: 'long', reason: 'stopped' });
  });

  test('of an unknown voice fails and says which there are; the next one is spoken', async () => {
    const { listener } = await house();
    await listener.say({ text: 'One.', voice: 'nobody', id: 'one' });
    await listener.say({ text: 'Two.', id: 'two' });
    await until(() => listener.statesOf('two').includes('done'));
    const [failed] = listener.withState('failed');
    expect(failed).toMatchObject({ id: 'one', error: { code: 'HIGGS_VOICE_UNKNOWN' } });
    expect(failed!.error!.remedy).toMatch(/\w/);
  });

  test('can come from this process, and its sound goes there', async () => {
    const sounds: { text: string; bytes: number }[] = [];
    const { announcer, listener } = await house({
      onSpoken: ({ announcement, sound }) => sounds.push({ text: announcement.text, bytes: sound.byteLength }),
    });
    const id = await announcer.announce('Hello.');
    await until(() => listener.withState('done').length === 1);
    expect(listener.withState('done')[0]).toMatchObject({ id, text: 'Hello.' });
    expect(listener.withState('done')[0]!.audio).toBeUndefined();
    expect(sounds).toEqual([{ text: 'Hello.', bytes: expect.any(Number) as number }]);
  });
});

describe('a malformed command', () => {
  test.each([
    ['broken JSON', '{"text": "A', undefined],
    ['an unknown field', '{"text":"A","id":"x","loud":true}', 'x'],
    ['nothing', '', undefined],
    ['a wrong number', '{"text":"A","id":"y","volume":500}', 'y'],
  ])('(%s) is answered with an error, and nothing is spoken', async (_, command, id) => {
    const { listener, spoken } = await house();
    await listener.say(command);
    await until(() => listener.withState('failed').length === 1);
    const [failed] = listener.withState('failed');
    expect(failed!.id).toBe(id);
    expect(failed!.error!.code).toMatch(/^HIGGS_/);
    expect(spoken).toEqual([]);
  });

  test('of bytes that are no text, of any size, on any topic, does no harm', async () => {
    const { listener, announcer, broker } = await house();
    const sender = await client(broker.url);
    for (const topic of ['say', 'say/x', 'control', 'ack', 'voice/set', 'music/set', 'volume/set']) {
      await sender.publishAsync(`${BASE}/${topic}`, Buffer.from([0xff, 0xfe, 0x00]), { qos: 1 });
      await sender.publishAsync(`${BASE}/${topic}`, Buffer.alloc(200_000, 0x7b), { qos: 1 });
    }
    await listener.say({ text: 'Still here.', id: 'after' });
    await until(() => listener.statesOf('after').includes('done'));
    expect(announcer.state).toMatchObject({ connected: true, waiting: 0 });
    expect(listener.withState('failed').length).toBeGreaterThanOrEqual(10);
  });
});

describe('what is told once', () => {
  test('an id counts once, whoever sends it again', async () => {
    const { listener, spoken } = await house();
    for (let count = 0; count < 3; count++) await listener.say({ text: 'Hello.', id: 'a' });
    await listener.say({ text: 'Hello.', id: 'b' });
    await until(() => listener.statesOf('b').includes('done'));
    expect([spoken.length, listener.statesOf('a')]).toEqual([2, ['queued', 'speaking', 'done']]);
  });

  test('a text is held back for its cooldown', async () => {
    const { listener, spoken } = await house({ cooldownSeconds: 600 });
    for (const text of ['Door.', 'Door.', ' door. ', 'Window.']) await listener.say(text);
    await until(() => listener.withState('done').length === 2);
    expect(spoken).toEqual(['Door.', 'Window.']);
    expect(listener.withState('cancelled').map(({ reason }) => reason)).toEqual(['cooldown', 'cooldown']);
  });

  test('in quiet hours only what is urgent is spoken', async () => {
    const quietHours = `${timeOfDay(-60)}-${timeOfDay(60)}`;
    const { listener, spoken } = await house({ quietHours, quietPriority: 5 });
    await listener.say({ text: 'Dinner.', priority: 4 });
    await listener.say({ text: 'Fire.', priority: 5 });
    await until(() => listener.withState('done').length === 1);
    expect(spoken).toEqual(['Fire.']);
    expect(listener.withState('cancelled')[0]).toMatchObject({ text: 'Dinner.', reason: 'quiet hours' });
  });

  test('what was retained at the broker is not spoken, now or at a reconnect', async () => {
    const broker = await embeddedBroker();
    const wire = await Wire.to(broker.port);
    const listener = await Listener.on(broker.url);
    await listener.say('Yesterday’s dinner.', `${BASE}/say`, 1, true);
    await listener.say('stop', `${BASE}/control`, 1, true);
    await listener.say('5', `${BASE}/volume/set`, 1, true);
    const { spoken, announcer } = await bench(engineOf(), wire.url);
    await online(listener);
    wire.cut();
    await until(() => !announcer.state.connected);
    await until(() => announcer.state.connected);
    await listener.say({ text: 'Today’s dinner.', id: 'today' });
    await until(() => listener.statesOf('today').includes('done'));
    expect(spoken).toEqual(['Today’s dinner.']);
    expect(listener.texts(`${BASE}/volume`).at(-1)).toBe('100');
  });
});

describe('a repeated announcement', () => {
  test('is spoken again until someone has heard it', async () => {
    const { listener, spoken, announcer } = await house();
    await listener.say({ text: 'Water!', id: 'water', repeat: { everySeconds: 1, times: 100 } });
    await until(() => listener.withState('done').length === 2);
    await listener.say('water', `${BASE}/ack`);
    await until(() => listener.statesOf('water').includes('acknowledged'));
    const count = spoken.length;
    expect(listener.withState('done').map(({ time }) => time)).toEqual([1, 2]);
    await until(() => announcer.state.waiting === 0 && !announcer.state.speaking);
    await listener.say({ text: 'It is dry.', id: 'dry' });
    await until(() => listener.statesOf('dry').includes('done'));
    expect(spoken.slice(count)).toEqual(['It is dry.']);
  });

  test('ends by itself after its times, and an unknown acknowledgement does nothing', async () => {
    const { listener, spoken, announcer } = await house();
    await listener.say({ text: 'Water!', id: 'water', repeat: { everySeconds: 1, times: 2 } });
    await listener.say('fire', `${BASE}/ack`);
    await until(() => listener.withState('done').length === 2);
    expect(announcer.state.waiting).toBe(0);
    expect(spoken.length).toBe(2);
  });
});

describe('control', () => {
  test('"stop" ends what is spoken, "clear" drops what waits', async () => {
    const { listener, spoken } = await house();
    await listener.say({ text: LONG_STORY, id: 'long' });
    await until(() => listener.statesOf('long').includes('speaking'));
    await listener.say({ text: 'Two.', id: 'two' });
    await listener.say({ text: 'Three.', id: 'three' });
    await listener.say('clear', `${BASE}/control`);
    await until(() => listener.withState('cancelled').length === 2);
    await listener.say('stop', `${BASE}/control`);
    await until(() => listener.withState('cancelled').length === 3);
    expect(listener.withState('cancelled').map(({ id, reason }) => [id, reason])).toEqual([
      ['two', 'cleared'],
      ['three', 'cleared'],
      ['long', 'stopped'],
    ]);
    expect(spoken.length).toBe(1);
  });

  test('a flood fills the queue to its limit and no further; every one is answered', async () => {
    const { listener, announcer } = await house({ queueLimit: 10 });
    await Promise.all(Array.from({ length: 300 }, (_, index) => listener.say({ text: 'Flood.', id: `f${index}` })));
    const answered = () =>
      new Set([...listener.withState('queued'), ...listener.withState('failed')].map(({ id }) => id));
    await until(() => answered().size === 300, 60_000);
    expect(announcer.state.waiting).toBeLessThanOrEqual(10);
    expect(new Set(listener.withState('failed').map(({ error }) => error!.code))).toEqual(
      new Set(['HIGGS_QUEUE_FULL']),
    );
    announcer.clear();
    await listener.say({ text: 'After the flood.', id: 'after' });
    await until(() => listener.statesOf('after').includes('done'));
  });
});

describe('Home Assistant', () => {
  test('finds the device, and again whenever it starts', async () => {
    const { listener } = await house({ name: 'Hall' });
    const topic = 'homeassistant/device/test/config';
    await until(() => listener.texts(topic).length === 1);
    const told = JSON.parse(listener.texts(topic)[0]!) as {
      components: { voice: { options: string[] } };
      device: object;
    };
    expect(told.components.voice.options.slice(1)).toEqual((await engineOf().voices()).map(({ name }) => name));
    expect(told.device).toMatchObject({ name: 'Hall' });
    await listener.say('offline', 'homeassistant/status');
    await listener.say('online', 'homeassistant/status');
    await until(() => listener.texts(topic).length === 2);
    await until(() => listener.texts(`${BASE}/volume`).length === 2);
  });

  test('sets voice, music and volume, for all that follow and over a restart', async () => {
    const [, voice] = await engineOf().voices();
    const folder = temporaryFolder();
    const { listener, announcer, broker, requests } = await house({ folder });
    await listener.say(voice!.name, `${BASE}/voice/set`);
    await listener.say('ON', `${BASE}/music/set`);
    await listener.say('40', `${BASE}/volume/set`);
    const set = () => ['voice', 'music', 'volume'].map((name) => listener.texts(`${BASE}/${name}`).at(-1));
    await until(() => set().join() === [voice!.name, 'ON', '40'].join());
    await listener.say('Hello.');
    await until(() => requests.length === 1);
    expect(requests[0]).toMatchObject({ voice: { kind: 'named', name: voice!.name }, music: { kind: 'model' } });
    await announcer.close();
    listener.messages.length = 0;
    await bench(engineOf(), broker.url, { folder });
    await online(listener);
    await until(() => set().join() === [voice!.name, 'ON', '40'].join());
  });

  test('is offered the voice that is set, also where the engine does not tell its voices', async () => {
    const [voice] = await engineOf().voices();
    const folder = temporaryFolder();
    const { listener, announcer, broker } = await house({ folder });
    await listener.say(voice!.name, `${BASE}/voice/set`);
    await until(() => listener.texts(`${BASE}/voice`).at(-1) === voice!.name);
    await announcer.close();
    listener.messages.length = 0;
    const engine = () => {
      throw new HiggsError('HIGGS_CLOSED', 'There is no engine.');
    };
    await bench(engineOf(), broker.url, { folder, engine });
    await online(listener);
    const told = JSON.parse(listener.texts('homeassistant/device/test/config').at(-1)!) as {
      components: { voice: { options: string[] } };
    };
    expect(told.components.voice.options).toEqual(['any', voice!.name]);
  });

  test('is told of a setting that cannot be, and what holds instead', async () => {
    const { listener } = await house();
    await listener.say('nobody', `${BASE}/voice/set`);
    await until(() => listener.withState('failed').length === 1);
    expect(listener.withState('failed')[0]).toMatchObject({
      topic: 'voice/set',
      error: { code: 'HIGGS_VOICE_UNKNOWN' },
    });
    await until(() => listener.texts(`${BASE}/voice`).length >= 2);
    expect(listener.texts(`${BASE}/voice`).at(-1)).toBe('any');
  });

  test('sees it offline after a close, and after a connection that broke', async () => {
    const broker = await embeddedBroker();
    const wire = await Wire.to(broker.port);
    const listener = await Listener.on(broker.url);
    const { announcer } = await bench(engineOf(), wire.url);
    await online(listener);
    wire.cut();
    await until(() => listener.texts(`${BASE}/availability`).includes('offline'));
    await online(listener);
    const begun = performance.now();
    await announcer.close();
    expect(performance.now() - begun).toBeLessThan(2000);
    await until(() => listener.texts(`${BASE}/availability`).at(-1) === 'offline');
  });
});

describe('a broker that is away', () => {
  test('is waited for; there is one warning, and what was announced meanwhile is told later', async () => {
    const broker = await embeddedBroker();
    const { port } = broker;
    await broker.close();
    const sounds: string[] = [];
    const { announcer, warnings } = await bench(engineOf(), `mqtt://user:secret@127.0.0.1:${port}`, {
      onSpoken: ({ announcement }) => sounds.push(announcement.text),
    });
    await announcer.announce('Nobody hears me.');
    await until(() => sounds.length === 1);
    await until(() => warnings.length === 1);
    expect(warnings[0]).toMatchObject({ code: 'HIGGS_BROKER_UNREACHABLE' });
    expect(warnings[0]!.message).not.toContain('secret');
    const attempts = vi.spyOn(net, 'createConnection');
    await until(() => attempts.mock.calls.length >= 2);
    attempts.mockRestore();
    expect(warnings.length).toBe(1);
    const begun = performance.now();
    await announcer.close();
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  test('does not lose what waits over a restart of this program', async () => {
    const folder = temporaryFolder();
    const broker = await embeddedBroker();
    const listener = await Listener.on(broker.url);
    const first = await bench(engineOf(), broker.url, { folder });
    await online(listener);
    await listener.say({ text: LONG_STORY, id: 'long' });
    for (const id of ['two', 'three']) await listener.say({ text: `${id}.`, id });
    await until(() => listener.statesOf('three').includes('queued'));
    await until(() => listener.statesOf('long').includes('speaking'));
    await first.announcer.close();
    const kept = JSON.parse(fs.readFileSync(path.join(folder, 'announcer-test.json'), 'utf8')) as { waiting: object[] };
    expect(kept.waiting.length).toBe(3);
    // The rest of the story would take its time.
    const second = await bench(engineOf(), broker.url, { folder, speech: { maxSeconds: 0.2 } });
    await until(() => listener.withState('done').length === 3, 60_000);
    expect(second.spoken.map((text) => text.slice(0, 5))).toEqual(['A ver', 'two.', 'three']);
  });
});

test.each<[string, Parameters<typeof bench>[2]]>([
  ['an address that is none', { broker: { url: 'nonsense' } }],
  ['a protocol that is not MQTT', { broker: { url: 'http://127.0.0.1' } }],
  ['a topic with a wildcard', { topic: 'home/#' }],
  ['an id that no topic can hold', { id: 'a/b' }],
  ['a discovery prefix with a wildcard', { discoveryPrefix: '+' }],
  ['quiet hours that are no time', { quietHours: 'at night' }],
  ['a cooldown below zero', { cooldownSeconds: -1 }],
])('%s is refused', async (_, options) => {
  await expect(bench(engineOf(), 'mqtt://127.0.0.1:1', options)).rejects.toMatchObject({
    code: 'HIGGS_OPTION_INVALID',
  });
});
