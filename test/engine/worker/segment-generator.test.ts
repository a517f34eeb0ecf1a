import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLanguageModelConfig } from '../../../src/engine/checkpoint/index.js';
import { LocalSegmentGenerator } from '../../../src/engine/worker/segment-generator.js';
import type { Segment } from '../../../src/engine/worker/backend.js';
import type { LocalModel } from '../../../src/engine/worker/segment.js';
import { codeFrames, HOP_SAMPLES, type CodeFrames } from '../../../src/engine/codes.js';
import type { LanguageModelContext, LookScores } from '../../../src/engine/frames/types.js';
import { openTokenizer, type PromptVoice, type SpokenTurn } from '../../../src/engine/prompt/index.js';
import type { LoadedLanguageModel } from '../../../src/engine/runtime/index.js';
import type { ProgressEvent } from '../../../src/engine/progress.js';
import { SMALL_MODEL } from '../../helpers/folders.js';

const MODEL_DIR = path.join(SMALL_MODEL, 'model');
const TEXT = 'Nobody says this in less than a second.';

/** Looks that go through a share of the text's tokens, one head's. */
function lookThrough(share: number, frameCount: number, tokenCount: number): LookScores {
  const scores = new Float32Array(frameCount * tokenCount);
  for (let frame = 0; frame < frameCount; frame++) {
    scores[frame * tokenCount + Math.floor((share * frame * tokenCount) / frameCount)] = 9;
  }
  return { scores, headCount: 1, frameCount, tokenCount };
}

/**
 * A network of arithmetic: generation number n (from 0) speaks `lengths[n]` frames of code n, then ends; those in `halves` look at
 * the first half of the text only, and the others at all of it.
 */
async function localModel(
  lengths: readonly number[],
  positions = 2048,
  halves: readonly number[] = [],
): Promise<LocalModel> {
  const config = await readLanguageModelConfig(MODEL_DIR);
  const { numCodebooks, codebookSize, bosCode, eosCode } = config;
  let generation = -1;
  const open = (): LanguageModelContext => {
    generation += 1;
    // All codebooks close in one row, the last of which lags so many behind.
    const [rowCount, code] = [(lengths[generation] ?? 0) + numCodebooks - 1, generation];
    let rows = -1;
    return {
      positionCount: 0,
      feed: (run) => {
        if (run.kind === 'audio') rows += 1;
        const scores = new Float32Array(numCodebooks * codebookSize);
        for (let book = 0; book < numCodebooks; book++) {
          scores[book * codebookSize + (rows < rowCount ? code : eosCode)] = 50;
        }
        return Promise.resolve(scores);
      },
      close: () => undefined,
    };
  };
  const lookAt: LoadedLanguageModel['lookAt'] = (_runs, { codes, frameCount }, { from, to }) =>
    Promise.resolve(lookThrough(halves.includes(codes[0]!) ? 0.5 : 1, frameCount, to - from));
  const shape = { numCodebooks, codebookSize, bosCode, eosCode };
  const model = { config, shape, maxPositions: 2048, open, lookAt };
  const decode = ({ frameCount, codes }: CodeFrames, from = 0, to = frameCount) =>
    Promise.resolve(Float32Array.from({ length: (to - from) * HOP_SAMPLES }, (_, at) => codes[0]! + (at % 2) - 0.5));
  const codec = { numCodebooks, codebookSize: bosCode, hopSamples: HOP_SAMPLES, reachFrames: 10, decode };
  const traits = { plainEnglish: false, positions, speakersTogether: 2, carriesSegments: true };
  return { model, shared: model, codec, tokenizer: await openTokenizer(MODEL_DIR), traits } as unknown as LocalModel;
}

async function generate(
  lengths: readonly number[],
  maxSeconds?: number,
  segment: Segment<PromptVoice, SpokenTurn> = { text: TEXT, voices: [] },
) {
  const style = {
    seed: 1,
    withMusic: false,
    temperature: 0,
    rasWindowFrames: 0,
    ...(maxSeconds ? { maxSeconds } : {}),
  };
  const tools = { signal: new AbortController().signal, onProgress: () => undefined, onChunk: () => undefined };
  const generator = new LocalSegmentGenerator(await localModel(lengths), style, tools);
  const heard: Float32Array[] = [];
  const end = await generator.speak(segment, (samples) => heard.push(samples));
  return { end, heard: heard.filter((samples) => samples.length > 0) };
}

