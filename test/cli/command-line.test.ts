import { describe, expect, test } from 'vitest';
import { helpText, numberOf, parseCommand, textOf, UsageError } from '../../src/cli/command-line.js';
import { describeProgress } from '../../src/cli/terminal.js';

describe('the command line', () => {
  test('takes texts and flags in any order', () => {
    const { values, texts } = parseCommand('say', ['Hello', '-o', 'a.wav', 'there', '--seed', '7']);
    expect(texts).toEqual(['Hello', 'there']);
    expect(textOf(values, 'output')).toBe('a.wav');
    expect(numberOf(values, 'seed')).toBe(7);
    expect(textOf(values, 'voice')).toBeUndefined();
  });

  test('takes --music alone, with a WAV file behind it, or with one after an equals sign', () => {
    const musicOf = (...args: string[]) => textOf(parseCommand('say', args).values, 'music');
    expect(musicOf('--music', 'Hello')).toBe('');
    expect(musicOf('--music', 'pad.WAV', 'Hello')).toBe('pad.WAV');
    expect(musicOf('--music=pads', 'Hello')).toBe('pads');
    expect(musicOf('Hello', '--music')).toBe('');
    expect(musicOf('Hello')).toBeUndefined();
  });

  test('takes a voice for each speaker', () => {
    expect(parseCommand('say', ['-v', 'Anna=ella', '--voice', 'Bob=frank']).values.voice).toEqual([
      'Anna=ella',
      'Bob=frank',
    ]);
  });

  test('refuses what it does not know, and numbers that are none', () => {
    expect(() => parseCommand('say', ['--loud'])).toThrow(UsageError);
    expect(() => parseCommand('voices', ['--seed', '1'])).toThrow(UsageError);
    expect(() => parseCommand('say', ['--seed'])).toThrow(UsageError);
    expect(() => numberOf(parseCommand('say', ['--seed', 'seven']).values, 'seed')).toThrow('--seed takes a number');
    expect(() => numberOf(parseCommand('say', ['--seed', ' ']).values, 'seed')).toThrow(UsageError);
  });

  test('names every flag of every command in its help', () => {
    const help = helpText('1.2.3');
    for (const part of ['say [TEXT]', 'convert DIR', '-o, --output FILE', '--music [FILE]', '--bits 4|8|32', '1.2.3']) {
      expect(help).toContain(part);
    }
  });
});

test('progress is told in words', () => {
  expect(describeProgress({ phase: 'queued', ahead: 2, paused: false })).toBe('waiting, 2 ahead');
  expect(describeProgress({ phase: 'converting', bytesDone: 1, bytesTotal: 4 })).toContain('25 %');
  expect(describeProgress({ phase: 'frames', framesDone: 50, framesPerSecond: 133.3, segment: 1, segments: 3 })).toBe(
    'speaking, 50 frames, 133 a second, segment 2 of 3',
  );
});
