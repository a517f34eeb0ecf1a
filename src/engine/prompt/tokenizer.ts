/** The checkpoint's own tokenizer and chat template, from the files beside its weights. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tokenizers from '@huggingface/tokenizers';
import { HiggsError, systemCode } from '../errors.js';
import {
  AUDIO_TOKEN,
  compileTemplate,
  renderBuiltIn,
  type RenderConversation,
  type SpecialTokens,
} from './chat-template.js';
import type { Conversation } from './conversation.js';
import { inOrder, remembering, type NormalizerStep } from './replacements.js';
import { isObject } from '../values.js';

export interface PromptTokenizer {
  /** A conversation's text by the checkpoint's template; throws HIGGS_CHECKPOINT_BROKEN where that fails. */
  render(conversation: Conversation): string;
  /** Token ids of `text`, nothing added; special tokens written in it become theirs. */
  encode(text: string): Int32Array;
  /** A token's id, or undefined where the vocabulary lacks it. */
  idOf(token: string): number | undefined;
  /** The files that were read, for messages. */
  readonly files: { readonly tokenizer: string; readonly template: string };
}

type JsonObject = Readonly<Record<string, unknown>>;

/** What is used of the library; its own types name their files without endings, so this module system cannot follow them. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
  /** A list has its members in `normalizers`. */
  normalizer:
    (NormalizerStep & { readonly normalizers: readonly (NormalizerStep | null)[] }) | ((text: string) => string) | null;
}
const { Tokenizer } = tokenizers as unknown as {
  Tokenizer: new (tokenizer: object, config: object) => LibraryTokenizer;
};

/**
 * Reads tokenizer.json and tokenizer_config.json in `modelDir`, and the chat template: chat_template.jinja, or the one in
 * chat_template.json, processor_config.json or tokenizer_config.json, else the built-in one. A template that never writes
 * `<|AUDIO_OUT|>` is a text model's and is passed over.
 * `asItIs`: text is encoded without the tokenizer's normaliser, as one in phones must be, whose rules are for letters.
 * Throws HIGGS_CHECKPOINT_MISSING or HIGGS_CHECKPOINT_BROKEN with the file's path.
 */
export async function openTokenizer(modelDir: string, { asItIs = false } = {}): Promise<PromptTokenizer> {
  const file = path.join(modelDir, 'tokenizer.json');
  const configFile = path.join(modelDir, 'tokenizer_config.json');
  const [json, config] = await Promise.all([readNeeded(file), readNeeded(configFile)]);
  const tokenizer = makeTokenizer(asItIs ? { ...json, normalizer: null } : json, config, file);
  const special = specialTokens(config);
  const template = await findTemplate(modelDir, config);
  const bosToken = special.bos_token ?? '<|begin_of_text|>';
  const render: RenderConversation =
    template === undefined
      ? (conversation) => renderBuiltIn(conversation, bosToken)
      : compileTemplate(template.source, template.file, { ...special, bos_token: bosToken });
  return {
    render,
    encode: (text) => encodeWith(tokenizer, text, file),
    idOf: (token) => tokenizer.token_to_id(token),
    files: { tokenizer: file, template: template?.file ?? 'the built-in template' },
  };
}

function makeTokenizer(json: JsonObject, config: JsonObject, file: string): LibraryTokenizer {
  try {
    const tokenizer = new Tokenizer({ ...json, normalizer: likeReference(json.normalizer) }, config);
    const { normalizer } = tokenizer;
    if (normalizer && 'normalizers' in normalizer) {
      tokenizer.normalizer = remembering(inOrder(normalizer.normalizers.filter((step) => step !== null)));
    }
    return tokenizer;
  } catch (cause) {
    const what = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `${file} is no tokenizer that can be used: ${what}.`, { cause });
  }
}

/**
 * JavaScript lowers a capital sigma at a word's end to ς; the reference's tokenizers lower every letter alone, to σ. Doing
 * that letter first makes the two agree (4,000 random texts; the library agreed on all else).
 */
function likeReference(normalizer: unknown): unknown {
  const lowers = JSON.stringify(normalizer ?? null).includes('"Lowercase"');
  if (!lowers) return normalizer;
  const sigma = { type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' };
  const isList = isObject(normalizer) && normalizer.type === 'Sequence' && Array.isArray(normalizer.normalizers);
  return { type: 'Sequence', normalizers: [sigma, ...(isList ? (normalizer.normalizers as unknown[]) : [normalizer])] };
}

function encodeWith(tokenizer: LibraryTokenizer, text: string, file: string): Int32Array {
  if (text === '') return new Int32Array(0);
  const { ids, tokens } = tokenizer.encode(text, { add_special_tokens: false });
  return Int32Array.from(ids, (id, index) => {
    if (id !== undefined) return id;
    const token = JSON.stringify(tokens[index]);
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The vocabulary in ${file} lacks ${token}, which a text needs.`);
  });
}

/** `bos_token`, `eos_token`, … of tokenizer_config.json, each a string or an object with `content`. */
function specialTokens(config: JsonObject): SpecialTokens {
  const tokens: Record<string, string> = {};
  for (const [name, value] of Object.entries(config)) {
    if (!name.endsWith('_token')) continue;
    const content = isObject(value) ? value.content : value;
    if (typeof content === 'string') tokens[name] = content;
  }
  return tokens;
}

async function findTemplate(
  modelDir: string,
  config: JsonObject,
): Promise<{ source: string; file: string } | undefined> {
  const inJson = async (name: string): Promise<unknown> =>
    (await readOptionalJson(path.join(modelDir, name)))?.chat_template;
  const places: readonly (readonly [string, () => unknown])[] = [
    ['chat_template.jinja', () => readOptional(path.join(modelDir, 'chat_template.jinja'))],
    ['chat_template.json', () => inJson('chat_template.json')],
    ['processor_config.json', () => inJson('processor_config.json')],
    ['tokenizer_config.json', () => config.chat_template],
  ];
  for (const [name, read] of places) {
    const source = templateSource(await read());
    if (source?.includes(AUDIO_TOKEN) === true) return { source, file: path.join(modelDir, name) };
  }
  return undefined;
}

/** A template, or a list of named ones with a `default`. */
function templateSource(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const named = (value as unknown[]).filter(isObject).find((entry) => entry.name === 'default');
  return typeof named?.template === 'string' ? named.template : undefined;
}

async function readNeeded(file: string): Promise<JsonObject> {
  const json = await readOptionalJson(file);
  if (json === undefined) throw new HiggsError('HIGGS_CHECKPOINT_MISSING', `The checkpoint has no file ${file}.`);
  return json;
}

async function readOptionalJson(file: string): Promise<JsonObject | undefined> {
  const text = await readOptional(file);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `${file} is not valid JSON.`, { cause });
  }
  if (isObject(value)) return value;
  throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `${file} holds no JSON object.`);
}

/** A file's text, or undefined where there is none. */
async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT' || systemCode(cause) === 'ENOTDIR') return undefined;
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `${file} cannot be read.`, { cause });
  }
}
