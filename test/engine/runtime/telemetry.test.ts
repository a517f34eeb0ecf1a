/**
 * Nothing phones home: programs that speak are run without `CI` set (which hides it), in a network of their own where nothing
 * gets out, and every connection that they try is noted by strace. Needs Linux with strace, `ip` and `unshare -rn`; says so
 * where these are missing.
 */
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { ROOT, SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';
import { skipBecause } from '../../helpers/programs.js';

/** The library waits some seconds before it reports for the first time. */
const LISTEN_MS = 12_000;
/** Whatever tells the library that nobody is there to be watched. */
const HIDING = ['CI', 'TF_BUILD', 'GITHUB_ACTIONS', 'JENKINS_URL', 'ORT_DISABLE_TELEMETRY'];
/** A network that leads nowhere but looks like one: without a route the library does not even try. */
const ALONE = ['-rn', 'sh', '-c', 'ip link set lo up && ip route add default dev lo && exec "$@"', 'sh'];
const TRACED = [...ALONE, 'strace', '-f', '-qq', '-e', 'trace=connect', '-e', 'signal=none'];

const canTrace = spawnSync('unshare', [...TRACED, '-o', '/dev/null', process.execPath, '-e', '0']).status === 0;

/** Speaks through the API: onnxruntime lies in a child process and in a thread of that. */
const BY_CHILD = `
  const { acquireEngine } = require('@higgs-tts/node-red/engine');
  (async () => {
    const { engine, release } = acquireEngine({ model: MODEL, cacheDir: CACHE, dataDir: CACHE, threads: 1 });
    const { durationSeconds } = await engine.speak({ text: 'Hello.', maxSeconds: 0.4, seed: 1 });
    await new Promise((resolve) => setTimeout(resolve, ${LISTEN_MS}));
    await release();
    console.log(durationSeconds > 0 ? 'spoken' : 'silent');
  })();`;

/** Loads onnxruntime in its own process and in a thread, as the bench and the scripts do. */
const IN_PROCESS = `
  const { openCodec, openLanguageModel } = require(DIST + '/src/engine/runtime/index.js');
  (async () => {
    const shared = { cacheDir: CACHE, device: 'cpu', threads: 1 };
    const model = await openLanguageModel({ ...shared, modelDir: MODEL + '/model' });
    const codec = await openCodec({ ...shared, codecDir: MODEL + '/codec', inBackground: true });
    const context = model.open(8);
    const scores = await context.feed({ kind: 'text', ids: Int32Array.of(1, 2, 3) });
    await new Promise((resolve) => setTimeout(resolve, ${LISTEN_MS}));
    await model.close();
    await codec.close();
    console.log(scores.length > 0 ? 'spoken' : 'silent');
  })();`;

/** Loads the WASM build. */
const BY_WASM = `
  const { openCodec } = require(DIST + '/src/engine/runtime/index.js');
  (async () => {
    const codec = await openCodec({ cacheDir: CACHE, device: 'wasm', threads: 1, codecDir: MODEL + '/codec' });
    await new Promise((resolve) => setTimeout(resolve, ${LISTEN_MS}));
    await codec.close();
    console.log('spoken');
    process.exit(0);
  })();`;

interface Trace {
  readonly output: string;
  /** Calls of `connect` to anything but a socket of this machine's file system. */
  readonly connections: readonly string[];
  /** What lies in the user's home that was not there before. */
  readonly files: readonly string[];
}

async function traced(program: string, setting?: string): Promise<Trace> {
  const folder = temporaryFolder();
  const [home, log] = [path.join(folder, 'home'), path.join(folder, 'trace')];
  fs.mkdirSync(home);
  const known = { MODEL: SMALL_MODEL, CACHE: path.join(folder, 'cache'), DIST: path.join(ROOT, 'dist') };
  const head = Object.entries(known).map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const inherited = Object.entries(process.env).filter(([name]) => !HIDING.includes(name));
  const env = {
    ...Object.fromEntries(inherited),
    HOME: home,
    XDG_CACHE_HOME: path.join(home, '.cache'),
    ...(setting === undefined ? {} : { ORT_DISABLE_TELEMETRY: setting }),
  };
  const args = [...TRACED, '-o', log, process.execPath, '-e', `${head.join('\n')}${program}`];
  const { stdout } = await promisify(execFile)('unshare', args, { cwd: ROOT, env });
  const connections = fs
    .readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('connect(') && !line.includes('AF_UNIX'));
  return { output: stdout, connections, files: fs.readdirSync(home, { recursive: true }) as string[] };
}

describe('telemetry of onnxruntime', () => {
  beforeEach((context) => {
    if (!canTrace) skipBecause(context, 'it needs Linux with strace, ip and "unshare -rn"');
  });

  test.concurrent.each([
    ['an engine with its process and threads', BY_CHILD],
    ['a program that loads onnxruntime itself', IN_PROCESS],
    ['a program that loads the WASM build', BY_WASM],
  ])('%s connects to nothing and leaves nothing in the user’s folders', async (_name, program) => {
    const { output, connections, files } = await traced(program);
    expect(output).toContain('spoken');
    expect(connections).toEqual([]);
    expect(files).toEqual([]);
  });

  test.concurrent(
    'a user who sets ORT_DISABLE_TELEMETRY has the last word, and this test would see a connection',
    async () => {
      const { output, connections, files } = await traced(BY_CHILD, '0');
      expect(output).toContain('spoken');
      expect(connections.length).toBeGreaterThan(0);
      expect(files.join()).toContain('deviceid');
    },
  );
});
