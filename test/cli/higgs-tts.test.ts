import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { isAlive, ROOT, SMALL_MODEL, temporaryFolder, until } from '../engine-kit.js';
import { embeddedVoice, embeddedVoiceNames } from '../helpers/embedded-voices.js';

const MAIN = path.join(ROOT, 'dist', 'src', 'cli', 'main.js');
const folder = temporaryFolder();
const env = { ...process.env, HIGGS_CACHE_DIR: path.join(folder, 'cache'), HIGGS_DATA_DIR: path.join(folder, 'data') };

interface Ended {
  readonly status: number | null;
  readonly out: Buffer;
  readonly errors: string;
}

interface Run {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  interrupt(): void;
  /** Into how many pieces standard output came. */
  readonly parts: Promise<number>;
}

function start(args: readonly string[], input?: string, cwd = folder, more: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...env, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(input ?? '');
  const out: Buffer[] = [];
  let errors = '';
  child.stdout.on('data', (part: Buffer) => out.push(part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (errors += part));
  return {
    pid: child.pid!,
    ended: new Promise((resolve) =>
      child.once('close', (status) => resolve({ status, out: Buffer.concat(out), errors })),
    ),
    interrupt: () => child.kill('SIGINT'),
    parts: new Promise((resolve) => child.once('close', () => resolve(out.length))),
  };
}

const higgs = (args: readonly string[], input?: string) => start(args, input).ended;

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = stdout.split('\n').map((row) => row.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).map(([child]) => child!);
}

function wavSeconds(file: string): number {
  const bytes = fs.readFileSync(file);
  expect(bytes.toString('latin1', 0, 4)).toBe('RIFF');
  expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
  return (bytes.length - 44) / 2 / 24_000;
}

describe('higgs-tts read', () => {
  test('prints what would be spoken, a segment a line, and speaks nothing', async () => {
    fs.writeFileSync(path.join(folder, 'words.txt'), 'Tuya = too ya\n');
    const { status, out, errors } = await higgs([
      'read',
      'Dr. Lee has 2 Tuya lamps. [pause 1] Bye.',
      '--lexicon',
      'words.txt',
    ]);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(out.toString()).toBe('Doctor Lee has two too ya lamps.\n[pause 1 s]\nBye.\n');
  });

  test('says once that the voice does not know the language, and gives all as JSON', async () => {
    const { out, errors } = await higgs(['read', '-', '--json'], 'Das Licht in der Küche ist an.');
    expect(JSON.parse(out.toString())).toMatchObject({
      language: 'de',
      segments: [{ text: 'Das Licht in der Küche ist an.' }],
    });
    expect(errors.match(/German/g)).toHaveLength(2);
  });

  test('leaves a text as it is written', async () => {
    const { out } = await higgs(['read', '5 lamps', '--as-written', '--model', SMALL_MODEL]);
    expect(out.toString()).toBe('5 lamps.\n');
  });
});

