/** Templates and tokenizers that hold the process, fill its memory or make no sense: each ends in a coded error, soon. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeConversation, openTokenizer } from '../../../src/engine/prompt/index.js';
import { withinTime } from '../../../src/engine/prompt/time-limit.js';

const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'tokenizer');
/** The limits are 5 s; machines that do other things are slower. */
const MOST_MS = 10_000;
const MOST_BYTES = 1.5e9;
const conversation = composeConversation({ text: 'Hello there, how are you today?' });

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'higgs-hostile-'));
  for (const file of ['tokenizer.json', 'tokenizer_config.json'])
    await cp(path.join(FIXTURE, file), path.join(dir, file));
});
afterEach(() => rm(dir, { recursive: true }));

/** What `work` throws, which must come in time and without much memory. */
async function refusal(work: () => Promise<unknown>): Promise<unknown> {
  const begun = performance.now();
  const before = process.memoryUsage.rss();
  const thrown = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(performance.now() - begun).toBeLessThan(MOST_MS);
  expect(process.memoryUsage.rss() - before).toBeLessThan(MOST_BYTES);
  return thrown;
}

const AUDIO = '{# <|AUDIO_OUT|> #}';

describe('a template', () => {
  test.each<[string, string, RegExp]>([
    [
      'loops in loops',
      '{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}',
      /steps|longer/,
    ],
    ['loops in loops that do nothing', loops(6, ''), /longer than 5 s|steps/],
    ['a list of a thousand million items', '{% for a in range(1000000000) %}{{ a }}{% endfor %}', /list of more than/],
    ['a list by steps that lead nowhere', '{{ range(0, 5, 0) }}', /list of more than/],
    ['a list that doubles', `{% set n = namespace(a=[1]) %}${loops(2, '{% set n.a = n.a + n.a %}')}`, /list of more/],
    ['a text that doubles', `{% set n = namespace(a='xy') %}${loops(2, '{% set n.a = n.a ~ n.a %}')}`, /characters/],
    ['a text that is filled up', "{{ 'x' | indent(1000000000, true) }}", /cannot be used/],
    ['a text that is joined', "{{ range(90000) | join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') }}", /characters/],
    ['a macro that calls itself', '{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}', /cannot be used/],
    ['brackets in brackets', `{{ ${'('.repeat(50_000)}1${')'.repeat(50_000)} }}`, /cannot be used/],
    ['an error of its own', "{{ raise_exception('no') }}", /no/],
  ])('with %s is HIGGS_CHECKPOINT_BROKEN', async (_what, template, why) => {
    await writeFile(path.join(dir, 'chat_template.jinja'), `${AUDIO}${template}`);
    const thrown = await refusal(async () => (await openTokenizer(dir)).render(conversation));
    expect(thrown).toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
    expect(String(thrown)).toMatch(why);
    expect(String(thrown)).toContain(path.join(dir, 'chat_template.jinja'));
  });

  test('may ask for the date, and count', async () => {
    const template = `${AUDIO}{{ strftime_now('%Y') }} {{ range(3) | join(',') }} {{ range(6, 0, -2) | join(',') }}`;
    await writeFile(path.join(dir, 'chat_template.jinja'), template);
    const tokenizer = await openTokenizer(dir);
    expect(tokenizer.render(conversation)).toBe(`${new Date().getFullYear()} 0,1,2 6,4,2`);
  });
});

/** `body` in loops of 100 turns, so many deep. */
function loops(depth: number, body: string): string {
  return `${'{% for x in range(100) %}'.repeat(depth)}${body}${'{% endfor %}'.repeat(depth)}`;
}

describe('a tokenizer', () => {
  interface Json {
    normalizer: unknown;
    pre_tokenizer: unknown;
    added_tokens: { id: unknown; content: string; normalized: boolean }[];
    model: { vocab: Record<string, unknown> };
  }
  const CATASTROPHE = { Regex: '(([a-z ,?])*)*Z' };
  const grow = (times: number, by: number): unknown => ({
    type: 'Sequence',
    normalizers: Array.from({ length: times }, () => ({
      type: 'Replace',
      pattern: { String: 'e' },
      content: 'e'.repeat(by),
    })),
  });

  test.each<[string, (json: Json) => void, RegExp]>([
    [
      'a pattern that tries without end',
      (json) => (json.normalizer = { type: 'Replace', pattern: CATASTROPHE, content: '' }),
      /longer than 5 s/,
    ],
    [
      'a pattern that splits without end',
      (json) => (json.pre_tokenizer = { type: 'Split', pattern: CATASTROPHE, behavior: 'Isolated', invert: false }),
      /longer than 5 s/,
    ],
    ['replacements that double a text', (json) => (json.normalizer = grow(40, 2)), /characters of a text/],
    ['replacements that multiply a text', (json) => (json.normalizer = grow(4, 900)), /characters of a text/],
    [
      'replacements in lists in lists',
      (json) => (json.normalizer = { type: 'Sequence', normalizers: [grow(40, 2)] }),
      /characters of a text/,
    ],
    ['a long replacement', (json) => (json.normalizer = grow(1, 100_000)), /replaces by 100000 characters/],
    [
      'replacements that multiply a token',
      (json) => {
        json.normalizer = grow(30, 3);
        json.added_tokens[0]!.content = 'eee';
        json.added_tokens[0]!.normalized = true;
      },
      /characters of a text/,
    ],
    ['an id of a thousand million', (json) => (json.added_tokens[0]!.id = 1e9), /id of/],
    ['an id that is no whole number', (json) => (json.added_tokens[0]!.id = 0.5), /id of/],
    ['an id below 0', (json) => (json.model.vocab[Object.keys(json.model.vocab)[3]!] = -1), /id of/],
    ['an id that is a word', (json) => (json.model.vocab[Object.keys(json.model.vocab)[3]!] = 'x'), /id of/],
  ])('with %s is HIGGS_CHECKPOINT_BROKEN', async (_what, change, why) => {
    const file = path.join(dir, 'tokenizer.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as Json;
    change(json);
    await writeFile(file, JSON.stringify(json));
    const text = `${'Hello there, how are you today? '.repeat(4)}e`;
    const thrown = await refusal(async () => (await openTokenizer(dir)).encode(text));
    expect(thrown).toMatchObject({ code: 'HIGGS_CHECKPOINT_BROKEN' });
    expect(String(thrown)).toMatch(why);
    expect(String(thrown)).toContain(file);
  });
});

describe('a limit of time', () => {
  test('gives what work gives, throws what it throws, and ends what does not end', () => {
    expect(withinTime(1000, () => 7)).toBe(7);
    const own = new TypeError('own');
    expect(() =>
      withinTime(1000, () => {
        throw own;
      }),
    ).toThrow(own);
    expect(() =>
      withinTime(50, () => {
        for (;;);
      }),
    ).toThrow('longer than 0.05 s');
    expect(withinTime(1000, () => 8)).toBe(8);
  });
});
