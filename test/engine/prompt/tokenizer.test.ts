import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  composeConversation,
  openTokenizer,
  SYSTEM_TEXT,
  type Conversation,
} from '../../../src/engine/prompt/index.js';
import { KITS, loadKit } from '../../helpers/kit.js';

const FIXTURE = path.join(__dirname, '..', '..', 'fixtures', 'tokenizer');
const EXPECTED = JSON.parse(readFileSync(path.join(FIXTURE, 'expected.json'), 'utf8')) as Record<
  'bytes' | 'small',
  { text: string; ids: number[] }[]
>;

describe.each(KITS)('the tokenizer of the kit "%s"', (name) => {
  const kit = loadKit(name);

  test('gives the reference’s ids for every text', async () => {
    const tokenizer = await openTokenizer(kit.modelDir);
    expect(kit.expected.texts.length).toBeGreaterThan(0);
    for (const { text, ids } of kit.expected.texts) expect([...tokenizer.encode(text)], text).toEqual(ids);
  });
});

test.each([
  ['bytes in lower case, with phrases as single tokens', FIXTURE, 'bytes'],
  ['byte pairs, split as Llama 3 splits', loadKit('small').modelDir, 'small'],
] as const)('%s: awkward characters beside special tokens give the reference’s ids', async (_name, dir, key) => {
  const tokenizer = await openTokenizer(dir);
  expect(EXPECTED[key].length).toBe(250);
  for (const { text, ids } of EXPECTED[key]) expect([...tokenizer.encode(text)], JSON.stringify(text)).toEqual(ids);
});

describe('a checkpoint’s files', () => {
  let dir: string;
  const conversation = composeConversation({ text: 'Hello.' });
  const builtIn =
    `<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\n${SYSTEM_TEXT}\n\n<|scene_desc_start|>\n` +
    'Audio is recorded from a quiet room.\n<|scene_desc_end|><|eot_id|><|start_header_id|>user<|end_header_id|>\n\n' +
    'Hello.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n<|audio_out_bos|>';

  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'higgs-tokenizer-'));
    for (const file of ['tokenizer.json', 'tokenizer_config.json'])
      await cp(path.join(FIXTURE, file), path.join(dir, file));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const write = (file: string, value: unknown): Promise<void> =>
    writeFile(path.join(dir, file), typeof value === 'string' ? value : JSON.stringify(value));

  test.each(['tokenizer.json', 'tokenizer_config.json'])(
    'without %s it is HIGGS_CHECKPOINT_MISSING, and says so',
    async (file) => {
      await rm(path.join(dir, file));
      await expect(openTokenizer(dir)).rejects.toMatchObject({
        code: 'HIGGS_CHECKPOINT_MISSING',
        message: expect.stringContaining(path.join(dir, file)) as string,
      });
    },
  );

  test.each([
    ['tokenizer.json', '{"model": '],
    ['tokenizer.json', '{}'],
    ['tokenizer.json', '[]'],
    ['tokenizer_config.json', 'no json'],
    ['processor_config.json', '{'],
  ])('a broken %s (%s) is HIGGS_CHECKPOINT_BROKEN, and says so', async (file, content) => {
    await write(file, content);
    await expect(openTokenizer(dir)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining(path.join(dir, file)) as string,
    });
  });

  test('a template that cannot be parsed is HIGGS_CHECKPOINT_BROKEN with its file', async () => {
    await write('chat_template.jinja', '<|AUDIO_OUT|>{% if %}');
    await expect(openTokenizer(dir)).rejects.toMatchObject({
      code: 'HIGGS_CHECKPOINT_BROKEN',
      message: expect.stringContaining('chat_template.jinja') as string,
    });
  });

  test('a template that fails on a conversation is HIGGS_CHECKPOINT_BROKEN with its reason', async () => {
    await write('chat_template.jinja', "<|AUDIO_OUT|>{{ raise_exception('no users here') }}");
    const tokenizer = await openTokenizer(dir);
    expect(() => tokenizer.render(conversation)).toThrow(/chat_template\.jinja.*no users here/);
  });

  test('without a template the built-in one is used', async () => {
    expect((await openTokenizer(dir)).render(conversation)).toBe(builtIn);
  });

  test('a text model’s template is passed over', async () => {
    await write('tokenizer_config.json', {
      bos_token: '<|begin_of_text|>',
      chat_template: '{{ messages[0].content }}',
    });
    expect((await openTokenizer(dir)).render(conversation)).toBe(builtIn);
  });

  test.each([
    ['chat_template.jinja', 'A {{ bos_token }} <|AUDIO_OUT|>'],
    ['chat_template.json', { chat_template: 'A {{ bos_token }} <|AUDIO_OUT|>' }],
    ['processor_config.json', { chat_template: 'A {{ bos_token }} <|AUDIO_OUT|>' }],
    [
      'tokenizer_config.json',
      { bos_token: { content: '<|begin_of_text|>' }, chat_template: 'A {{ bos_token }} <|AUDIO_OUT|>' },
    ],
    [
      'tokenizer_config.json',
      {
        bos_token: '<|begin_of_text|>',
        chat_template: [{ name: 'default', template: 'A {{ bos_token }} <|AUDIO_OUT|>' }],
      },
    ],
  ])('the template in %s is used', async (file, content) => {
    await write(file, content);
    const tokenizer = await openTokenizer(dir);
    expect(tokenizer.render(conversation)).toBe('A <|begin_of_text|> <|AUDIO_OUT|>');
    expect(tokenizer.files.template).toBe(path.join(dir, file));
  });

  test('the built-in template writes what the reference’s does, for every conversation of the kits', async () => {
    const tokenizer = await openTokenizer(dir);
    const frames = { numCodebooks: 1, frameCount: 1, codes: new Int32Array(1) };
    for (const kit of KITS.map(loadKit)) {
      for (const { messages, text } of Object.values(kit.expected.conversations)) {
        const known: Conversation = messages.map(({ role, content }) => ({
          role,
          content: content.map((part) => (part.type === 'text' ? part : { type: 'audio', frames })),
        }));
        expect(tokenizer.render(known)).toBe(text);
      }
    }
  });
});

test('a text in phones is encoded as it is, past the rules for letters', async () => {
  const rules = { type: 'Replace', pattern: { String: 'b' }, content: 'x' };
  const copy = await mkdtemp(path.join(os.tmpdir(), 'higgs-as-it-is-'));
  try {
    for (const name of ['tokenizer.json', 'tokenizer_config.json'])
      await cp(path.join(FIXTURE, name), path.join(copy, name));
    const file = path.join(copy, 'tokenizer.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...json, normalizer: rules }));
    const [ruled, asItIs] = [await openTokenizer(copy), await openTokenizer(copy, { asItIs: true })];
    expect([...ruled.encode('bəd')]).toEqual([...asItIs.encode('xəd')]);
    expect([...asItIs.encode('bəd')]).not.toEqual([...ruled.encode('bəd')]);
  } finally {
    await rm(copy, { recursive: true });
  }
});
