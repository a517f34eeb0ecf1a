import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';
import { skipWithout } from '../../helpers/programs.js';
import { bench, BASE, client, Listener, online } from './announcer-kit.js';
import { Mosquitto, Wire } from './brokers.js';

beforeEach((context) => skipWithout(context, 'mosquitto'));

const embedded = engineOpener();
const small = engineOpener({ model: SMALL_MODEL });

test('mosquitto restarted in the middle of 50 announcements: 50 spoken, none twice', { timeout: 180_000 }, async () => {
  const engine = embedded();
  const broker = await Mosquitto.start();
  // A loudspeaker that must not miss anything either, and a house that announces.
  const listener = await Listener.on(broker.url, { clientId: 'listener', clean: false });
  const sender = await client(broker.url, { clientId: 'sender', clean: false });
  const { spoken } = await bench(engine, broker.url);
  await online(listener);

  const texts = Array.from({ length: 50 }, (_, index) => `Number ${index + 1}.`);
  // Every other one has an id; the rest are plain texts, which this sender makes sure to send once (QoS 2).
  const publish = (text: string, index: number) =>
    index % 2 === 0
      ? sender.publishAsync(`${BASE}/say`, JSON.stringify({ text, id: `id-${index}` }), { qos: 1 })
      : sender.publishAsync(`${BASE}/say`, text, { qos: 2 });
  const sent = texts.slice(0, 25).map(publish);
  await until(() => listener.withState('done').length >= 5, 60_000);
  await broker.down();
  const meanwhile = texts.slice(25).map((text, index) => publish(text, index + 25));
  await until(() => spoken.length > 10, 60_000);
  await broker.up();
  await Promise.all([...sent, ...meanwhile]);

  await until(() => listener.withState('done').length >= 50, 120_000);
  const done = listener.withState('done').map(({ text }) => text!);
  expect([...spoken].sort()).toEqual([...texts].sort());
  expect([...done].sort()).toEqual([...texts].sort());
  expect(listener.withState('failed')).toEqual([]);
});

describe.each([4, 5] as const)('over MQTT version %d', (protocolVersion) => {
  test('a plain text whose confirmation was lost is not announced twice; the same words said again are', async () => {
    const broker = await Mosquitto.start();
    const wire = await Wire.to(broker.port);
    const listener = await Listener.on(broker.url);
    const { spoken, announcer } = await bench(small(), wire.url, { broker: { url: wire.url, protocolVersion } });
    await online(listener);
    await until(() => listener.texts(`${BASE}/queue`).length > 0);
    wire.swallowUpward = true;
    await listener.say('The bell rang.');
    await until(() => spoken.length === 1);
    wire.cut();
    wire.swallowUpward = false;
    await until(() => !announcer.state.connected);
    await until(() => announcer.state.connected);
    await until(() => listener.withState('done').length === 1);
    await listener.say('The bell rang.');
    await until(() => listener.withState('done').length === 2);
    expect(spoken).toEqual(['The bell rang.', 'The bell rang.']);
    expect(new Set(listener.withState('done').map(({ id }) => id)).size).toBe(2);
  });

  test('what is said while the announcer is away is announced when it comes back', async () => {
    const broker = await Mosquitto.start();
    const listener = await Listener.on(broker.url);
    const folder = temporaryFolder();
    const options = { folder, broker: { url: broker.url, protocolVersion } };
    const first = await bench(small(), broker.url, options);
    await online(listener);
    await first.announcer.close();
    for (const text of ['One.', 'Two.', 'Three.']) await listener.say(text);
    const second = await bench(small(), broker.url, options);
    await until(() => listener.withState('done').length === 3);
    expect(second.spoken).toEqual(['One.', 'Two.', 'Three.']);
  });

  test(
    'a connection that is cut again and again loses nothing and tells nothing twice',
    { timeout: 120_000 },
    async () => {
      const broker = await Mosquitto.start();
      const wire = await Wire.to(broker.port);
      const listener = await Listener.on(broker.url);
      const { spoken } = await bench(small(), wire.url, { broker: { url: wire.url, protocolVersion } });
      await online(listener);
      const texts = Array.from({ length: 20 }, (_, index) => `Number ${index}.`);
      for (const [index, text] of texts.entries()) {
        await listener.say(text, `${BASE}/say`, 2);
        if (index % 6 === 5) wire.cut();
      }
      await until(() => listener.withState('done').length >= 20, 90_000);
      expect([...spoken].sort()).toEqual([...texts].sort());
      expect(
        listener
          .withState('done')
          .map(({ text }) => text)
          .sort(),
      ).toEqual([...texts].sort());
    },
  );
});

test('a user and a password are asked for; a wrong one is a warning, and nothing else', async (context) => {
  skipWithout(context, 'mosquitto_passwd');
  const folder = temporaryFolder();
  const passwords = path.join(folder, 'passwords');
  execFileSync('mosquitto_passwd', ['-c', '-b', passwords, 'home', 'right']);
  const broker = await Mosquitto.start([], (port) => [`listener ${port} 127.0.0.1`, `password_file ${passwords}`]);
  const listener = await Listener.on(broker.url, { username: 'home', password: 'right' });
  const wrong = await bench(small(), broker.url, {
    id: 'wrong',
    broker: { url: broker.url, username: 'home', password: 'wrong' },
  });
  await until(() => wrong.warnings.length === 1);
  expect(wrong.warnings[0]).toMatchObject({ code: 'HIGGS_BROKER_UNREACHABLE' });
  expect(wrong.announcer.state.connected).toBe(false);
  await bench(small(), broker.url, { broker: { url: broker.url, username: 'home', password: 'right' } });
  await online(listener);
});

test('over TLS the broker’s certificate is checked', async (context) => {
  skipWithout(context, 'openssl');
  const folder = temporaryFolder();
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name)) as [string, string];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject],
    {
      stdio: 'ignore',
    },
  );
  const broker = await Mosquitto.start([], (port) => [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `keyfile ${key}`,
    `certfile ${cert}`,
  ]);
  const url = `mqtts://localhost:${broker.port}`;
  const ca = fs.readFileSync(cert);
  const stranger = await bench(small(), url, { id: 'stranger' });
  await until(() => stranger.warnings.length === 1);
  expect(stranger.announcer.state.connected).toBe(false);
  const { announcer } = await bench(small(), url, { broker: { url, ca } });
  await until(() => announcer.state.connected);
});
