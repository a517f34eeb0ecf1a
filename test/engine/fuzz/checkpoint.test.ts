/**
 * A checkpoint that a stranger has written: 300 changes, at random but the same each time, to configs, headers, tokenizer and
 * template. Each ends in speech or in an error of the family, in time, and without much memory.
 */
import fc from 'fast-check';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readLanguageModelConfig } from '../../../src/engine/checkpoint/index.js';
import { codeFrames, type CodeFrames } from '../../../src/engine/codes.js';
import { HiggsError } from '../../../src/engine/errors.js';
import { alignFrames, generateFrames, seededRng } from '../../../src/engine/frames/index.js';
import { buildPrompt, composeConversation, openTokenizer } from '../../../src/engine/prompt/index.js';
import { openCodec, openLanguageModel } from '../../../src/engine/runtime/index.js';
import { SMALL_MODEL, temporaryFolder } from '../../engine-kit.js';

const MUTATIONS = 300;
const SEED = 20_261_129;
const MOST_SECONDS = 10;
const MOST_GIGABYTES = 1.5;
const CLIP = Float32Array.from({ length: 24_000 }, (_, at) => 0.3 * Math.sin(at / 9));

/** Reads all of a checkpoint, clones a clip, speaks ten frames; gives how many samples that made. */
async function speak(dir: string, cacheDir: string): Promise<number> {
  const modelDir = path.join(dir, 'model');
  const shared = { cacheDir, device: 'cpu', threads: 1 } as const;
  const config = await readLanguageModelConfig(modelDir);
  const tokenizer = await openTokenizer(modelDir);
  const model = await openLanguageModel({ ...shared, modelDir, bits: 8 });
  try {
    const codec = await openCodec({ ...shared, codecDir: path.join(dir, 'codec') });
    try {
      const frames = await codec.encode(CLIP);
      const voice = { kind: 'cloned', transcript: 'So it is.', frames } as const;
      const prompt = buildPrompt(composeConversation({ text: 'Hello.', voices: [voice] }), tokenizer, config);
      const context = model.open(prompt.positionCount + 20);
      const { temperature = 1, topK = 50, topP = 0.95, rasWindowFrames = 7, rasLimit = 2 } = config.generation;
      const rule = { temperature, topK, topP, rasWindowFrames, rasLimit };
      const rows = generateFrames({ context, prompt, shape: model.shape, rule, rng: seededRng(1), maxFrames: 10 });
      const spoken: CodeFrames[] = [];
      for await (const frame of alignFrames(rows, model.shape)) spoken.push(frame);
      const codes = Int32Array.from(spoken.flatMap((frame) => [...frame.codes]));
      return (await codec.decode(codeFrames(model.shape.numCodebooks, codes))).length;
    } finally {
      await codec.close();
    }
  } finally {
    await model.close();
  }
}

/** A file of the kit and what is to become of it. */
interface Mutation {
  readonly file: string;
  readonly what: string;
  readonly change: (bytes: Buffer) => Buffer;
}

const ODD_VALUES: readonly unknown[] = [
  ...[0, -1, 0.5, 1, 2, 3, 7, 24, 127, 1000, 65_536, 1e9, 2 ** 31, 2 ** 53, 1e308, -1e9, 1e-300],
  ...[null, '', 'x', '1e9', true, [], {}, [1e9], [0], [1, 2], '(a*)*b', '<|AUDIO_OUT|>'.repeat(3)],
];
const HOSTILE_TEMPLATES = [
  '{% for a in range(99999) %}{% for b in range(99999) %}{{ b }}{% endfor %}{% endfor %}',
  '{{ messages | tojson * 9 }}',
  '<|AUDIO_OUT|>',
  '{{ messages[0] }}',
  "{% set n = namespace(a='x') %}{% for i in range(99) %}{% set n.a = n.a ~ n.a %}{% endfor %}{{ n.a }}",
  '{{ undefined.thing }}',
  '{%',
];

type Json = Record<string, unknown> | unknown[];

/** Every place in a JSON value, as a list of keys. Long lists are looked at in their first 50 places. */
function placesIn(value: unknown, at: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...at]];
  const inner = Object.entries(value).slice(0, 50);
  return [...(at.length > 0 ? [[...at]] : []), ...inner.flatMap(([key, item]) => placesIn(item, [...at, key]))];
}

function changeAt(value: unknown, at: readonly string[], odd: unknown): unknown {
  const [key, ...rest] = at;
  if (key === undefined) return odd;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = changeAt(copy[key], rest, odd);
  return copy;
}

function jsonMutation(file: string): fc.Arbitrary<Mutation> {
  const json = JSON.parse(fs.readFileSync(path.join(SMALL_MODEL, file), 'utf8')) as Json;
  return fc.tuple(fc.constantFrom(...placesIn(json)), fc.constantFrom(...ODD_VALUES)).map(([place, odd]) => ({
    file,
    what: `${place.join('.')} = ${JSON.stringify(odd).slice(0, 60)}`,
    change: () => Buffer.from(JSON.stringify(changeAt(json, place, odd))),
  }));
}

