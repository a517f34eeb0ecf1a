import { describe, expect, test } from 'vitest';
import { chooseFiles, parseListing } from '../../../src/engine/hub/file-list.js';
import {
  checkRepoName,
  checkRevision,
  CODEC_REPO,
  isRepoName,
  LANGUAGE_MODEL_REPO,
  MODEL_REPOS,
  namesOf,
  withCodec,
} from '../../../src/engine/hub/repo-name.js';

const chosen = (...paths: string[]) => chooseFiles(paths.map((path) => ({ path }))).map(({ path }) => path);

describe('of a repository’s files', () => {
  test('weights, index, configs, tokenizer, template and licence are taken', () => {
    const needed = [
      'LICENSE',
      'chat_template.jinja',
      'config.json',
      'generation_config.json',
      'merges.txt',
      'model-00001-of-00003.safetensors',
      'model.safetensors.index.json',
      'tokenizer.json',
      'USE_POLICY.md',
    ];
    expect(chosen(...needed).sort()).toEqual([...needed].sort());
  });

  test('copies of the weights in other formats, pictures and texts for people are left', () => {
    expect(
      chosen(
        'README.md',
        'pytorch_model.bin',
        'model.pth',
        'model.fp16.safetensors',
        'consolidated.safetensors',
        'picture.png',
        'original/model.safetensors',
        'onnx/config.json',
      ),
    ).toEqual([]);
  });

  test('of weights in one piece and in shards, as the published repository has them, the one piece is taken', () => {
    const both = ['model-00001-of-00001.safetensors', 'model.safetensors.index.json', 'config.json'];
    expect(chosen('model.safetensors', ...both).sort()).toEqual(['config.json', 'model.safetensors']);
    expect(chosen(...both).sort()).toEqual([...both].sort());
  });

  test('folders named as the embedded model’s are taken, each by itself', () => {
    const files = [
      'model/config.json',
      'model/model-1-of-1.safetensors',
      'codec/config.json',
      'codec/model.safetensors',
    ];
    expect(chosen(...files).sort()).toEqual([...files].sort());
  });

  test.each([
    '../config.json',
    'model/../config.json',
    '/etc/config.json',
    '..\\config.json',
    'C:config.json',
    'a\0.json',
  ])('%j leads out of the folder and is left', (path) => expect(chosen(path)).toEqual([]));

  test('the smallest come first', () => {
    const files = [
      { path: 'model.safetensors', byteLength: 9 },
      { path: 'config.json', byteLength: 2 },
      { path: 'tokenizer.json', byteLength: 5 },
    ];
    expect(chooseFiles(files).map(({ byteLength }) => byteLength)).toEqual([2, 5, 9]);
  });
});

describe('the hub’s list', () => {
  const commit = 'a'.repeat(40);
  const [sha1, sha256] = ['b'.repeat(40), 'c'.repeat(64)];
  const parse = (info: unknown) => parseListing(JSON.stringify(info), 'http://hub');

  test('names small files by git’s checksum and large ones by their own', () => {
    const siblings = [
      { rfilename: 'config.json', size: 3, blobId: sha1 },
      { rfilename: 'model.safetensors', size: 7, blobId: sha1, lfs: { sha256, size: 7, pointerSize: 130 } },
      { rfilename: 'empty.json', size: 0, blobId: sha1 },
    ];
    expect(
      parse({ sha: commit, siblings, cardData: { license: 'other', license_name: 'boson', license_link: 'LICENSE' } }),
    ).toEqual({
      commit,
      files: [
        { path: 'config.json', byteLength: 3, etag: sha1 },
        { path: 'model.safetensors', byteLength: 7, etag: sha256 },
        { path: 'empty.json', byteLength: 0, etag: sha1 },
      ],
      licenceName: 'boson',
      licenceLink: 'LICENSE',
    });
  });

  test('of a mirror may lack sizes and checksums', () => {
    const siblings = [
      { rfilename: 'config.json' },
      { rfilename: 'odd.json', size: 3, blobId: '../../x' },
      null,
      { size: 3 },
    ];
    expect(parse({ sha: commit, siblings }).files).toEqual([{ path: 'config.json' }, { path: 'odd.json' }]);
  });

  test.each(['<html>', '[]', '{}', '{"sha": "../..", "siblings": []}', `{"sha": "${commit}"}`, 'null'])(
    '%j is none',
    (text) => {
      expect(() => parseListing(text, 'http://hub')).toThrow(
        expect.objectContaining({ code: 'HIGGS_HUB_UNREACHABLE' }),
      );
    },
  );
});

describe('names on the hub', () => {
  test.each([...MODEL_REPOS, 'a/b', 'o_1/m.2-x'])('%s is one', (name) => expect(isRepoName(name)).toBe(true));

  test.each(['', 'gpt2', 'a/b/c', '../b', 'a/..', 'a/b--c', '/a/b', './a', 'a/b.git', 'a b/c', `a/${'b'.repeat(96)}`])(
    '%j is none',
    (name) => {
      expect(isRepoName(name)).toBe(false);
      expect(() => checkRepoName(name)).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }));
    },
  );

  test.each(['main', 'v2.0', 'refs/pr/3', 'a'.repeat(40)])('%s is a revision', (revision) => {
    expect(checkRevision(revision)).toBe(revision);
  });

  test.each(['', '..', '../main', 'refs/../../main', '/main', 'a\\b', 'a b'])('%j is no revision', (revision) => {
    expect(() => checkRevision(revision)).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }));
  });
});

test('the codec comes with the published language model, whichever of its names is given, and with no other', () => {
  expect(withCodec([LANGUAGE_MODEL_REPO])).toEqual(MODEL_REPOS);
  expect(withCodec(['bosonai/higgs-tts-2-3b-base'])).toEqual(['bosonai/higgs-tts-2-3b-base', CODEC_REPO]);
  expect(withCodec(MODEL_REPOS)).toEqual(MODEL_REPOS);
  expect(withCodec(['owner/other'])).toEqual(['owner/other']);
  expect(namesOf('owner/other')).toEqual(['owner/other']);
});
