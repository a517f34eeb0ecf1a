/** What an HTTP speech server can be told. */
import { HiggsError } from '../../engine/index.js';
import { checkNumber } from '../../engine/package-api.js';
import { HTTP_RULES } from './rules.js';

export interface HttpOptions {
  /** The address to listen at; left out: 127.0.0.1, which this machine alone can reach. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Who asks must show one of these (`Authorization: Bearer …`); none: everyone may ask. */
  readonly apiKeys?: readonly string[];
  /** Origins of web pages that may ask, such as `https://home.example`; `*` stands for all. None: no page may. */
  readonly corsOrigins?: readonly string[];
  /** What else this server is called in `Host` headers; only without keys does it matter (`answersTo`). */
  readonly allowedHosts?: readonly string[];
  readonly bodyLimitBytes?: number;
  readonly uploadLimitBytes?: number;
  /** Whether only the voices' own names are taken, and not those that OpenAI's clients ask for by default (`USUAL_VOICES`). */
  readonly strictVoices?: boolean;
  /** See {@link HTTP_RULES}. */
  readonly wholeSeconds?: number;
  /** A request must be there, head and body, after this long. */
  readonly bodySeconds?: number;
  /** A client that takes no sound for this long is let go. */
  readonly stallSeconds?: number;
  /** Requests of one address, on average and at once. */
  readonly requestsPerMinute?: number;
  /** Of all together; one address gets three quarters of them at most. */
  readonly connectionLimit?: number;
  /** Speeches that wait or run; what comes beyond is told to come again later. */
  readonly speechLimit?: number;
}

export type HttpSettings = Required<HttpOptions>;

/** The options, checked and filled in. Throws HIGGS_OPTION_INVALID; a key never stands in the message. */
export function checkHttpOptions(options: HttpOptions): HttpSettings {
  const { host = '', apiKeys = [], corsOrigins = [], allowedHosts = [], strictVoices = false } = options;
  const numbers = Object.entries(HTTP_RULES).map(([name, rule]) => [
    name,
    checkNumber(name, options[name as keyof typeof HTTP_RULES], rule),
  ]);
  if (apiKeys.some((key) => typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key))) {
    const message =
      'The option "apiKeys" holds a key that is empty, or has spaces or other than ASCII characters in it.';
    throw new HiggsError('HIGGS_OPTION_INVALID', message);
  }
  return {
    host: host === '' ? '127.0.0.1' : host,
    apiKeys,
    corsOrigins,
    allowedHosts,
    strictVoices,
    ...(Object.fromEntries(numbers) as Record<keyof typeof HTTP_RULES, number>),
  };
}
