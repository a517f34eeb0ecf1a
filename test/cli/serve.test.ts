import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { addressOf, tagsOf } from '../../src/cli/serve.js';
import { SPEECH, SpeechServer } from '../engine/remote/speech-server.js';
import { lookFor, skipWithoutMulticast } from '../helpers/multicast.js';
import { isAlive, ROOT, SMALL_MODEL, temporaryFolder, until } from '../engine-kit.js';

const MAIN = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
const folder = temporaryFolder();
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function serve(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, 'serve', ...args], {
    env: {
      ...process.env,
      HIGGS_CACHE_DIR: path.join(folder, 'cache'),
      HIGGS_DATA_DIR: path.join(folder, 'data'),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  const told = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (part: string) => (told.text += part));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, told, ended };
}

async function urlOf(told: { readonly text: string }): Promise<string> {
  await until(() => told.text.includes('http://'));
  return /http:\/\/[\d.:]+/.exec(told.text)![0];
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).map(([child]) => child!);
}

describe('higgs-tts serve', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'speaks by HTTP until %s, then ends well with all that it started',
    async (signal) => {
      const { child, told, ended } = serve(['--http', '0', '--model', SMALL_MODEL]);
      const url = await urlOf(told);
      // A text of its own: what was spoken before comes from the cache, and starts no process.
      const body = JSON.stringify({ input: `Hello, ${signal}.`, response_format: 'wav' });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/v1/audio/speech`, { method: 'POST', headers, body });
      expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
      const speechProcesses = childrenOf(child.pid!);
      expect(speechProcesses.length).toBeGreaterThan(0);
      child.kill(signal);
      expect(await ended).toBe(0);
      for (const pid of speechProcesses) expect(isAlive(pid)).toBe(false);
    },
  );

  test('asks for the keys of its environment, and tells none of them', async () => {
    const { told } = serve(['--http', '0'], { HIGGS_API_KEY: 'first-key,second-key' });
    const url = await urlOf(told);
    const statusWith = async (key: string) => {
      const response = await fetch(`${url}/v1/voices`, { headers: { authorization: `Bearer ${key}` } });
      return response.status;
    };
    expect([await statusWith('second-key'), await statusWith('third-key')]).toEqual([200, 401]);
    expect(told.text).not.toContain('key');
  });

  test('speaks to voice assistants too', async () => {
    const { told } = serve(['--wyoming', '0', '--model', SMALL_MODEL]);
    await until(() => told.text.includes('tcp://'));
    const port = Number(/tcp:\/\/127\.0\.0\.1:(\d+)/.exec(told.text)![1]);
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write('{"type":"ping"}\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toBe('{"type":"pong"}\n');
    socket.destroy();
  });

  test('is found in the network until it ends, unless that is switched off', async (context) => {
    await skipWithoutMulticast(context);
    const assistants = lookFor('wyoming');
    const flags = ['--wyoming', '0.0.0.0:0', '--model', SMALL_MODEL];
    const portIn = (text: string) => Number(/tcp:\/\/0\.0\.0\.0:(\d+)/.exec(text)![1]);
    const off = serve([...flags, '--no-zeroconf']);
    await until(() => off.told.text.includes('tcp://'));
    const on = serve(flags);
    await until(() => on.told.text.includes('announced in the network'));
    await assistants.found(portIn(on.told.text));
    expect(assistants.at(portIn(off.told.text))).toBeUndefined();
    on.child.kill('SIGTERM');
    expect(await on.ended).toBe(0);
    await assistants.gone(portIn(on.told.text));
    await assistants.close();
  });

  test('passes on what a server elsewhere speaks, asked with a key of its own', async () => {
    const elsewhere = await new SpeechServer().start();
    try {
      const { told } = serve(['--http', '0', '--remote', elsewhere.url], { HIGGS_REMOTE_KEY: 'a-remote-secret' });
      const url = await urlOf(told);
      const body = JSON.stringify({ input: 'Hello.', response_format: 'pcm' });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/v1/audio/speech`, { method: 'POST', headers, body });
      expect((await response.arrayBuffer()).byteLength).toBe(2 * SPEECH.length);
      expect(elsewhere.spoken[0]!.headers.authorization).toBe('Bearer a-remote-secret');
      expect(told.text).not.toContain('secret');
    } finally {
      await elsewhere.stop();
    }
  });

  test('warns where everyone may ask', async () => {
    const { told } = serve(['--http', '0.0.0.0:0'], { HIGGS_API_KEY: '' });
    await urlOf(told);
    expect(told.text).toContain('HIGGS_API_KEY');
  });

  test('tells a port that is in use, and a command line that asks for nothing', async () => {
    const first = serve(['--http', '0']);
    const port = new URL(await urlOf(first.told)).port;
    const second = serve(['--http', port]);
    expect(await second.ended).toBe(1);
    expect(second.told.text).toMatch(/^higgs-tts: .*in use already.*\(HIGGS_ADDRESS_UNAVAILABLE\)\n$/);
    expect(await serve([]).ended).toBe(2);
  });
});

test('addresses are a port, or an address and a port', () => {
  expect(addressOf('http', '8880')).toEqual({ port: 8880 });
  expect(addressOf('http', '0.0.0.0:80')).toEqual({ host: '0.0.0.0', port: 80 });
  expect(addressOf('http', '[::1]:80')).toEqual({ host: '::1', port: 80 });
  for (const text of ['', 'x', '1:2:3', ':80', '0.0.0.0:']) expect(() => addressOf('http', text)).toThrow('PORT');
});

test('languages are listed with spaces or without', () => {
  expect(tagsOf('en, de ,fr,')).toEqual(['en', 'de', 'fr']);
  expect(tagsOf('')).toEqual([]);
});
