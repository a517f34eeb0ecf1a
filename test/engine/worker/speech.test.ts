import {
  encodeWav,
  HiggsError,
  type AudioChunk,
  type ProgressEvent,
  type SpeechEngine,
} from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { engineOpener, SMALL_MODEL } from '../../engine-kit.js';
import { embeddedVoice } from '../../helpers/embedded-voices.js';
import { readSamplingValues } from '../../../src/engine/checkpoint/index.js';
import { EMBEDDED_DIR } from '../../../src/engine/package-files.js';
import { joinFloats } from '../../../src/engine/values.js';

const open = engineOpener();
const { clip: CLIP, transcript: TRANSCRIPT } = embeddedVoice('robert');
const LONG_TEXT = 'The kitchen window is open. It will rain in the evening, so please close it. '.repeat(4);

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

describe('a text', () => {
  test('becomes speech that ends by itself', async () => {
    const engine = open();
    expect(engine.info().sampling).toBeUndefined();
    await engine.preload();
    expect(engine.info().sampling).toEqual(await readSamplingValues(EMBEDDED_DIR));
    const text = 'The washing machine has finished its work, and the door is open.';
    const result = await engine.speak({ text, seed: 4 });
    expect(result).toMatchObject({ seed: 4, stop: 'ended', sampleRateHz: 24_000, voice: 'any' });
    expect(result.durationSeconds).toBeGreaterThan(2);
    expect(result.durationSeconds).toBeLessThan(10);
    expect(result.samples.length).toBe(Math.round(result.durationSeconds * 24_000));
    expect(rms(result.samples)).toBeGreaterThan(0.01);
    expect(result.firstSoundSeconds).toBeLessThan(result.workSeconds);
    expect(engine.info()).toMatchObject({ state: 'ready', device: 'cpu', bits: 8 });
    expect(engine.info().residentBytes).toBeGreaterThan(1e7);
  });

  test('comes in chunks that are the result, in order, the first long before the end', async () => {
    const chunks: AudioChunk[] = [];
    const result = await open().speak(
      { text: 'Good evening, dinner will be ready soon.', seed: 2 },
      { onChunk: (chunk) => chunks.push(chunk) },
    );
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map((chunk) => chunk.index)).toEqual(chunks.map((_, index) => index));
    expect(joinFloats(chunks.map((chunk) => chunk.samples))).toEqual(result.samples);
    let at = 0;
    for (const { startSeconds, samples } of chunks) {
      expect(startSeconds).toBeCloseTo(at / 24_000, 6);
      at += samples.length;
    }
  });

  test('with the same seed gives the same samples, in another process and with other threads; with another seed, others', async () => {
    const request = { text: 'Turn left at the next corner.', seed: 77 };
    const [first, again, other] = [
      await open({ threads: 1 }).speak(request),
      await open({ threads: 2, queueLimit: 7 }).speak(request),
      await open({ threads: 1 }).speak({ ...request, seed: 78 }),
    ];
    expect(again.samples).toEqual(first.samples);
    expect(other.samples).not.toEqual(first.samples);
  });

  test('without a seed gets a random one, which repeats it', async () => {
    const engine = open();
    const [one, two] = [await engine.speak({ text: 'Yes, please.' }), await engine.speak({ text: 'Yes, please.' })];
    expect(one.seed).not.toBe(two.seed);
    const repeated = await engine.speak({ text: 'Yes, please.', seed: one.seed! });
    expect(repeated.samples).toEqual(one.samples);
  });

  test('that is long is spoken segment by segment, with a mark for each', async () => {
    const events: ProgressEvent[] = [];
    const result = await open().speak(
      { text: LONG_TEXT, voice: { kind: 'named', name: 'ella' }, seed: 1 },
      { onProgress: (event) => events.push(event) },
    );
    expect(result.marks.length).toBeGreaterThan(1);
    expect(result.marks.map((mark) => mark.text).join(' ')).toContain('It will rain in the evening');
    for (const [index, mark] of result.marks.entries()) {
      expect(mark.endSeconds).toBeGreaterThan(mark.startSeconds);
      expect(mark.startSeconds).toBeGreaterThanOrEqual(result.marks[index - 1]?.endSeconds ?? 0);
    }
    expect(result.marks.at(-1)!.endSeconds).toBeCloseTo(result.durationSeconds, 3);
    const frames = events.flatMap((event) => (event.phase === 'frames' ? [event] : []));
    expect(frames.at(-1)).toMatchObject({ segment: result.marks.length - 1, segments: result.marks.length });
  });

  test('stops at the seconds that it may have', async () => {
    const result = await open({ model: SMALL_MODEL }).speak({ text: 'Hello.', maxSeconds: 0.4, seed: 1 });
    expect(result).toMatchObject({ stop: 'limit', frameCount: 10, durationSeconds: 0.4 });
  });
});