describe('higgs-tts say', () => {
  test('writes a WAV file and tells seconds of sound, seconds of work, seed and file', async () => {
    const { status, out, errors } = await higgs(['say', 'Dinner is ready.', '-o', 'dinner.wav', '--seed', '3']);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(out.toString()).toMatch(/^dinner\.wav: \d+\.\d\d s of sound in \d+\.\d\d s of work .* voice \w+, seed 3\n$/);
    expect(wavSeconds(path.join(folder, 'dinner.wav'))).toBeGreaterThan(0.5);
  });

  test('writes subtitles beside the sound, and speaks nothing where they can have no form', async () => {
    const text = 'Dinner is ready. The window is open.';
    expect((await higgs(['say', text, '-o', 'told.wav', '--subtitles', 'told.srt'])).status).toBe(0);
    const cues = fs.readFileSync(path.join(folder, 'told.srt'), 'utf8').trim().split('\n\n');
    expect(cues.map((cue) => cue.split('\n')[2])).toEqual(['Dinner is ready.', 'The window is open.']);
    expect(cues[0]).toMatch(/^1\n00:00:00,000 --> 00:00:\d\d,\d{3}\n/);
    const { status, errors } = await higgs(['say', text, '-o', 'untold.wav', '--subtitles', 'told.txt']);
    expect([status, errors]).toEqual([1, expect.stringContaining('.vtt or .srt')]);
    expect(fs.existsSync(path.join(folder, 'untold.wav'))).toBe(false);
  });

  test('tells when each word is said, where it is asked to', async () => {
    const args = ['say', 'Dinner is ready.', '-o', 'words.wav', '--subtitles', 'words.vtt', '--word-times', '--json'];
    const { marks } = JSON.parse((await higgs(args)).out.toString()) as { marks: { words: { text: string }[] }[] };
    expect(marks[0]!.words.map(({ text }) => text)).toEqual(['Dinner', 'is', 'ready.']);
    const at = /<00:00:0\d\.\d{3}>/.source;
    const timed = new RegExp(`\\n(?:${at})?Dinner ${at}is ${at}ready\\.\\n$`);
    expect(fs.readFileSync(path.join(folder, 'words.vtt'), 'utf8')).toMatch(timed);
  });

  test('gives the same bytes for the same seed, in another process, on other thread counts', async () => {
    const say = async (file: string, ...more: string[]) => {
      expect((await higgs(['say', 'The door is open.', '--seed', '11', '-o', file, ...more])).status).toBe(0);
      return fs.readFileSync(path.join(folder, file));
    };
    const first = await say('one.wav');
    expect((await say('two.wav')).equals(first)).toBe(true);
    expect((await say('three.wav', '--threads', '1')).equals(first)).toBe(true);
    expect((await say('four.wav', '--seed', '12')).equals(first)).toBe(false);
  });

  test('reads the text from standard input, and gives the facts as JSON', async () => {
    const { status, out } = await higgs(['say', '-', '--json', '--voice', 'robert', '-o', 'in.wav'], 'Good morning.\n');
    expect(status).toBe(0);
    const facts = JSON.parse(out.toString()) as Record<string, unknown>;
    expect(facts).toMatchObject({ file: 'in.wav', voice: 'robert', stop: 'ended' });
    expect(facts.durationSeconds).toBeCloseTo(wavSeconds(path.join(folder, 'in.wav')), 2);
  });

  test('takes the first free name where no file is named', async () => {
    const cwd = temporaryFolder();
    for (const name of ['speech.wav', 'speech-2.wav']) {
      const { out } = await start(['say', 'The light is on.', '--seed', '1'], undefined, cwd).ended;
      expect(out.toString()).toContain(`${name}:`);
      expect(wavSeconds(path.join(cwd, name))).toBeGreaterThan(0.1);
    }
  });

  test('sends sound to standard output as it comes, words to standard error, the first sound long before the end', async () => {
    const args = ['say', 'The washing machine has finished its work.', '-o', '-', '--seed', '5'];
    const run = start(args);
    const { status, out, errors } = await run.ended;
    expect(status).toBe(0);
    expect((await run.parts) > 2).toBe(true);
    expect(out.toString('latin1', 0, 4)).toBe('RIFF');
    expect(errors).toContain('standard output:');
    await higgs(['say', 'The washing machine has finished its work.', '-o', 'same.wav', '--seed', '5']);
    expect(out.subarray(44).equals(fs.readFileSync(path.join(folder, 'same.wav')).subarray(44))).toBe(true);
  });

  test('speaks where CommonJS cannot require ES modules: Node.js before 20.19 and 22.12', async () => {
    const older = { NODE_OPTIONS: '--no-experimental-require-module' };
    const run = start(['say', 'It is 17:45.', '-o', 'older.mp3', '--seed', '1'], undefined, folder, older);
    const { status, errors } = await run.ended;
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(fs.readFileSync(path.join(folder, 'older.mp3')).toString('latin1', 0, 4)).not.toBe('RIFF');
  });

  test.each([
    ['mp3', /^(\xff[\xe2-\xff]|ID3)/],
    ['FLAC', /^fLaC/],
    ['opus', /^OggS/],
    ['wav', /^RIFF/],
    ['sound', /^RIFF/],
  ])('writes the format of the file’s ending: .%s', async (ending, opens) => {
    const name = `formats.${ending}`;
    expect((await higgs(['say', 'It is late.', '-o', name, '--seed', '1'])).status).toBe(0);
    expect(fs.readFileSync(path.join(folder, name)).toString('latin1', 0, 4)).toMatch(opens);
  });

  test('clones a voice from a clip and its transcript', async () => {
    const { clip, transcript } = embeddedVoice('frank');
    const { status, out } = await higgs([
      'say',
      'It is late.',
      '--reference',
      clip,
      '--transcript',
      transcript,
      '--accent',
      'british',
      '-o',
      'clone.wav',
    ]);
    expect(status).toBe(0);
    expect(out.toString()).toContain('voice clip');
  });

  test('speaks a dialogue file with a voice for each speaker', async () => {
    fs.writeFileSync(path.join(folder, 'talk.txt'), 'Anna: Is the door open?\nBob: No, it is closed.\n');
    const args = [
      'say',
      '--dialogue',
      'talk.txt',
      '--voice',
      'Anna=mia',
      '--voice',
      'robert',
      '-o',
      'talk.wav',
      '--json',
    ];
    const { status, out } = await higgs(args);
    expect(status).toBe(0);
    const { marks } = JSON.parse(out.toString()) as { marks: { speaker: string; startSeconds: number }[] };
    expect(marks.map((mark) => mark.speaker)).toEqual(['Anna', 'Bob']);
    expect(marks[1]!.startSeconds).toBeGreaterThan(marks[0]!.startSeconds);
  });

  test('stopped by Ctrl-C ends with status 130, no file, and no process left', async () => {
    const cwd = temporaryFolder();
    const text = 'This sentence is one of many, and they go on and on. '.repeat(40);
    const run = start(['say', text, '-o', 'never.wav'], undefined, cwd);
    await until(() => childrenOf(run.pid).length > 0);
    const children = childrenOf(run.pid);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    run.interrupt();
    expect((await run.ended).status).toBe(130);
    for (const pid of children) expect(isAlive(pid)).toBe(false);
    expect(fs.readdirSync(cwd)).toEqual([]);
  });
});

