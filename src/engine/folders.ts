/** Where the engine keeps its files when nobody says otherwise. */
import os from 'node:os';
import path from 'node:path';

const APPLICATION = 'higgs-tts';

type Environment = Readonly<Record<string, string | undefined>>;

/** For what can be made again: HIGGS_CACHE_DIR, or the platform's folder for caches. */
export function defaultCacheDir(env: Environment = process.env, platform: string = process.platform): string {
  if (env.HIGGS_CACHE_DIR) return path.resolve(env.HIGGS_CACHE_DIR);
  const home = os.homedir();
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), APPLICATION, 'Cache');
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', APPLICATION);
  return path.join(env.XDG_CACHE_HOME || path.join(home, '.cache'), APPLICATION);
}

/** For what cannot be made again, the registered voices: HIGGS_DATA_DIR, or the platform's folder for application data. */
export function defaultDataDir(env: Environment = process.env, platform: string = process.platform): string {
  if (env.HIGGS_DATA_DIR) return path.resolve(env.HIGGS_DATA_DIR);
  const home = os.homedir();
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), APPLICATION, 'Data');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', APPLICATION);
  return path.join(env.XDG_DATA_HOME || path.join(home, '.local', 'share'), APPLICATION);
}
