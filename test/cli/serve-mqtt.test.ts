import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { afterEach, describe, expect, test, type TestContext } from 'vitest';
import { brokerOf, defaultId } from '../../src/cli/serve-mqtt.js';
import { ROOT, SMALL_MODEL, temporaryFolder, until } from '../engine-kit.js';
import { skipWithout } from '../helpers/programs.js';
import { Listener } from '../service/mqtt/announcer-kit.js';
import { Mosquitto } from '../service/mqtt/brokers.js';

const MAIN = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function serve(url: string, folder: string, ...more: readonly string[]) {
  const args = [
    'serve',
    ...more,
    '--mqtt',
    url,
    '--mqtt-id',
    'test',
    '--sounds',
    '127.0.0.1:0',
    '--model',
    SMALL_MODEL,
  ];
  const child = spawn(process.execPath, [MAIN, ...args, '--data-dir', folder], {
    env: { ...process.env, HIGGS_CACHE_DIR: path.join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running.push(child);
  return { child, ended: new Promise<number | null>((resolve) => child.once('close', resolve)) };
}

/** A broker, and an announcer that has come online there. */
async function servedHouse(context: TestContext) {
  skipWithout(context, 'mosquitto');
  const broker = await Mosquitto.start();
  const folder = temporaryFolder();
  const listener = await Listener.on(broker.url);
  const first = serve(broker.url, folder);
  await until(() => listener.texts('higgs-tts/test/availability').includes('online'), 60_000);
  return { broker, folder, listener, first };
}

describe('higgs-tts serve --mqtt', () => {
  test('killed in the middle of ten announcements and started again, speaks them all', async (context) => {
    const { broker, folder, listener, first } = await servedHouse(context);
    const ids = Array.from({ length: 10 }, (_, index) => `number-${index}`);
    for (const id of ids) await listener.say({ text: `This is ${id}.`, id });
    await until(() => listener.withState('done').length >= 2, 60_000);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(new Set(listener.withState('done').map(({ id }) => id)).size).toBeLessThan(10);
    const second = serve(broker.url, folder);
    const done = () => new Set(listener.withState('done').map(({ id }) => id));
    await until(() => done().size === 10, 60_000);
    const { url } = listener.withState('done').at(-1)!;
    expect((await fetch(url!)).headers.get('content-type')).toBe('audio/wav');
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    await until(() => listener.texts('higgs-tts/test/availability').at(-1) === 'offline');
  });

  test('--forget takes the device out of Home Assistant, and leaves nothing at the broker', async (context) => {
    const { broker, folder, listener, first } = await servedHouse(context);
    first.child.kill('SIGTERM');
    await first.ended;
    expect(await serve(broker.url, folder, '--forget').ended).toBe(0);
    await until(() => listener.texts('homeassistant/device/test/config').at(-1) === '');
    // What is retained comes to whoever subscribes now.
    const later = await Listener.on(broker.url);
    await later.say('last', 'elsewhere');
    await until(() => later.texts('elsewhere').length === 1);
    for (const topic of ['availability', 'instance']) expect(later.texts(`higgs-tts/test/${topic}`)).toEqual([]);
    expect(later.texts('homeassistant/device/test/config')).toEqual([]);
  });
});

test('the user comes with the address, and the password stays out of what is told', () => {
  expect(brokerOf('mqtt://home:p%40ss@host:1883', undefined)).toEqual({
    url: 'mqtt://host:1883',
    username: 'home',
    password: 'p@ss',
  });
  expect(brokerOf('mqtts://home@host', 'secret')).toEqual({
    url: 'mqtts://host',
    username: 'home',
    password: 'secret',
  });
  expect(brokerOf('mqtt://host', undefined)).toEqual({ url: 'mqtt://host' });
  expect(brokerOf('mqtt://home:50%%25ff%c3%a4@host', undefined)).toEqual({
    url: 'mqtt://host',
    username: 'home',
    password: '50%%ffä',
  });
});

test.each([
  ['kitchen', 'kitchen'],
  ['my.host local', 'my-host-local'],
  ['…', 'announcer'],
  ['x'.repeat(100), 'x'.repeat(64)],
])('a machine called "%s" has the id "%s"', (hostname, id) => {
  expect(defaultId(hostname)).toBe(id);
});
