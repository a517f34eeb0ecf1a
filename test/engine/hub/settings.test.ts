import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hubSettings, readToken } from '../../../src/engine/hub/settings.js';
import { temporaryFolder } from '../../helpers/folders.js';

const home = path.resolve('/home/ella');
const settings = (env: Record<string, string>) => hubSettings(env, home);

describe('the hub’s environment', () => {
  test('without variables is the public hub and the cache in the home folder', () => {
    expect(settings({})).toEqual({
      endpoint: 'https://huggingface.co',
      cacheDir: path.join(home, '.cache', 'huggingface', 'hub'),
      tokenFile: path.join(home, '.cache', 'huggingface', 'token'),
      tokenFromFile: true,
      offline: false,
      symlinks: true,
    });
  });

  test.each([
    [{ HF_HOME: '/data/hf' }, '/data/hf/hub'],
    [{ XDG_CACHE_HOME: '/caches' }, '/caches/huggingface/hub'],
    [{ HF_HOME: '/data/hf', XDG_CACHE_HOME: '/caches' }, '/data/hf/hub'],
    [{ HF_HUB_CACHE: '/models', HF_HOME: '/data/hf' }, '/models'],
    [{ HUGGINGFACE_HUB_CACHE: '/old' }, '/old'],
    [{ HF_HUB_CACHE: '~/models' }, '/home/ella/models'],
    [{ HF_HOME: '$DISK/hf', DISK: '/mnt' }, '/mnt/hf/hub'],
    [{ HF_HOME: '${DISK}/$NONE', DISK: '/mnt' }, '/mnt/$NONE/hub'],
  ])('%j keeps models in %s', (env, cacheDir) => {
    expect(settings(env).cacheDir).toBe(path.resolve(cacheDir));
  });

  test('HF_ENDPOINT names a mirror, with or without a path and a slash at the end', () => {
    expect(settings({ HF_ENDPOINT: 'https://mirror.example/hub/' }).endpoint).toBe('https://mirror.example/hub');
  });

  test.each(['mirror.example', 'ftp://mirror.example', '?'])('HF_ENDPOINT %j is refused', (HF_ENDPOINT) => {
    expect(() => settings({ HF_ENDPOINT })).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }));
  });

  test.each(['1', 'on', 'Yes', 'TRUE'])('HF_HUB_OFFLINE=%s forbids requests', (HF_HUB_OFFLINE) => {
    expect(settings({ HF_HUB_OFFLINE }).offline).toBe(true);
  });

  test.each(['', '0', 'false'])('HF_HUB_OFFLINE=%j does not', (HF_HUB_OFFLINE) => {
    expect(settings({ HF_HUB_OFFLINE }).offline).toBe(false);
  });
});

describe('the token', () => {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'token'), 'hf_of_the_file\n');
  const token = (env: Record<string, string>) => readToken(hubSettings({ HF_HOME: folder, ...env }, home));

  test('comes from HF_TOKEN, without its line break', async () => {
    expect(await token({ HF_TOKEN: 'hf_given\r\n' })).toBe('hf_given');
  });

  test('comes from the file that a login left', async () => {
    expect(await token({})).toBe('hf_of_the_file');
    expect(await token({ HF_TOKEN: ' ' })).toBe('hf_of_the_file');
  });

  test('is not read from the file where that is forbidden, and there is none where there is no file', async () => {
    expect(await token({ HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' })).toBeUndefined();
    expect(await token({ HF_TOKEN_PATH: path.join(folder, 'nothing') })).toBeUndefined();
  });
});
