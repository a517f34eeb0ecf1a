/**
 * Where the hub is and where its files are kept: the environment variables of Python's huggingface_hub, so that both
 * share one cache, one token and one mirror.
 * Source: https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
 */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { HiggsError } from '../errors.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface HubSettings {
  /** Without a slash at its end; a path after the host is kept, as some mirrors have one. */
  readonly endpoint: string;
  /** Holds `models--OWNER--NAME` folders. */
  readonly cacheDir: string;
  /** Where a login left its token. */
  readonly tokenFile: string;
  /** The token that the environment gives. */
  readonly token?: string;
  /** False where no token file may be read. */
  readonly tokenFromFile: boolean;
  /** No request may be made. */
  readonly offline: boolean;
  readonly symlinks: boolean;
}

const PUBLIC_ENDPOINT = 'https://huggingface.co';

/** Throws HIGGS_OPTION_INVALID where HF_ENDPOINT is no address. */
export function hubSettings(env: Environment = process.env, home: string = os.homedir()): HubSettings {
  const folder = (text: string) => path.resolve(expand(text, env, home));
  const hubHome = folder(env.HF_HOME || path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), 'huggingface'));
  const token = cleanToken(env.HF_TOKEN) ?? cleanToken(env.HUGGING_FACE_HUB_TOKEN);
  return {
    endpoint: checkEndpoint(env.HF_ENDPOINT || PUBLIC_ENDPOINT),
    cacheDir: folder(env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE || path.join(hubHome, 'hub')),
    tokenFile: folder(env.HF_TOKEN_PATH || path.join(hubHome, 'token')),
    ...(token === undefined ? {} : { token }),
    tokenFromFile: !isTrue(env.HF_HUB_DISABLE_IMPLICIT_TOKEN),
    offline: isTrue(env.HF_HUB_OFFLINE) || isTrue(env.TRANSFORMERS_OFFLINE),
    symlinks: !isTrue(env.HF_HUB_DISABLE_SYMLINKS),
  };
}

/** The environment's token, or the one a login left; undefined where there is none. */
export async function readToken(settings: HubSettings): Promise<string | undefined> {
  if (settings.token !== undefined || !settings.tokenFromFile) return settings.token;
  return cleanToken(await readFile(settings.tokenFile, 'utf8').catch(() => undefined));
}

function isTrue(value: string | undefined): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes((value ?? '').toUpperCase());
}

/** Files and variables often end in a line break, which no header may hold. */
function cleanToken(text: string | undefined): string | undefined {
  return text?.replaceAll(/[\r\n]/g, '').trim() || undefined;
}

/** `~`, `$NAME` and `${NAME}`, as a shell would have them; unknown names stay. */
function expand(text: string, env: Environment, home: string): string {
  return text
    .replace(/^~(?=$|[\\/])/, () => home)
    .replaceAll(
      /\$(?:(\w+)|\{(\w+)\})/g,
      (whole, plain: string | undefined, braced: string | undefined) => env[plain ?? braced ?? ''] ?? whole,
    );
}

function checkEndpoint(text: string): string {
  if (!URL.canParse(text) || !['http:', 'https:'].includes(new URL(text).protocol)) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `HF_ENDPOINT is "${text}"; it takes an address such as https://host.`);
  }
  return text.replace(/\/+$/, '');
}
