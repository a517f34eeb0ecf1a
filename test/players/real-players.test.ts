/** Sound that real players play, recorded where it would be heard. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { likeness } from '../../scripts/hear/likeness.js';
import { recordingRenderer } from '../../scripts/hear/recorders.js';
import { readSound } from '../../src/engine/index.js';
import { LOUDSPEAKER, playOn, type PlayRequest, type ProgramName, type SoundSource } from '../../src/players/index.js';
import { devicesOf } from '../../src/players/loudspeaker/devices.js';
import { chooseProgram, findPrograms } from '../../src/players/loudspeaker/find.js';
import { openSoundHost } from '../../src/service/index.js';
import { EMBEDDED_VOICES, temporaryFolder } from '../helpers/folders.js';
import { skipBecause, skipWithout } from '../helpers/programs.js';
import { until } from '../helpers/waiting.js';
import { recordingDevice } from './alsa-kit.js';

/** Somebody says a few words. */
const clip = fs.readdirSync(EMBEDDED_VOICES).find((name) => name.endsWith('.wav'))!;
const SPEECH = fs.readFileSync(path.join(EMBEDDED_VOICES, clip));
const SPOKEN = readSound(SPEECH);

const running: ChildProcess[] = [];
const env = { ...process.env };

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }
  for (const name of ['ALSA_CONFIG_PATH', 'PULSE_SERVER', 'SDL_AUDIODRIVER', 'XDG_RUNTIME_DIR']) {
    if (env[name] === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = env[name];
  }
});

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: 'ignore' });
  running.push(child);
  return child;
}

async function play(program: ProgramName, device: string, source: SoundSource, more: Partial<PlayRequest> = {}) {
  await playOn(LOUDSPEAKER, source, {
    owner: 'test',
    priority: 0,
    interrupt: false,
    signal: new AbortController().signal,
    publish: () => Promise.reject(new Error('A loudspeaker fetches nothing.')),
    loudspeaker: { program, ...(device === '' ? {} : { device }) },
    ...more,
  });
}

/** The loudest quarter of a second: in a pause, what a player rounds off weighs as much as the sound. */
function loudest(samples: Float32Array, sampleRateHz: number): Float32Array {
  const length = Math.floor(sampleRateHz / 4);
  const parts = Array.from({ length: Math.floor(samples.length / length) }, (_, i) =>
    samples.slice(i * length, (i + 1) * length),
  );
  const energy = (part: Float32Array) => part.reduce((sum, value) => sum + value * value, 0);
  return parts.reduce((best, part) => (energy(part) > energy(best) ? part : best));
}

async function* inParts(bytes: Uint8Array, partBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += partBytes) yield await Promise.resolve(bytes.subarray(at, at + partBytes));
}

describe('aplay with a device of ALSA that writes a file', () => {
  let heard = '';

  beforeEach((context) => {
    skipWithout(context, 'aplay');
    heard = recordingDevice(temporaryFolder());
  });

  const samplesHeard = () => readSound(fs.readFileSync(heard));

  test.each<[string, SoundSource]>([
    ['a whole sound', { kind: 'bytes', bytes: SPEECH }],
    ['a sound in parts, cut anywhere,', { kind: 'chunks', chunks: inParts(SPEECH, 997) }],
  ])('plays %s, sample for sample', async (_, source) => {
    await play('aplay', 'heard', source);
    const { channels, sampleRateHz } = samplesHeard();
    expect(sampleRateHz).toBe(SPOKEN.sampleRateHz);
    expect(channels[0]!.slice(0, SPOKEN.channels[0]!.length)).toEqual(SPOKEN.channels[0]);
  });

  test('plays it at a volume', async () => {
    await play('aplay', 'heard', { kind: 'bytes', bytes: SPEECH }, { volume: 50 });
    const part = loudest(SPOKEN.channels[0]!, SPOKEN.sampleRateHz);
    const { alike, gain } = likeness(samplesHeard().channels[0]!, part);
    expect(alike).toBeGreaterThan(0.99);
    expect(20 * Math.log10(gain)).toBeCloseTo(-10, 1);
  });

  test('begins before a stream is whole, and ends with it', async () => {
    const half = SPEECH.length / 2;
    async function* slow() {
      yield SPEECH.subarray(0, half);
      await until(() => fs.existsSync(heard) && fs.statSync(heard).size > 44);
      yield SPEECH.subarray(half);
    }
    await play('aplay', 'heard', { kind: 'chunks', chunks: slow() });
    expect(samplesHeard().channels[0]!.slice(0, SPOKEN.channels[0]!.length)).toEqual(SPOKEN.channels[0]);
  });

  test('tells what the program says about a device that is not there', async () => {
    await expect(play('aplay', 'nowhere', { kind: 'bytes', bytes: SPEECH })).rejects.toMatchObject({
      code: 'HIGGS_PLAYER_FAILED',
      message: expect.stringContaining('aplay') as string,
    });
  });

  test('offers the devices', async () => {
    const aplay = chooseProgram(await findPrograms(), 'aplay');
    expect((await devicesOf(aplay)).map(({ name }) => name)).toContain('heard');
  });

  test('refuses what is no sound, and what aplay cannot decode', async () => {
    const refused = { code: 'HIGGS_SOUND_UNPLAYABLE' };
    await expect(
      play('aplay', 'heard', { kind: 'bytes', bytes: Buffer.from('Hello, this is text.') }),
    ).rejects.toMatchObject(refused);
    await expect(
      play('aplay', 'heard', { kind: 'bytes', bytes: Buffer.from('ID3 an MP3 file') }),
    ).rejects.toMatchObject(refused);
  });
});