describe('voices', () => {
  const text = 'It is a quiet evening.';

  test('by name, by clip file and by clip bytes are the same voice', async () => {
    const engine = open();
    const byName = await engine.speak({ text, seed: 3, voice: { kind: 'named', name: 'Robert' } });
    const byFile = await engine.speak({ text, seed: 3, voice: { kind: 'clip', clip: CLIP, transcript: TRANSCRIPT } });
    const bytes = fs.readFileSync(CLIP);
    const byBytes = await engine.speak({ text, seed: 3, voice: { kind: 'clip', clip: bytes, transcript: TRANSCRIPT } });
    expect(byName.voice).toBe('robert');
    expect(byFile.voice).toBe('clip');
    expect(byFile.samples).toEqual(byName.samples);
    expect(byBytes.samples).toEqual(byName.samples);
    const other = await engine.speak({ text, seed: 3, voice: { kind: 'named', name: 'mia' } });
    expect(other.samples).not.toEqual(byName.samples);
  });

  test('by description speak too, and another scene changes the sound', async () => {
    const engine = open();
    const described = await engine.speak({ text, seed: 3, voice: { kind: 'described', description: 'masculine' } });
    expect(described).toMatchObject({ voice: 'masculine', stop: 'ended' });
    expect(described.durationSeconds).toBeGreaterThan(0.5);
  });

  test('are registered after their clip was checked, listed, spoken with, replaced and removed', async () => {
    const engine = open();
    const source = { kind: 'clip', clip: CLIP, transcript: TRANSCRIPT } as const;
    const { voice, report } = await engine.registerVoice({ name: 'Grandfather', source });
    expect(voice).toMatchObject({ name: 'Grandfather', origin: 'registered', transcript: TRANSCRIPT });
    expect(report).toMatchObject({ sampleRateHz: 24_000, channels: 1 });
    await expect(engine.registerVoice({ name: 'grandfather', source })).rejects.toBeInstanceOf(HiggsError);
    await engine.registerVoice({ name: 'Grandfather', source, replace: true });
    expect((await open({ queueLimit: 8 }).voices()).map(({ name }) => name)).toContain('Grandfather');
    const spoken = await engine.speak({ text, seed: 3, voice: { kind: 'named', name: 'grandfather' } });
    expect(spoken.voice).toBe('Grandfather');
    await engine.registerVoice({ name: 'Deep', source: { kind: 'described', description: 'masculine' } });
    await engine.removeVoice('Grandfather');
    await engine.removeVoice('Deep');
    expect((await engine.voices()).map(({ origin }) => origin)).not.toContain('registered');
  });
});

describe('music', () => {
  test('of one’s own lies under the speech, before and behind it', async () => {
    const engine = open();
    const bed = Float32Array.from({ length: 48_000 }, (_, at) => 0.2 * Math.sin(at / 30));
    const music = {
      kind: 'bed',
      clip: encodeWav(bed),
      leadInSeconds: 0.5,
      tailSeconds: 0.7,
      fadeOutSeconds: 0.1,
    } as const;
    const chunks: AudioChunk[] = [];
    const plain = await engine.speak({ text: 'Dinner is ready.', seed: 6 });
    const mixed = await engine.speak(
      { text: 'Dinner is ready.', seed: 6, music },
      { onChunk: (chunk) => chunks.push(chunk) },
    );
    expect(mixed.durationSeconds).toBeCloseTo(plain.durationSeconds + 1.2, 3);
    expect(mixed.marks[0]!.startSeconds).toBeCloseTo(0.5, 3);
    expect(chunks).toHaveLength(1);
    expect(rms(mixed.samples.subarray(-9600, -4800))).toBeGreaterThan(0.001);
  });

  test('of the model’s making is asked for in the prompt', async () => {
    const engine = open();
    const plain = await engine.speak({ text: 'Welcome to the show.', seed: 6 });
    const result = await engine.speak({ text: 'Welcome to the show.', seed: 6, music: { kind: 'model' } });
    expect(result.durationSeconds).toBeGreaterThan(0.5);
    expect(result.samples).not.toEqual(plain.samples);
  });
});

test('a pause in a text is silence of its length between what is spoken before and behind it', async () => {
  const result = await open().speak({ text: 'One. [pause 1.5] Two. [pause 1]', voice: { kind: 'any' }, seed: 3 });
  const [first, second] = result.marks;
  expect(result.marks).toHaveLength(2);
  expect(second!.startSeconds - first!.endSeconds).toBeCloseTo(1.5, 3);
  expect(result.durationSeconds - second!.endSeconds).toBeCloseTo(1, 3);
  const gap = result.samples.subarray(
    Math.round(first!.endSeconds * 24_000),
    Math.round(second!.startSeconds * 24_000),
  );
  expect(gap.every((sample) => sample === 0)).toBe(true);
});

