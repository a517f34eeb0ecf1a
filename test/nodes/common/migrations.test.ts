/** The history of what nodes keep: each test is a step. */
import { describe, expect, test } from 'vitest';
import { FORMS } from '../../../editor/forms/index.js';
import { migrate, newestVersion } from '../../../nodes/common/migrations.js';

describe.each(FORMS.map(({ type }) => type))('%s', (type) => {
  test('without a version keeps what it has', () => {
    const saved = { id: 'a', type, name: 'Hall', engine: 'b', something: 'else' };
    expect(migrate(type, saved)).toMatchObject(saved);
  });

  test('of the newest version, or of a newer one than this package knows, is left alone', () => {
    for (const version of [newestVersion(type), newestVersion(type) + 1]) {
      const saved = { id: 'a', type, version };
      expect(migrate(type, saved)).toBe(saved);
    }
  });

  test('has the newest version after its steps, however often they are taken', () => {
    const once = migrate(type, { id: 'a', type });
    expect(once).toMatchObject({ version: newestVersion(type) });
    expect(migrate(type, once)).toBe(once);
  });
});

describe('version 1', () => {
  test('of a music node says that its switch is not remembered, where that was never chosen', () => {
    expect(migrate('higgs-music', {})).toEqual({ remember: false, version: 1 });
    expect(migrate('higgs-music', { remember: true })).toEqual({ remember: true, version: 1 });
  });

  test('of the other nodes has the properties from before there were versions', () => {
    for (const { type } of FORMS.filter((form) => form.type !== 'higgs-music')) {
      expect(migrate(type, { a: 1 })).toMatchObject({ a: 1 });
    }
  });
});

describe('version 2', () => {
  test.each(['higgs-synthesize', 'higgs-dialogue'])('of %s says that there are no subtitles', (type) => {
    expect(migrate(type, { a: 1, version: 1 })).toEqual({ a: 1, subtitles: 'none', version: 2 });
    expect(migrate(type, { subtitles: 'srt', version: 1 })).toEqual({ subtitles: 'srt', version: 2 });
  });
});

test('a node of another package is none of ours', () => {
  const saved = { type: 'inject' };
  expect(migrate('inject', saved)).toBe(saved);
});