describe('a segment', () => {
  test('that the model speaks is heard as it is', async () => {
    const { end, heard } = await generate([40]);
    expect(end.stop).toBe('ended');
    expect(end.frameCount).toBe(40);
    expect(heard.reduce((sum, samples) => sum + samples.length, 0)).toBe(40 * HOP_SAMPLES);
  });

  test('that ends before it has begun is generated again, and nobody hears the first try', async () => {
    const { end, heard } = await generate([3, 30]);
    expect(end.turn.frames).toEqual(codeFrames(8, new Int32Array(30 * 8).fill(1)));
    expect(heard.reduce((sum, samples) => sum + samples.length, 0)).toBe(30 * HOP_SAMPLES);
    expect(Math.min(...heard.flatMap((samples) => [...samples]))).toBeGreaterThanOrEqual(0.5);
  });

  test('that never begins is given as it is after a few tries', async () => {
    const { end, heard } = await generate([1, 1, 2, 30]);
    expect(end.frameCount).toBe(2);
    expect(heard.reduce((sum, samples) => sum + samples.length, 0)).toBe(2 * HOP_SAMPLES);
  });

  test('of several speakers that ends after the first one’s turn is generated again', async () => {
    const text = '[SPEAKER0] Did you hear the bell? [SPEAKER1] Yes, someone is at the door.';
    const { end, heard } = await generate([30, 90], undefined, { text, voices: [{ kind: 'any' }, { kind: 'any' }] });
    expect(end.frameCount).toBe(90);
    expect(heard.reduce((sum, samples) => sum + samples.length, 0)).toBe(90 * HOP_SAMPLES);
    expect(Math.min(...heard.flatMap((samples) => [...samples]))).toBeGreaterThanOrEqual(0.5);
  });

  test('that is short because its limit is, is not generated again', async () => {
    const { end } = await generate([100, 100], 0.2);
    expect(end).toMatchObject({ stop: 'limit', frameCount: 5 });
  });
});

describe('an attempt that cannot be right', () => {
  test('is generated again with a seed that follows from the first, and progress and result say so', async () => {
    const events: string[] = [];
    const tools = {
      signal: new AbortController().signal,
      onProgress: (event: ProgressEvent) => (event.phase === 'retrying' ? events.push(event.fault) : undefined),
      onChunk: () => undefined,
    };
    // The second attempt holds one code for seconds.
    const generator = new LocalSegmentGenerator(
      await localModel([3, 70, 40]),
      { seed: 1, withMusic: false, temperature: 0 },
      tools,
    );
    const end = await generator.speak({ text: TEXT, voices: [] }, () => undefined);
    expect(end).toMatchObject({ retries: 2, frameCount: 40 });
    expect(events).toEqual(['cut short', 'stuck']);
  });

  test('is one that left out part of the text, and of several such ones the longest is given', async () => {
    const speak = async (lengths: readonly number[], halves: readonly number[]) => {
      const events: string[] = [];
      const tools = {
        signal: new AbortController().signal,
        onProgress: (event: ProgressEvent) => (event.phase === 'retrying' ? events.push(event.fault) : undefined),
        onChunk: () => undefined,
      };
      const local = await localModel(lengths, 2048, halves);
      const generator = new LocalSegmentGenerator(local, { seed: 1, withMusic: false, temperature: 0 }, tools);
      const { retries, frameCount } = await generator.speak({ text: TEXT, voices: [] }, () => undefined);
      return { events, retries, frameCount };
    };
    const lost = 'lost its place';
    expect(await speak([40, 41, 42], [0])).toEqual({ events: [lost], retries: 1, frameCount: 41 });
    expect(await speak([40, 43, 42], [0, 1, 2])).toEqual({ events: [lost, lost], retries: 2, frameCount: 43 });
  });

  test('stays where someone heard it while it was made', async () => {
    const { end, heard } = await generate([70, 40], undefined, { text: TEXT, voices: [], streams: true });
    expect(end).toMatchObject({ retries: 0, frameCount: 70 });
    expect(heard.length).toBeGreaterThan(1);
  });
});

