/** The checkpoint's own tokenizer and chat template, from the files beside its weights. */
import path from 'node:path';
import * as tokenizers from '@huggingface/tokenizers';
import { HiggsError } from '../errors.js';
import { readCheckpointText } from '../regular-file.js';
import { quickenLongWords, type PairModel } from './byte-pairs.js';
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
import { withinTime } from './time-limit.js';

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

/** Patterns are a stranger's. The embedded voice's thousands of replacements take some 10 ms for a sentence. */
const LIMIT_MS = 5_000;
/** A vocabulary of 128,000 words takes a second on a slow machine. */
const OPENING_LIMIT_MS = 20_000;
/** Replacements may make a text longer, not without end. */
const MOST_CHARACTERS = 200_000;
/** More than any vocabulary has. */
const MOST_IDS = 2 ** 24;
/** No replacement puts a longer text in the place of one match. */
const LONGEST_REPLACEMENT = 1_000;

type JsonObject = Readonly<Record<string, unknown>>;

/** What is used of the library; its own types name their files without endings, so this module system cannot follow them. */
interface LibraryTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: (number | undefined)[]; tokens: string[] };
  token_to_id(token: string): number | undefined;
  /** Of byte pairs where it has `bpe`. */
  readonly model: Partial<PairModel>;
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
    return withinTime(OPENING_LIMIT_MS, () => limitedTokenizer(json, config));
  } catch (cause) {
    throw broken(file, 'is no tokenizer that can be used', cause);
  }
}

function limitedTokenizer(json: JsonObject, config: JsonObject): LibraryTokenizer {
  const tokens: readonly unknown[] = Array.isArray(json.added_tokens) ? json.added_tokens : [];
  checkIds(json.model, tokens);
  checkReplacements([json.normalizer, json.pre_tokenizer]);
  const likewise = { ...json, added_tokens: tokens, normalizer: likeReference(json.normalizer) };
  // The library normalises tokens while it is made, without a limit; so they are tried with one before.
  const normalized = tokens.filter(isObject).filter(isNormalized);
  if (json.normalizer && normalized.length > 0) {
    const trial = new Tokenizer({ ...likewise, added_tokens: [] }, config);
    limitNormalizer(trial);
    for (const { content } of normalized) if (typeof content === 'string') trial.normalizer?.(content);
  }
  const tokenizer = new Tokenizer(likewise, config);
  limitNormalizer(tokenizer);
  if (isPairModel(tokenizer.model)) quickenLongWords(tokenizer.model);
  return tokenizer;
}

function isPairModel(model: Partial<PairModel>): model is PairModel {
  return model.bpe !== undefined && model.merges !== undefined;
}

/** As the library reads it. */
function isNormalized({ normalized, special }: JsonObject): boolean {
  return normalized === undefined ? special !== true : Boolean(normalized);
}

/** Makes the normaliser quick where it is a long list, and keeps it from writing more than {@link MOST_CHARACTERS}. */
function limitNormalizer(tokenizer: LibraryTokenizer): void {
  const { normalizer } = tokenizer;
  if (!normalizer) return;
  const limited =
    (step: (text: string) => string) =>
    (text: string): string => {
      const result = step(text);
      if (result.length <= MOST_CHARACTERS) return result;
      throw new Error(`it makes more than ${MOST_CHARACTERS} characters of a text`);
    };
  if ('normalizers' in normalizer) {
    const each = flat(normalizer.normalizers).map((step) =>
      Object.assign(limited(step), step.config ? { config: step.config } : {}),
    );
    tokenizer.normalizer = remembering(inOrder(each));
  } else {
    tokenizer.normalizer = remembering(limited(normalizer));
  }
}

/** The steps of lists in lists, in order. */
function flat(steps: readonly (NormalizerStep | null)[]): NormalizerStep[] {
  return steps.flatMap((step) => {
    if (step === null) return [];
    const inner = (step as Partial<{ normalizers: readonly (NormalizerStep | null)[] }>).normalizers;
    return inner === undefined ? [step] : flat(inner);
  });
}

/** Ids become places in lists, and rows of a table. */
function checkIds(model: unknown, tokens: readonly unknown[]): void {
  const vocabulary = isObject(model) && isObject(model.vocab) ? model.vocab : {};
  const ids = new Map<string, unknown>(Object.entries(vocabulary));
  for (const token of tokens) if (isObject(token)) ids.set(String(token.content), token.id);
  for (const [token, id] of ids) {
    if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < MOST_IDS) continue;
    throw new Error(`the id of ${JSON.stringify(token)} is ${JSON.stringify(id)}`);
  }
}

/** What is written in the place of what is found, wherever that stands in a description. */
function checkReplacements(description: unknown): void {
  if (Array.isArray(description)) description.forEach(checkReplacements);
  if (!isObject(description)) return;
  for (const text of [description.content, description.prepend]) {
    if (typeof text !== 'string' || text.length <= LONGEST_REPLACEMENT) continue;
    throw new Error(`it replaces by ${text.length} characters, ${LONGEST_REPLACEMENT} are the most`);
  }
  Object.values(description).forEach(checkReplacements);
}

function broken(file: string, what: string, cause: unknown): HiggsError {
  const why = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
  return new HiggsError('HIGGS_CHECKPOINT_BROKEN', `${file} ${what}: ${why}.`, { cause });
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
  const { ids, tokens } = encodeWithin(LIMIT_MS, tokenizer, text, file);
  return Int32Array.from(ids, (id, index) => {
    if (id !== undefined) return id;
    const token = JSON.stringify(tokens[index]);
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The vocabulary in ${file} lacks ${token}, which a text needs.`);
  });
}

function encodeWithin(limitMs: number, tokenizer: LibraryTokenizer, text: string, file: string) {
  try {
    return withinTime(limitMs, () => tokenizer.encode(text, { add_special_tokens: false }));
  } catch (cause) {
    throw broken(file, `cannot read a text of ${text.length} characters`, cause);
  }
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
    ['chat_template.jinja', () => readCheckpointText(path.join(modelDir, 'chat_template.jinja'))],
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
  const text = await readCheckpointText(file);
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