test('higgs-tts say writes a short silence for a text without words', async () => {
  const cwd = temporaryFolder();
  const { status } = await start(['say', '😀', '-o', 'silence.wav'], undefined, cwd).ended;
  expect(status).toBe(0);
  expect(wavSeconds(path.join(cwd, 'silence.wav'))).toBeCloseTo(0.3, 3);
});

describe('errors of higgs-tts', () => {
  test.each<[string, string[], number, string]>([
    ['a text of blanks', ['say', ' '], 1, 'HIGGS_TEXT_EMPTY'],
    ['an unknown voice', ['say', 'Hi.', '--voice', 'nobody'], 1, 'ella'],
    ['a folder without a checkpoint', ['say', 'Hi.', '--model', '.'], 1, 'HIGGS_CHECKPOINT_MISSING'],
    ['an output folder that does not exist', ['say', 'Hi.', '-o', 'no/where.wav'], 1, 'HIGGS_OUTPUT_UNWRITABLE'],
    ['a value out of range', ['say', 'Hi.', '--temperature', '9'], 1, 'HIGGS_OPTION_INVALID'],
    ['a clip without its transcript', ['say', 'Hi.', '--reference', 'x.wav'], 1, 'HIGGS_VOICE_TRANSCRIPT_MISSING'],
    [
      'an accent that is none',
      ['say', 'Hi.', '--reference', 'x.wav', '--transcript', 'Hi.', '--accent', 'x'],
      1,
      'HIGGS_OPTION_INVALID',
    ],
    ['an accent without a clip', ['say', 'Hi.', '--accent', 'british'], 2, '--reference'],
    ['a missing clip', ['say', 'Hi.', '--reference', 'x.wav', '--transcript', 'Hi.'], 1, 'HIGGS_CLIP_UNREADABLE'],
    ['a checkpoint to convert that is not there', ['convert', 'nowhere', '--out', 'x'], 1, 'HIGGS_CHECKPOINT_MISSING'],
    ['an unknown command', ['sing'], 2, '--help'],
    ['an unknown flag', ['say', 'Hi.', '--loud'], 2, '--help'],
    ['a dialogue and a text', ['say', 'Hi.', '--dialogue', 'talk.txt'], 2, 'not both'],
    ['a conversion to nowhere', ['convert', 'somewhere'], 2, '--out'],
  ])('%s is told in one line, with what to do', async (_what, args, expectedStatus, words) => {
    const { status, out, errors } = await higgs(args);
    expect(status).toBe(expectedStatus);
    expect(out.length).toBe(0);
    expect(errors).toMatch(/^higgs-tts: .+\n$/);
    expect(errors).toContain(words);
  });
});

describe('the other commands', () => {
  test('voices lists the embedded voices', async () => {
    const { out } = await higgs(['voices', '--json']);
    const names = (JSON.parse(out.toString()) as { name: string; origin: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(embeddedVoiceNames()));
    expect((await higgs(['voices'])).out.toString()).toContain('ella');
  });

  test('info loads the model and tells where it runs', async () => {
    const { status, out } = await higgs(['info', '--device', 'cpu', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(out.toString())).toMatchObject({
      model: 'embedded',
      device: 'cpu',
      bits: 8,
      voices: embeddedVoiceNames().length,
    });
  });

  test('convert makes a folder that say takes for a model', async () => {
    const out = path.join(folder, 'converted');
    const small = path.join(ROOT, 'test', 'fixtures', 'reference', 'small');
    const converted = await higgs(['convert', small, '--out', out, '--bits', '8']);
    expect({ status: converted.status, errors: converted.errors }).toEqual({ status: 0, errors: '' });
    const spoken = await higgs(['say', 'Hi.', '--model', out, '--max-seconds', '1', '-o', 'c.wav', '--seed', '1']);
    expect({ status: spoken.status, errors: spoken.errors }).toEqual({ status: 0, errors: '' });
    const info = await higgs(['info', '--model', out, '--json']);
    expect(JSON.parse(info.out.toString())).toMatchObject({ bits: 8 });
    expect((await higgs(['convert', small, '--out', out])).errors).toContain('HIGGS_OUTPUT_UNWRITABLE');
  });

  test('--help and --version say what they should', async () => {
    expect((await higgs(['--help'])).out.toString()).toContain('higgs-tts say [TEXT]');
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await higgs(['--version'])).out.toString()).toBe(`${version}\n`);
    expect((await higgs([])).status).toBe(2);
  });
});
