import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readVoiceFile, writeVoiceFile, type PortableVoice } from '../../../src/engine/voices/index.js';

const words = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
const voices: fc.Arbitrary<PortableVoice> = fc.oneof(
  fc.record({
    name: fc.constantFrom('Uncle Bob', 'Жанна', 'a'),
    kind: fc.constant('clip' as const),
    transcript: words,
    clip: fc.uint8Array({ maxLength: 50 }),
  }),
  fc.record({
    name: fc.constant('Angus'),
    kind: fc.constant('clip' as const),
    transcript: words,
    accent: fc.constantFrom('american', 'british'),
    clip: fc.uint8Array({ maxLength: 50 }),
  }),
  fc.record({ name: fc.constantFrom('Deep', 'x_1'), kind: fc.constant('described' as const), description: words }),
);
const file: PortableVoice = { name: 'Bob', kind: 'clip', transcript: 'Hello.', clip: Uint8Array.of(1, 2, 3) };
const codeOf = (bytes: Uint8Array) => {
  try {
    readVoiceFile(bytes);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
  return undefined;
};

test('a voice comes out of its file as it went in', () => {
  fc.assert(
    fc.property(voices, (voice) => {
      expect(readVoiceFile(writeVoiceFile(voice))).toEqual(voice);
    }),
  );
});

describe('a file that is no exported voice, or not the one that was exported', () => {
  test('is refused, whatever is in it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => codeOf(bytes) === 'HIGGS_VOICE_FILE_BROKEN'));
    fc.assert(
      fc.property(fc.jsonValue(), (head) => {
        const bytes = Buffer.from(`HIGGS-VOICE-1 ${JSON.stringify(head)}\n`);
        expect(codeOf(bytes)).toBe('HIGGS_VOICE_FILE_BROKEN');
      }),
    );
  });

  test('is refused where its clip is cut, or a byte of it has changed', () => {
    const bytes = writeVoiceFile(file);
    expect(codeOf(bytes.slice(0, -1))).toBe('HIGGS_VOICE_FILE_BROKEN');
    const changed = bytes.slice();
    changed[changed.length - 1]! ^= 1;
    expect(codeOf(changed)).toBe('HIGGS_VOICE_FILE_BROKEN');
  });

  test('is refused where its name could be a path, or its words are none', () => {
    expect(codeOf(writeVoiceFile({ ...file, name: '../../etc/passwd' }))).toBe('HIGGS_VOICE_NAME_INVALID');
    expect(codeOf(writeVoiceFile({ ...file, transcript: ' ' }))).toBe('HIGGS_VOICE_FILE_BROKEN');
  });

  test('is refused where its accent is none that is known', () => {
    expect(codeOf(writeVoiceFile({ ...file, accent: 'martian' as never }))).toBe('HIGGS_VOICE_FILE_BROKEN');
  });
});