describe('PulseAudio with a sink whose monitor is recorded', () => {
  let recorded = '';

  beforeEach(async (context) => {
    skipWithout(context, 'pulseaudio', 'paplay', 'parec', 'pactl');
    const folder = temporaryFolder();
    const socket = path.join(folder, 'socket');
    process.env.XDG_RUNTIME_DIR = folder;
    process.env.PULSE_SERVER = `unix:${socket}`;
    // The socket last: whoever finds it finds the sink too.
    const load = [
      'module-null-sink sink_name=heard rate=24000 channels=1',
      `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
    ];
    start('pulseaudio', [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--use-pid-file=no',
      ...load.map((module) => `--load=${module}`),
    ]);
    await until(() => fs.existsSync(socket));
    recorded = path.join(folder, 'recorded.raw');
    start('parec', [
      '--device=heard.monitor',
      '--format=s16le',
      '--rate=24000',
      '--channels=1',
      '--latency-msec=50',
      '--raw',
      recorded,
    ]);
    await until(() => fs.existsSync(recorded) && fs.statSync(recorded).size > 0);
  });

  function samplesRecorded(): Float32Array {
    const bytes = fs.readFileSync(recorded);
    return Float32Array.from({ length: Math.floor(bytes.length / 2) }, (_, at) => bytes.readInt16LE(2 * at) / 32_768);
  }

  test.for<ProgramName>(['paplay', 'ffplay'])('hears what %s is given', async (program, context) => {
    process.env.SDL_AUDIODRIVER = 'pulseaudio';
    const programs = (await findPrograms()).map((found) => found.program.name);
    if (!programs.includes(program)) skipBecause(context, `${program} is not installed here`);
    await play(program, program === 'paplay' ? 'heard' : '', { kind: 'bytes', bytes: SPEECH });
    const part = loudest(SPOKEN.channels[0]!, SPOKEN.sampleRateHz);
    await until(() => likeness(samplesRecorded(), part).alike > 0.9);
  });

  test('finds paplay ready, with the sink as a device, and stops at once', async () => {
    const paplay = chooseProgram(await findPrograms(), 'auto');
    expect(paplay.program.name).toBe('paplay');
    expect((await devicesOf(paplay)).map(({ name }) => name)).toEqual(['heard']);
    const abort = new AbortController();
    const playing = play('paplay', 'heard', { kind: 'bytes', bytes: SPEECH }, { signal: abort.signal });
    const ends = expect(playing).rejects.toMatchObject({ code: 'HIGGS_ABORTED' });
    const size = fs.statSync(recorded).size;
    await until(() => fs.statSync(recorded).size > size + 9600);
    abort.abort();
    await ends;
  });
});

describe('gmediarender', () => {
  test('fetches the sound, and what it puts out is what was said', async (context) => {
    skipWithout(context, 'gmediarender');
    const folder = temporaryFolder();
    const heard = path.join(folder, 'heard.wav');
    const name = `higgs ${process.pid}`;
    start('gmediarender', recordingRenderer(name, heard, SPOKEN.sampleRateHz));
    const host = await openSoundHost();
    const begun: string[] = [];
    const request: PlayRequest = {
      owner: 'test',
      priority: 0,
      interrupt: false,
      signal: new AbortController().signal,
      publish: (...sound) => Promise.resolve(host.put(...sound)),
      loudspeaker: { program: 'auto' },
      volume: 70,
      onBegin: (player) => begun.push(player),
    };
    const tryUntilThere = async (): Promise<void> => {
      for (let left = 10; ; left--) {
        try {
          await playOn(name, { kind: 'bytes', bytes: SPEECH }, request);
          return;
        } catch (thrown) {
          if (left === 0 || (thrown as { code?: string }).code !== 'HIGGS_PLAYER_UNREACHABLE') throw thrown;
        }
      }
    };
    await tryUntilThere();
    await host.close();
    expect(begun).toEqual([name]);
    const part = loudest(SPOKEN.channels[0]!, SPOKEN.sampleRateHz);
    const { channels } = readSound(fs.readFileSync(heard));
    expect(likeness(channels[0]!, part).alike).toBeGreaterThan(0.95);
  });
});