function headerMutation(file: string): fc.Arbitrary<Mutation> {
  const bytes = fs.readFileSync(path.join(SMALL_MODEL, file));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Json>;
  const names = Object.keys(header).filter((name) => name !== '__metadata__');
  const places = [['dtype'], ['shape'], ['shape', '0'], ['shape', '1'], ['data_offsets', '0'], ['data_offsets', '1']];
  const odd = [...ODD_VALUES, 'F16', 'I64', 'F8_E4M3', [8, 8], [2 ** 31, 2 ** 31], 4, 96, 4096];
  return fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...places, []), fc.constantFrom(...odd))
    .map(([name, place, value]) => ({
      file,
      what: `${name} ${place.join('.')} = ${JSON.stringify(value).slice(0, 60)}`,
      change: () => {
        const json = Buffer.from(JSON.stringify(changeAt(header, [name, ...place], value)));
        const prefix = Buffer.alloc(8);
        prefix.writeBigUInt64LE(BigInt(json.length));
        return Buffer.concat([prefix, json, bytes.subarray(8 + length)]);
      },
    }));
}

function bytesMutation(file: string): fc.Arbitrary<Mutation> {
  return fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255), fc.boolean()).map(([share, byte, cut]) => ({
    file,
    what: cut ? `cut at ${share}` : `byte ${byte} at ${share}`,
    change: (bytes) => {
      const at = Math.floor(share * (bytes.length - 1));
      if (cut) return bytes.subarray(0, at);
      const changed = Buffer.from(bytes);
      changed[at] = byte;
      return changed;
    },
  }));
}

function templateMutation(file: string): fc.Arbitrary<Mutation> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.tuple(share, share, fc.constantFrom('', ...HOSTILE_TEMPLATES)).map(([from, part, inserted]) => ({
    file,
    what: `at ${from}, ${part} gone, ${JSON.stringify(inserted)} there`,
    change: (bytes) => {
      const text = bytes.toString('utf8');
      const at = Math.floor(from * text.length);
      const rest = text.slice(at + (inserted === '' ? Math.floor(part * 40) : 0));
      return Buffer.from(`${text.slice(0, at)}${inserted}${rest}`);
    },
  }));
}

const anyMutation = fc.oneof(
  { weight: 4, arbitrary: jsonMutation('model/config.json') },
  { weight: 4, arbitrary: jsonMutation('codec/config.json') },
  { weight: 1, arbitrary: jsonMutation('model/generation_config.json') },
  { weight: 3, arbitrary: jsonMutation('model/tokenizer.json') },
  { weight: 1, arbitrary: jsonMutation('model/tokenizer_config.json') },
  { weight: 2, arbitrary: headerMutation('model/model.safetensors') },
  { weight: 2, arbitrary: headerMutation('codec/model.safetensors') },
  { weight: 1, arbitrary: bytesMutation('model/model.safetensors') },
  { weight: 1, arbitrary: bytesMutation('codec/model.safetensors') },
  { weight: 1, arbitrary: bytesMutation('model/tokenizer.json') },
  { weight: 3, arbitrary: templateMutation('model/chat_template.jinja') },
);

let base: string;
beforeAll(() => {
  base = temporaryFolder();
  fs.cpSync(SMALL_MODEL, base, { recursive: true });
});

/** The kit with one file changed; the others are the same files. */
function mutated({ file, change }: Mutation): string {
  const dir = fs.mkdtempSync(path.join(path.dirname(base), 'higgs-fuzz-'));
  for (const part of ['model', 'codec']) {
    fs.mkdirSync(path.join(dir, part));
    for (const name of fs.readdirSync(path.join(base, part))) {
      const place = path.join(part, name);
      if (place === path.normalize(file))
        fs.writeFileSync(path.join(dir, place), change(fs.readFileSync(path.join(base, place))));
      else fs.linkSync(path.join(base, place), path.join(dir, place));
    }
  }
  return dir;
}

test(`each of ${MUTATIONS} changed checkpoints speaks or says in a coded error why not, within 10 s`, async () => {
  const ends: Record<string, number> = {};
  const wrong: string[] = [];
  const before = process.memoryUsage.rss();
  // What a change does not touch is made once.
  const cacheDir = temporaryFolder();
  const sample = fc.sample(anyMutation, { numRuns: MUTATIONS, seed: SEED });
  for (const mutation of sample) {
    const dir = mutated(mutation);
    const begun = performance.now();
    const end = await speak(dir, cacheDir).then(
      (samples) => (samples > 0 ? 'speech' : 'no sound'),
      (thrown: unknown) => (thrown instanceof HiggsError ? thrown.code : String(thrown)),
    );
    fs.rmSync(dir, { recursive: true });
    ends[end] = (ends[end] ?? 0) + 1;
    const seconds = (performance.now() - begun) / 1000;
    const gigabytes = (process.memoryUsage.rss() - before) / 1e9;
    const isFine = end === 'speech' || end.startsWith('HIGGS_CHECKPOINT_');
    if (isFine && seconds < MOST_SECONDS && gigabytes < MOST_GIGABYTES) continue;
    wrong.push(`${mutation.file}, ${mutation.what}: ${end}, ${seconds.toFixed(1)} s, ${gigabytes.toFixed(2)} GB more`);
  }
  expect(wrong).toEqual([]);
  console.info('How changed checkpoints ended:', ends);
  // Neither is everything refused, nor everything taken.
  expect(ends.speech).toBeGreaterThan(MUTATIONS / 10);
  expect(ends.HIGGS_CHECKPOINT_BROKEN).toBeGreaterThan(MUTATIONS / 4);
}, 900_000);
