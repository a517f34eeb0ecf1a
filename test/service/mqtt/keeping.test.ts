/** What an announcer keeps, for itself and at the broker: over damage, a full disk, and a second one of its name. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, until } from '../../engine-kit.js';
import { announcingHouse, bench, BASE, Listener, online } from './announcer-kit.js';
import { Mosquitto, Wire } from './brokers.js';

const { engineOf, house } = announcingHouse();

describe('a file that the announcer keeps', () => {
  test('of the wrong shape is told, and the announcer speaks', async () => {
    const folder = temporaryFolder();
    const waiting = [{ announcement: { id: 'a', text: 7 }, dueAtMs: 'soon', spokenCount: -1 }];
    const kept = { version: 1, waiting, seen: { ids: [{}], deliveries: [5] }, settings: 'loud' };
    fs.writeFileSync(path.join(folder, 'announcer-test.json'), JSON.stringify(kept));
    const { listener, warnings } = await house({ folder });
    await listener.say({ text: 'Hello.', id: 'hello' });
    await until(() => listener.statesOf('hello').includes('done'));
    expect(warnings.map(({ code }) => code)).toEqual(['HIGGS_ANNOUNCER_FILE_BROKEN']);
  });

  describe('that the disk does not take', () => {
    /** A folder that is gone refuses every write, as a full disk does; two announcements come meanwhile. */
    async function withoutDisk() {
      const folder = path.join(temporaryFolder(), 'disk');
      const broker = await Mosquitto.start();
      const listener = await Listener.on(broker.url);
      const announcing = await bench(engineOf(), broker.url, { folder });
      await online(listener);
      fs.renameSync(folder, `${folder}-away`);
      for (const id of ['one', 'two']) await listener.say({ text: `${id}.`, id });
      await until(() => listener.withState('done').length === 2);
      return { broker, listener, ...announcing };
    }

    /** What an announcer of the same id speaks that knows of nothing before. */
    async function spokenAnew(url: string, listener: Listener) {
      const anew = await bench(engineOf(), url);
      await listener.say({ text: 'last.', id: 'last' });
      await until(() => listener.statesOf('last').includes('done'));
      return anew.spoken;
    }

    test('is told once; what comes is spoken and not confirmed, so that it is not lost', async () => {
      const { broker, listener, warnings, announcer, spoken } = await withoutDisk();
      expect(spoken).toEqual(['one.', 'two.']);
      expect(listener.withState('queued')).toEqual([]);
      expect(warnings.map(({ code }) => code)).toEqual(['HIGGS_OUTPUT_UNWRITABLE']);
      await announcer.close();
      expect(await spokenAnew(broker.url, listener)).toEqual(['one.', 'two.', 'last.']);
    });

    test('and takes again later confirms what came, and nothing is spoken twice', async () => {
      const { broker, listener, folder, warnings, announcer, spoken } = await withoutDisk();
      fs.renameSync(`${folder}-away`, folder);
      await listener.say({ text: 'three.', id: 'three' });
      await until(() => listener.statesOf('three').includes('done'));
      await listener.say({ text: 'four.', id: 'four' });
      await until(() => listener.statesOf('four').includes('done'));
      expect(spoken).toEqual(['one.', 'two.', 'three.', 'four.']);
      expect(warnings.length).toBe(1);
      await announcer.close();
      expect(await spokenAnew(broker.url, listener)).toEqual(['last.']);
    });
  });
});

test('a voice that is set while the engine has yet to tell its voices is not lost when the announcer ends', async () => {
  const folder = temporaryFolder();
  const broker = await Mosquitto.start();
  const listener = await Listener.on(broker.url);
  const [, voice] = await engineOf().voices();
  let askedCount = 0;
  const slow = new Proxy(engineOf(), {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      // The first is for what is told at the start; the others take longer than the announcer lasts.
      if (property === 'voices') return () => (++askedCount === 1 ? target.voices() : new Promise(() => undefined));
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const first = await bench(slow, broker.url, { folder });
  await until(() => listener.texts(`${BASE}/voice`).length > 0);
  await listener.say(voice!.name, `${BASE}/voice/set`);
  await until(() => askedCount > 1);
  await first.announcer.close();
  await bench(engineOf(), broker.url, { folder });
  await until(() => listener.texts(`${BASE}/voice`).at(-1) === voice!.name);
});

test('an announcer forgets a device that is gone for good, and nothing of it stays at the broker', async () => {
  const folder = temporaryFolder();
  const broker = await Mosquitto.start();
  const listener = await Listener.on(broker.url);
  const { announcer } = await bench(engineOf(), broker.url, { folder });
  await until(() => listener.texts(`${BASE}/queue`).length > 0);
  await announcer.close({ forget: true });
  const later = await Listener.on(broker.url);
  // What lies at the broker is sent before what comes afterwards.
  await later.say('over', 'marker');
  await until(() => later.texts('marker').length === 1);
  expect(later.messages.map(({ topic, text, retained }) => [topic, text, retained])).toEqual([
    ['marker', 'over', false],
  ]);
  expect(fs.readdirSync(folder)).toEqual([]);
});

describe('two announcers of one id', () => {
  test('of one process and folder: the second is refused, and may come when the first has gone', async () => {
    const folder = temporaryFolder();
    const { broker, announcer } = await house({ folder });
    await expect(bench(engineOf(), broker.url, { folder })).rejects.toMatchObject({ code: 'HIGGS_ID_IN_USE' });
    await announcer.close();
    await bench(engineOf(), broker.url, { folder });
  });

  test.each([4, 5] as const)(
    'at one broker, MQTT %i: each tells the cause, once, and not a connection that broke',
    async (protocolVersion) => {
      const broker = await Mosquitto.start();
      const wire = await Wire.to(broker.port);
      const listener = await Listener.on(broker.url);
      const first = await bench(engineOf(), broker.url, { broker: { url: wire.url, protocolVersion } });
      await online(listener);
      await until(() => listener.texts(`${BASE}/instance`).length === 1);
      wire.cut();
      await until(() => !first.announcer.state.connected);
      await until(() => listener.texts(`${BASE}/instance`).length >= 2);
      expect([first.warnings, first.announcer.state.idInUse]).toEqual([[], false]);
      const second = await bench(engineOf(), broker.url, { broker: { url: broker.url, protocolVersion } });
      await until(() => first.announcer.state.idInUse);
      await until(() => second.announcer.state.idInUse);
      for (const { warnings } of [first, second]) {
        // The connection that was taken may also be told as one that broke.
        const told = warnings.filter(({ code }) => code === 'HIGGS_ID_IN_USE');
        expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('"test"')]);
      }
    },
  );
});
