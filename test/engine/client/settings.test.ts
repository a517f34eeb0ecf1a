import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultCacheDir, defaultDataDir } from '../../../src/engine/folders.js';
import { checkEngineOptions } from '../../../src/engine/client/settings.js';

describe('engine options', () => {
  test('left out, they become the embedded model on any device with the table’s fallbacks', () => {
    const settings = checkEngineOptions({});
    expect(settings.worker).toMatchObject({ model: 'embedded', device: 'auto', threads: 0 });
    expect(settings.worker).not.toHaveProperty('bits');
    expect(settings).toMatchObject({ idleSeconds: 600, queueLimit: 100, textLimitCharacters: 20_000 });
  });

  test('that are equal once filled in are equal, whatever way they were written', () => {
    const written = checkEngineOptions({ model: 'embedded', device: 'auto', threads: 0, codec: '', cacheDir: '' });
    expect(JSON.stringify(written)).toBe(JSON.stringify(checkEngineOptions({})));
    expect(checkEngineOptions({ model: 'a/../b' }).worker.model).toBe(path.resolve('b'));
  });

  test.each([
    [{ threads: 1.5 }, 'threads'],
    [{ threads: -1 }, 'threads'],
    [{ idleSeconds: Number.NaN }, 'idleSeconds'],
    [{ queueLimit: 0 }, 'queueLimit'],
    [{ device: 'abacus' as never }, 'device'],
    [{ bits: 5 as never }, 'bits'],
    [{ model: 7 as never }, 'model'],
  ])('%j is refused, and the message names the option %s', (options, name) => {
    expect(() => checkEngineOptions(options)).toThrow(
      expect.objectContaining({
        code: 'HIGGS_OPTION_INVALID',
        message: expect.stringContaining(`"${name}"`) as string,
      }),
    );
  });
});

test('a name on the hub stays as it is where no such folder lies, all other places become absolute', () => {
  const settings = (model: string, codec: string) => checkEngineOptions({ model, codec }).worker;
  expect(settings('bosonai/some-model', 'models/voice/deep')).toMatchObject({
    model: 'bosonai/some-model',
    codec: path.resolve('models/voice/deep'),
  });
  expect(settings('models/embedded', './a').model).toBe(path.resolve('models/embedded'));
});

describe('default folders', () => {
  test('follow the platform', () => {
    expect(defaultCacheDir({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/x/higgs-tts');
    expect(defaultCacheDir({}, 'linux')).toMatch(/\/\.cache\/higgs-tts$/);
    expect(defaultDataDir({ XDG_DATA_HOME: '/x' }, 'linux')).toBe('/x/higgs-tts');
    expect(defaultCacheDir({}, 'darwin')).toMatch(/\/Library\/Caches\/higgs-tts$/);
    expect(defaultDataDir({}, 'darwin')).toMatch(/\/Library\/Application Support\/higgs-tts$/);
    expect(defaultDataDir({ LOCALAPPDATA: '/x' }, 'win32')).toMatch(/^\/x/);
  });

  test('give way to HIGGS_CACHE_DIR and HIGGS_DATA_DIR', () => {
    expect(defaultCacheDir({ HIGGS_CACHE_DIR: '/c', XDG_CACHE_HOME: '/x' }, 'linux')).toBe('/c');
    expect(defaultDataDir({ HIGGS_DATA_DIR: '/d' }, 'win32')).toBe('/d');
  });
});