test('a text over an embedded track is longer by lead-in and tail', async () => {
  const text = 'The doors open now.';
  const alone = await open().speak({ text, voice: { kind: 'any' }, seed: 3 });
  const music = { kind: 'bed', track: 'calm', leadInSeconds: 0.5, tailSeconds: 0.5 } as const;
  const over = await open().speak({ text, voice: { kind: 'any' }, seed: 3, music });
  expect(over.durationSeconds).toBeCloseTo(alone.durationSeconds + 1, 3);
  expect(rms(over.samples.subarray(6000, 11_000))).toBeGreaterThan(0.001);
});

describe('a dialogue', () => {
  const lines = [
    { speaker: 'Anna', text: 'Is the door open?' },
    { speaker: 'Bob', text: 'No, it is closed.' },
    { speaker: 'Anna', text: 'Thank you.' },
  ];
  const voices = { Anna: { kind: 'named', name: 'ella' }, Bob: { kind: 'named', name: 'robert' } } as const;

  function dialogue(engine: SpeechEngine, more: object) {
    return engine.dialogue({ lines, voices, seed: 5, ...more });
  }

  test('by line joins the lines with gaps, and knows exactly where each lies', async () => {
    const result = await dialogue(open(), { turns: 'by-line', gapSeconds: 0.4 });
    expect(result.voice).toBe('ella, robert');
    expect(result.marks.map(({ speaker, text, certainty }) => ({ speaker, text, certainty }))).toEqual(
      lines.map((line) => ({ ...line, certainty: 'exact' })),
    );
    const [first, second, third] = result.marks;
    expect(second!.startSeconds - first!.endSeconds).toBeCloseTo(0.4, 3);
    expect(third!.endSeconds).toBeCloseTo(result.durationSeconds, 3);
    const gap = result.samples.subarray(
      Math.round(first!.endSeconds * 24_000),
      Math.round(second!.startSeconds * 24_000),
    );
    expect(gap.every((sample) => sample === 0)).toBe(true);
  });

  test('with places, tracks, pauses and lines of their own, is stereo, and everyone is where they should be', async () => {
    const own = [
      { ...lines[0]!, text: 'Is the door [pause 0.7] open?' },
      { ...lines[1]!, speed: 1.5, gapSeconds: -0.2 },
    ];
    const chunks: AudioChunk[] = [];
    const engine = open();
    const request = { lines: own, voices, seed: 5, pans: { Anna: -1, Bob: 1 }, stems: true };
    const result = await engine.dialogue(request, { onChunk: (chunk) => chunks.push(chunk) });
    const [first, second] = result.marks;
    expect(second!.startSeconds).toBeCloseTo(first!.endSeconds - 0.2, 3);
    const [left, right] = result.channels!;
    expect(Object.keys(result.stems!)).toEqual(['Anna', 'Bob']);
    for (const track of [left, right, result.stems!.Anna!, result.stems!.Bob!]) {
      expect(track.length).toBe(result.samples.length);
      expect(rms(track)).toBeGreaterThan(0.001);
    }
    for (let at = 0; at < result.samples.length; at += 31) {
      expect(left[at]).toBeCloseTo(result.stems!.Anna![at]!, 5);
      expect(right[at]).toBeCloseTo(result.stems!.Bob![at]!, 5);
      expect(result.samples[at]).toBeCloseTo(left[at]! + right[at]!, 5);
    }
    expect(chunks.reduce((sum, { channels }) => sum + channels![0].length, 0)).toBe(left.length);
    await expect(engine.dialogue({ ...request, turns: 'together' })).rejects.toThrow('"turns"');
  });

  test('together is one generation, and its marks are estimates that fill it', async () => {
    const result = await dialogue(open(), { turns: 'together' });
    expect(result.marks.map(({ certainty }) => certainty)).toEqual(['estimated', 'estimated', 'estimated']);
    expect(result.marks[0]!.startSeconds).toBe(0);
    expect(result.marks.at(-1)!.endSeconds).toBeCloseTo(result.durationSeconds, 3);
    expect(rms(result.samples)).toBeGreaterThan(0.01);
  });

  test('without a choice goes by line with the embedded voice, which would mix the turns up', async () => {
    const result = await dialogue(open(), {});
    expect(result.marks[0]!.certainty).toBe('exact');
  });

  test('without a choice goes together with other models while it is short, by line when it is long', async () => {
    const engine = open({ model: SMALL_MODEL });
    const short = await dialogue(engine, { maxSeconds: 0.4 });
    expect(short.marks[0]!.certainty).toBe('estimated');
    const sentences = lines.map(({ speaker, text }) => ({ speaker, text: `${text} `.repeat(60) }));
    const long = await dialogue(engine, { lines: sentences, maxSeconds: 0.4 });
    expect(long.marks[0]!.certainty).toBe('exact');
  });
});
