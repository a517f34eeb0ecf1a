/** Engine options, checked and filled in. */
import { existsSync } from 'node:fs';
import { absolutePath } from '../absolute-path.js';
import { HiggsError } from '../errors.js';
import { isRepoName } from '../hub/index.js';
import {
  CACHE_BITS,
  checkChoice,
  checkNumber,
  DEVICES,
  ENGINE_RULES,
  WEIGHT_BITS,
  type EngineOptions,
} from '../options.js';
import type { WorkerSettings } from '../protocol.js';
import { checkRemoteOptions } from '../remote/index.js';
import { defaultCacheDir, defaultDataDir } from '../folders.js';
import { parseLexicon } from '../lexicon.js';
import { checkKnown } from './checks.js';

export interface EngineSettings {
  readonly worker: WorkerSettings;
  readonly dataDir: string;
  /** 0: the model is never unloaded. */
  readonly idleSeconds: number;
  readonly stallSeconds: number;
  readonly queueLimit: number;
  readonly textLimitCharacters: number;
}

const KNOWN: Readonly<Record<keyof EngineOptions, true>> = {
  model: true,
  codec: true,
  device: true,
  bits: true,
  cacheBits: true,
  contextPositions: true,
  threads: true,
  cacheDir: true,
  dataDir: true,
  idleSeconds: true,
  stallSeconds: true,
  remote: true,
  queueLimit: true,
  textLimitCharacters: true,
  speechCacheMegabytes: true,
  lexicon: true,
};

/** Throws HIGGS_OPTION_INVALID that names the option, its value and what it takes. Empty texts count as left out. */
export function checkEngineOptions(options: EngineOptions): EngineSettings {
  checkKnown({ ...options }, KNOWN);
  const model = checkText('model', options.model) ?? 'embedded';
  const codec = checkText('codec', options.codec);
  const cacheDir = checkText('cacheDir', options.cacheDir);
  const dataDir = checkText('dataDir', options.dataDir);
  return {
    worker: {
      model: model === 'embedded' ? model : place(model),
      ...(codec === undefined ? {} : { codec: place(codec) }),
      device: checkChoice('device', options.device, DEVICES),
      ...(options.bits === undefined ? {} : { bits: checkChoice('bits', options.bits, WEIGHT_BITS) }),
      ...(options.cacheBits === undefined
        ? {}
        : { cacheBits: checkChoice('cacheBits', options.cacheBits, CACHE_BITS) }),
      contextPositions: checkNumber('contextPositions', options.contextPositions, ENGINE_RULES.contextPositions),
      threads: checkNumber('threads', options.threads, ENGINE_RULES.threads),
      cacheDir: cacheDir === undefined ? defaultCacheDir() : absolutePath(cacheDir),
      speechCacheMegabytes: checkNumber(
        'speechCacheMegabytes',
        options.speechCacheMegabytes,
        ENGINE_RULES.speechCacheMegabytes,
      ),
      lexicon: parseLexicon(options.lexicon),
      ...(options.remote === undefined ? {} : { remote: checkRemoteOptions(options.remote) }),
    },
    dataDir: dataDir === undefined ? defaultDataDir() : absolutePath(dataDir),
    idleSeconds: checkNumber('idleSeconds', options.idleSeconds, ENGINE_RULES.idleSeconds),
    stallSeconds: checkNumber('stallSeconds', options.stallSeconds, ENGINE_RULES.stallSeconds),
    queueLimit: checkNumber('queueLimit', options.queueLimit, ENGINE_RULES.queueLimit),
    textLimitCharacters: checkNumber(
      'textLimitCharacters',
      options.textLimitCharacters,
      ENGINE_RULES.textLimitCharacters,
    ),
  };
}

/** A folder as an absolute path; a name on the hub, where there is no such folder, as it is. */
function place(text: string): string {
  return isRepoName(text) && !existsSync(text) ? text : absolutePath(text);
}

function checkText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The option "${name}" is ${JSON.stringify(value)}; it takes a text.`);
}
