import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { SMALL_MODEL } from '../engine-kit.js';
import { lookFor, skipWithoutMulticast } from '../helpers/multicast.js';
import { Bench, nodeRed } from './node-red-kit.js';

nodeRed();

const ENGINE = { id: 'engine', type: 'higgs-engine', model: 'folder', modelFolder: SMALL_MODEL };
const SERVER = { id: 'server', type: 'higgs-server', engine: 'engine' };

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const speak = (port: number, key?: string) =>
  fetch(`http://127.0.0.1:${port}/v1/audio/speech`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ input: 'Hello.', response_format: 'wav' }),
  });

const statusIs = (bench: Bench, fill: string) => bench.until(() => bench.lastStatus('server')?.fill === fill);

test('speaks for other programs while it is deployed, and is gone afterwards', async () => {
  const port = await freePort();
  const bench = await Bench.deploy([ENGINE, { ...SERVER, port: String(port) }]);
  await statusIs(bench, 'green');
  const response = await speak(port);
  expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
  expect(bench.statuses.get('server')!.map(({ fill }) => fill)).toContain('blue');
  await bench.stopOne('server');
  await expect(speak(port)).rejects.toThrow();
});

test('asks for the keys among its credentials', async () => {
  const port = await freePort();
  const flow = [ENGINE, { ...SERVER, port: String(port) }];
  const bench = await Bench.deploy(flow, { server: { apiKeys: 'first-key, second-key' } });
  await statusIs(bench, 'green');
  const statuses = [await speak(port), await speak(port, 'third-key'), await speak(port, 'second-key')];
  expect(statuses.map(({ status }) => status)).toEqual([401, 401, 200]);
});

test.each([true, false])('takes only the voices’ own names where that is set: %s', async (strictVoices) => {
  const port = await freePort();
  const bench = await Bench.deploy([ENGINE, { ...SERVER, port: String(port), strictVoices }]);
  await statusIs(bench, 'green');
  const response = await fetch(`http://127.0.0.1:${port}/v1/audio/voices`);
  const { voices } = (await response.json()) as { voices: { id: string }[] };
  expect(voices.some(({ id }) => id === 'alloy')).toBe(!strictVoices);
});

test('answers voice assistants at a port of their own', async () => {
  const wyomingPort = await freePort();
  const bench = await Bench.deploy([ENGINE, { ...SERVER, port: '', wyomingPort: String(wyomingPort) }]);
  await statusIs(bench, 'green');
  const socket = net.connect(wyomingPort, '127.0.0.1');
  const answer = new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
  socket.write('{"type":"ping"}\n');
  expect(await answer).toContain('pong');
  socket.destroy();
});

describe('in the network', () => {
  beforeEach(skipWithoutMulticast);

  test('is found by its ports while it is deployed', async () => {
    const [speech, assistants] = [lookFor('http'), lookFor('wyoming')];
    const [port, wyomingPort] = [await freePort(), await freePort()];
    const server = { ...SERVER, port: `${port}`, wyomingPort: `${wyomingPort}`, host: '0.0.0.0' };
    const bench = await Bench.deploy([ENGINE, server]);
    expect((await speech.found(port)).txt).toMatchObject({ path: '/v1' });
    await assistants.found(wyomingPort);
    await bench.stopOne('server');
    await Promise.all([speech.gone(port), assistants.gone(wyomingPort)]);
    await Promise.all([speech.close(), assistants.close()]);
    expect(bench.warnings).toEqual([]);
  });

  test('is not found where that is switched off, nor where it listens for this machine alone', async () => {
    const assistants = lookFor('wyoming');
    const [off, alone, on] = [await freePort(), await freePort(), await freePort()];
    await Bench.deploy([
      ENGINE,
      { ...SERVER, id: 'off', wyomingPort: `${off}`, host: '0.0.0.0', zeroconf: false },
      { ...SERVER, id: 'alone', wyomingPort: `${alone}` },
      { ...SERVER, id: 'on', wyomingPort: `${on}`, host: '0.0.0.0' },
    ]);
    await assistants.found(on);
    // Each waits up to a quarter of a second by chance before it is announced.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([assistants.at(off), assistants.at(alone)]).toEqual([undefined, undefined]);
    await assistants.close();
  });
});

test('tells a port that is in use, and a redeploy to another one mends it', async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const port = String((taken.address() as AddressInfo).port);
  const bench = await Bench.deploy([ENGINE, { ...SERVER, port }]);
  await bench.until(() => bench.caught.length > 0);
  expect(bench.caught[0]!.error).toMatchObject({ code: 'HIGGS_ADDRESS_UNAVAILABLE' });
  expect(bench.lastStatus('server')?.fill).toBe('red');
  const other = await freePort();
  await bench.redeploy([ENGINE, { ...SERVER, port: String(other) }]);
  await statusIs(bench, 'green');
  expect((await speak(other)).status).toBe(200);
  await new Promise((resolve) => taken.close(resolve));
});

test('tells a port that is none, and one that nobody gave', async () => {
  const bench = await Bench.deploy([ENGINE, { ...SERVER, port: '99999' }]);
  await statusIs(bench, 'red');
  await bench.redeploy([ENGINE, { ...SERVER, port: '' }]);
  await statusIs(bench, 'grey');
});
