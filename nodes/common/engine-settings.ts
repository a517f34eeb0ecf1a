/** From a saved higgs-engine node to the engine's options, and from a speaking node to its engine. */
import fs from 'node:fs';
import path from 'node:path';
import type { CacheBits, EngineOptions, RemoteOptions, WeightBits } from '../../src/engine/index.js';
import { CACHE_BITS, DEVICES, ENGINE_RULES, HiggsError, REMOTE_APIS, WEIGHT_BITS } from '../../src/engine/index.js';
import { isRepoName } from '../../src/engine/package-api.js';
import { SWITCHES } from './catalogue.js';
import { EngineShare } from './engine-share.js';
import type { Node, NodeAPI, Saved } from './node-red.js';
import { fileToWrite } from './paths.js';
import { readChoice, readLexicon, readNumber } from './readers.js';
import { leaveOut } from './values.js';

/** What Node-RED keeps apart from the flow. */
export interface EngineSecrets {
  /** The key of the servers elsewhere. */
  readonly remoteKey: unknown;
}

/** What a higgs-engine node is to the nodes that use it. */
export interface EngineNode extends Node<EngineSecrets> {
  share: EngineShare;
}

/** Fields left empty take the engine's own defaults. Throws HIGGS_OPTION_INVALID that names the field. */
export function engineOptions(red: NodeAPI, saved: Saved, secrets: Partial<EngineSecrets> = {}): EngineOptions {
  const folder = (name: string) => textOf(saved[name], (text) => fileToWrite(red, text));
  // A name on the hub looks like a path of two folders; it is one only where there are no such folders.
  const model = (name: string) =>
    textOf(saved[name], (text) => {
      const file = fileToWrite(red, text);
      return isRepoName(text) && !fs.existsSync(file) ? text : file;
    });
  const number = (name: keyof typeof ENGINE_RULES) =>
    textOf(saved[name], (text) => readNumber(ENGINE_RULES[name])(text, name));
  return leaveOut({
    ...defaultOptions(red),
    ...modelOptions(saved, model),
    remote: remoteOptions(saved, secrets),
    device: textOf(saved.device, (text) => readChoice(DEVICES)(text, 'device')),
    bits: textOf(saved.bits, (text) => (text === 'auto' ? undefined : bitsOf(text))),
    cacheBits: textOf(saved.cacheBits, (text) => (text === 'auto' ? undefined : cacheBitsOf(text))),
    contextPositions: number('contextPositions'),
    threads: number('threads'),
    idleSeconds: number('idleSeconds'),
    stallSeconds: number('stallSeconds'),
    queueLimit: number('queueLimit'),
    textLimitCharacters: number('textLimitCharacters'),
    speechCacheMegabytes: number('speechCacheMegabytes'),
    lexicon: textOf(saved.lexicon, (text) => readLexicon(text, 'lexicon')),
    ...leaveOut({ cacheDir: folder('cacheDir') }),
  });
}

function modelOptions(saved: Saved, model: (name: string) => string | undefined): EngineOptions {
  if (saved.model === 'folder') return leaveOut({ model: model('modelFolder') ?? '', codec: model('codecFolder') });
  if (saved.model === 'hub') return leaveOut({ model: model('modelRepo') ?? '', codec: model('codecRepo') });
  return { model: 'embedded' };
}

/** Undefined where the node names no servers elsewhere. */
function remoteOptions(saved: Saved, secrets: Partial<EngineSecrets>): RemoteOptions | undefined {
  const urls = textOf(saved.remoteUrls, (text) => text.split(',').map((url) => url.trim()));
  if (urls === undefined) return undefined;
  return {
    urls,
    ...leaveOut({
      api: textOf(saved.remoteApi, (text) => readChoice(REMOTE_APIS)(text, 'remoteApi')),
      model: textOf(saved.remoteModel, (text) => text),
      key: textOf(secrets.remoteKey, (text) => text),
    }),
    fallBack: typeof saved.remoteFallBack === 'boolean' ? saved.remoteFallBack : SWITCHES.remoteFallBack,
  };
}

/** The user directory is what people keep, back up and mount into containers. */
export function defaultOptions(red: NodeAPI): EngineOptions {
  const { userDir } = red.settings;
  if (userDir === undefined) return {};
  const home = path.resolve(userDir, 'higgs-tts');
  return { dataDir: home, cacheDir: path.join(home, 'cache') };
}

const defaultShares = new Map<string, EngineShare>();

/**
 * The engine that a node names, or the one that all nodes without a choice share. An engine that is named but missing or
 * disabled is none: nothing speaks in its place, and {@link missingEngine} is the error.
 */
export function shareOf(red: NodeAPI, engineId: unknown): EngineShare {
  const missing = missingEngine(red, engineId);
  if (missing === undefined) return shareForEditor(red, engineId);
  return new EngineShare(() => {
    throw missing;
  });
}

/** HIGGS_ENGINE_MISSING where the engine that a node names does not run. */
export function missingEngine(red: NodeAPI, engineId: unknown): HiggsError | undefined {
  if (!isNamed(engineId) || deployedEngine(red, engineId) !== undefined) return undefined;
  return new HiggsError('HIGGS_ENGINE_MISSING', `The engine "${engineId}" that this node uses is missing or disabled.`);
}

/** As {@link shareOf}; for an engine that is not deployed yet, the one that nodes without a choice share. */
export function shareForEditor(red: NodeAPI, engineId: unknown): EngineShare {
  const chosen = isNamed(engineId) ? deployedEngine(red, engineId) : undefined;
  if (chosen !== undefined) return chosen;
  const options = defaultOptions(red);
  const key = options.dataDir ?? '';
  const share = defaultShares.get(key) ?? new EngineShare(() => options, warnerOf(red));
  defaultShares.set(key, share);
  return share;
}

/** Writes an engine's warnings into Node-RED's log. */
export function warnerOf(red: NodeAPI): (text: string) => void {
  return (text) => red.log.warn(`higgs-tts: ${text}`);
}

function cacheBitsOf(text: string): CacheBits {
  return Number(readChoice(CACHE_BITS.map(String))(text, 'cacheBits')) as CacheBits;
}

function isNamed(engineId: unknown): engineId is string {
  return typeof engineId === 'string' && engineId !== '';
}

function deployedEngine(red: NodeAPI, engineId: string): EngineShare | undefined {
  return (red.nodes.getNode(engineId) as Partial<EngineNode> | null)?.share;
}

function bitsOf(text: string): WeightBits {
  const name = readChoice(WEIGHT_BITS.map(String))(text, 'bits');
  return Number(name) as WeightBits;
}

function textOf<T>(value: unknown, read: (text: string) => T): T | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? read(text.trim()) : undefined;
}
