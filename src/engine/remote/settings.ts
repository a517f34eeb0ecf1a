/** The options of the servers elsewhere, checked and filled in. */
import { HiggsError } from '../errors.js';
import { checkChoice, checkNumber, REMOTE_APIS, REMOTE_RULES, type RemoteOptions } from '../options.js';
import type { RemoteSettings } from '../protocol.js';
import { baseAddress } from './server.js';

/** Throws HIGGS_OPTION_INVALID. */
export function checkRemoteOptions(options: RemoteOptions): RemoteSettings {
  const { urls, model, key, fallBack } = options;
  if (!Array.isArray(urls) || urls.length === 0 || !urls.every((url) => typeof url === 'string')) {
    throw new HiggsError('HIGGS_OPTION_INVALID', 'The option "remote.urls" takes a list of at least one address.');
  }
  const requestsAtOnce = checkNumber('remote.requestsAtOnce', options.requestsAtOnce, REMOTE_RULES.requestsAtOnce);
  return {
    urls: [...new Set((urls as readonly string[]).map((url) => baseAddress(url).href))],
    api: checkChoice('remote.api', options.api, REMOTE_APIS),
    ...(model ? { model } : {}),
    ...(key ? { key } : {}),
    silenceSeconds: checkNumber('remote.silenceSeconds', options.silenceSeconds, REMOTE_RULES.silenceSeconds),
    ...(requestsAtOnce === undefined ? {} : { requestsAtOnce }),
    fallBack: fallBack ?? false,
  };
}
