/** The options of the servers elsewhere, checked and filled in. */
import { HiggsError } from '../errors.js';
import {
  checkChoice,
  checkNumber,
  REMOTE_APIS,
  REMOTE_RULES,
  type RemoteApiName,
  type RemoteOptions,
} from '../options.js';
import { baseAddress } from './server.js';

/** Crosses to the child process. */
export interface RemoteSettings {
  /** Base addresses that end with a slash. */
  readonly urls: readonly string[];
  readonly api: RemoteApiName;
  readonly model?: string;
  readonly key?: string;
  readonly silenceSeconds: number;
  readonly requestsAtOnce: number;
  readonly fallBack: boolean;
}

/** Throws HIGGS_OPTION_INVALID. */
export function checkRemoteOptions(options: RemoteOptions): RemoteSettings {
  const { urls, model, key, fallBack } = options;
  if (!Array.isArray(urls) || urls.length === 0 || !urls.every((url) => typeof url === 'string')) {
    throw new HiggsError('HIGGS_OPTION_INVALID', 'The option "remote.urls" takes a list of at least one address.');
  }
  return {
    urls: [...new Set((urls as readonly string[]).map((url) => baseAddress(url).href))],
    api: checkChoice('remote.api', options.api, REMOTE_APIS),
    ...(model ? { model } : {}),
    ...(key ? { key } : {}),
    silenceSeconds: checkNumber('remote.silenceSeconds', options.silenceSeconds, REMOTE_RULES.silenceSeconds),
    requestsAtOnce: checkNumber('remote.requestsAtOnce', options.requestsAtOnce, REMOTE_RULES.requestsAtOnce),
    fallBack: fallBack ?? false,
  };
}
