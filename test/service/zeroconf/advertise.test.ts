import { advertise, type Advertisement } from '@higgs-tts/node-red/service';
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machineName } from '../../../src/service/zeroconf/names.js';
import { ROOT } from '../../helpers/folders.js';
import { lookFor, skipWithoutMulticast } from '../../helpers/multicast.js';
import { skipBecause } from '../../helpers/programs.js';

const open: { close(): Promise<void> }[] = [];
const warnings: string[] = [];
const warn = (text: string) => void warnings.push(text);
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  warnings.length = 0;
});

function looking(type: string) {
  const browser = lookFor(type);
  open.push(browser);
  return browser;
}

describe('in a network with multicast', () => {
  beforeEach(skipWithoutMulticast);

  test.each([
    ['wyoming', 'wyoming', undefined],
    ['http', 'http', '/v1'],
    ['sounds', 'http', '/sounds'],
  ] as const)(
    'a server (%s) is found in the network as %s with its port and path, until it is closed',
    async (...row) => {
      const [kind, type, path] = row;
      const port = 20_000 + Math.floor(Math.random() * 20_000);
      const browser = looking(type);
      const advertisement = await advertise([{ kind, host: '0.0.0.0', port }], warn);
      const service = await browser.found(port);
      const { name, host, addresses } = service;
      const txt = service.txt as { readonly path?: string } | undefined;
      expect(advertisement.names).toEqual([name]);
      expect(name).toMatch(new RegExp(`^Higgs TTS .+ ${port}$`));
      expect(host).toMatch(/^higgs-tts-.+\.local$/);
      const own = Object.values(os.networkInterfaces()).flatMap((entries) => entries ?? []);
      expect(own.filter(({ internal }) => !internal).map(({ address }) => address)).toEqual(
        expect.arrayContaining(addresses!),
      );
      expect(addresses).toHaveLength(1);
      expect(txt?.path).toBe(path);
      await advertisement.close();
      await browser.gone(port);
      expect(warnings).toEqual([]);
    },
  );

  test('one that is closed before it was announced is never found', async () => {
    const browser = looking('wyoming');
    const early = await advertise([{ kind: 'wyoming', host: '', port: 19_998 }], warn);
    await early.close();
    open.push(await advertise([{ kind: 'wyoming', host: '', port: 19_999 }], warn));
    await browser.found(19_999);
    expect(browser.at(19_998)).toBeUndefined();
  });
});

test.each(['127.0.0.1', '::1', 'localhost'])(
  'a server at %s is not announced, and nothing is loaded for it',
  async (host) => {
    const advertisement = await advertise([{ kind: 'http', host, port: 8880 }], warn, () => {
      throw new Error('was loaded');
    });
    expect(advertisement.names).toEqual([]);
    await advertisement.close();
  },
);

test('without the package there is one warning and no error', async () => {
  const servers = (['http', 'wyoming'] as const).map((kind) => ({ kind, host: '192.0.2.1', port: 8880 }));
  const missing = () => Promise.reject(new Error("Cannot find package 'bonjour-service'"));
  const advertisement: Advertisement = await advertise(servers, warn, missing);
  expect(warnings).toEqual([expect.stringContaining('"bonjour-service" is missing')]);
  expect(advertisement.names).toEqual([]);
  await advertisement.close();
});

/** A network of its own with one card; its port of multicast DNS belongs to a socket that shares it with nobody. */
const TAKEN_PORT = `
  const socket = require('node:dgram').createSocket('udp4').bind(5353, async () => {
    const { advertise } = require('@higgs-tts/node-red/service');
    const warnings = [];
    const advertisement = await advertise([{ kind: 'http', host: '', port: 8880 }], (text) => warnings.push(text));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await advertisement.close();
    socket.close();
    console.log(JSON.stringify(warnings));
  });`;

test('where another program keeps the port of multicast DNS for itself there is one warning and no error', (context) => {
  const card =
    'ip link add card0 type veth peer name card1 && ip addr add 192.0.2.9/24 dev card0 && ip link set card0 up && ip link set card1 up';
  const inNetwork = (command: string, ...more: readonly string[]) =>
    execFileSync('unshare', ['-rn', 'sh', '-c', `${card} && exec ${command}`, 'sh', ...more], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  try {
    inNetwork('true');
  } catch {
    skipBecause(context, 'no network of its own can be made here (unshare, ip)');
  }
  const told = JSON.parse(inNetwork('"$1" -e "$2"', process.execPath, TAKEN_PORT)) as string[];
  expect(told).toEqual([expect.stringContaining('EADDRINUSE')]);
});

test('names tell two machines apart that are called the same', () => {
  const machine = (mac: string) => ({
    eth0: [{ address: '192.0.2.1', mac }] as unknown as os.NetworkInterfaceInfo[],
  });
  const names = ['b8:27:eb:00:12:34', 'b8:27:eb:00:56:78'].map((mac) =>
    machineName('raspberrypi.home.arpa', '192.0.2.1', machine(mac)),
  );
  expect(names).toEqual(['raspberrypi-1234', 'raspberrypi-5678']);
  expect(machineName('Küche (neu)', '192.0.2.9', {})).toBe('K-che-neu');
});