describe('a text', () => {
  const sentences = Array.from({ length: 12 }, (_, at) => `This is sentence number ${'abcdefghijkl'[at]!}.`);
  const voices: Record<string, PromptVoice> = {
    any: { kind: 'any' },
    cloned: { kind: 'cloned', transcript: 'Hello there.', frames: codeFrames(8, new Int32Array(50 * 8)) },
  };

  test.each(Object.entries(voices))(
    'by the voice "%s" is cut into segments that fit, without losing a word',
    async (_name, voice) => {
      const tools = { signal: new AbortController().signal, onProgress: () => undefined, onChunk: () => undefined };
      const generator = new LocalSegmentGenerator(await localModel([], 600), { seed: 1, withMusic: false }, tools);
      const segments = generator.split(sentences.join(' '), voice);
      expect(segments.length).toBeGreaterThan(1);
      expect(segments.join(' ')).toBe(sentences.join(' '));
      for (const segment of segments) {
        expect(generator.fitsTogether(segment, [voice])).toBe(true);
        expect(segment).toMatch(/\.$/);
      }
      expect(generator.split(sentences[0]!, voice)).toEqual([sentences[0]]);
    },
  );

  test('keeps the last segment in the next one’s prompt, and the first where no clip tells the voice', async () => {
    const tools = { signal: new AbortController().signal, onProgress: () => undefined, onChunk: () => undefined };
    const generator = new LocalSegmentGenerator(await localModel([]), { seed: 1, withMusic: false }, tools);
    const turn = (text: string, frameCount = 30) => ({ text, frames: codeFrames(8, new Int32Array(frameCount * 8)) });
    const spoken = [turn('One.'), turn('Two.'), turn('Three.')];
    const textsFor = (kind: string, turns = spoken) =>
      generator.contextOf(turns, voices[kind]!).map(({ text }) => text);
    expect(textsFor('cloned')).toEqual(['Three.']);
    expect(textsFor('any')).toEqual(['One.', 'Three.']);
    expect(textsFor('any', spoken.slice(0, 1))).toEqual(['One.']);
    expect(textsFor('any', [turn('Silence.', 0)])).toEqual([]);
    expect(textsFor('any', [])).toEqual([]);
  });

  test('keeps as many of the last segments in the next one’s prompt as the call asks for', async () => {
    const tools = { signal: new AbortController().signal, onProgress: () => undefined, onChunk: () => undefined };
    const local = await localModel([]);
    const turn = (text: string) => ({ text, frames: codeFrames(8, new Int32Array(30 * 8)) });
    const spoken = [turn('One.'), turn('Two.'), turn('Three.')];
    const textsFor = (contextSegments: number, kind: string, carriesSegments = true) => {
      const model = { ...local, traits: { ...local.traits, carriesSegments } };
      const generator = new LocalSegmentGenerator(model, { seed: 1, withMusic: false, contextSegments }, tools);
      return generator.contextOf(spoken, voices[kind]!).map(({ text }) => text);
    };
    expect(textsFor(0, 'any')).toEqual([]);
    expect(textsFor(1, 'any')).toEqual(['Three.']);
    expect(textsFor(2, 'any')).toEqual(['Two.', 'Three.']);
    expect(textsFor(2, 'cloned')).toEqual(['Two.', 'Three.']);
    expect(textsFor(9, 'any')).toEqual(['One.', 'Two.', 'Three.']);
    expect(textsFor(2, 'any', false)).toEqual(['Two.', 'Three.']);
  });

  test('has shorter segments where more of them have to stand in one prompt', async () => {
    const tools = { signal: new AbortController().signal, onProgress: () => undefined, onChunk: () => undefined };
    const local = await localModel([], 600);
    const lengths = [0, 1, 3].map((contextSegments) => {
      const generator = new LocalSegmentGenerator(local, { seed: 1, withMusic: false, contextSegments }, tools);
      return generator.split(sentences.join(' '), voices.any!).length;
    });
    expect([...lengths].sort((a, b) => a - b)).toEqual(lengths);
    expect(lengths[2]).toBeGreaterThan(lengths[0]!);
  });

  test('is cut by words or by turns where the call asks for that', async () => {
    const tools = { signal: new AbortController().signal, onProgress: () => undefined, onChunk: () => undefined };
    const local = await localModel([]);
    const split = (style: object, text: string) =>
      new LocalSegmentGenerator(local, { seed: 1, withMusic: false, ...style }, tools).split(text, voices.any!);
    const text = sentences.slice(0, 2).join(' ');
    expect(split({ segmentBy: 'words', segmentWords: 4 }, text)).toEqual([
      'This is sentence number',
      'a. This is sentence',
      'number b.',
    ]);
    expect(split({ segmentBy: 'words' }, text)).toEqual([text]);
    expect(split({ segmentBy: 'turns' }, '[SPEAKER0] One.\n[SPEAKER1] Two.')).toEqual([
      '[SPEAKER0] One.',
      '[SPEAKER1] Two.',
    ]);
    expect(split({ segmentBy: 'sentences' }, text)).toEqual([text]);
  });
});
