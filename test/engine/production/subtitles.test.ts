import { expect, test } from 'vitest';
import { subtitleFormatOf, subtitlesOf } from '../../../src/engine/production/index.js';
import type { TimeMark } from '../../../src/engine/requests.js';

const mark = (index: number, startSeconds: number, endSeconds: number, text: string, speaker?: string): TimeMark => ({
  index,
  startSeconds,
  endSeconds,
  text,
  certainty: 'exact',
  ...(speaker === undefined ? {} : { speaker }),
});

const MARKS = [
  mark(0, 0, 1.2345, 'Dinner is ready.'),
  mark(1, 1.5, 2, ' '),
  mark(2, 3661.9996, 3663, 'If a < b,\nsay "so" & go.', 'Ella'),
];

test('subtitles in WebVTT have a head, times with a point, speakers as voices, and no mark-up of the text’s own', () => {
  expect(subtitlesOf(MARKS, 'vtt')).toBe(
    'WEBVTT\n\n00:00:00.000 --> 00:00:01.235\nDinner is ready.\n\n' +
      '01:01:02.000 --> 01:01:03.000\n<v Ella>If a &lt; b, say "so" &amp; go.\n',
  );
});

test('words have their times within a cue of WebVTT, those alone that lie within it and rise; SubRip has none', () => {
  const words = [
    { text: 'Dinner', startSeconds: 0.1, endSeconds: 0.5 },
    { text: '<is>', startSeconds: 0.5, endSeconds: 0.7 },
    { text: 'at', startSeconds: 0.5, endSeconds: 0.7 },
    { text: 'last', startSeconds: 0.8, endSeconds: 1 },
    { text: 'ready.', startSeconds: 1.3, endSeconds: 1.3 },
  ];
  const spoken = [{ ...mark(0, 0.1, 1.2345, 'Dinner <is> at last ready.', 'Ella'), words }];
  expect(subtitlesOf(spoken, 'vtt')).toContain(
    '\n<v Ella>Dinner <00:00:00.500>&lt;is&gt; at <00:00:00.800>last ready.\n',
  );
  expect(subtitlesOf(spoken, 'srt')).toContain('\nElla: Dinner <is> at last ready.\n');
});

test('subtitles in SubRip have numbers, times with a comma, and speakers before their words', () => {
  expect(subtitlesOf(MARKS, 'srt')).toBe(
    '1\n00:00:00,000 --> 00:00:01,235\nDinner is ready.\n\n' +
      '2\n01:01:02,000 --> 01:01:03,000\nElla: If a < b, say "so" & go.\n',
  );
});

test('a file’s ending says which subtitles it gets, and none says that there are none', () => {
  expect([subtitleFormatOf('a.vtt'), subtitleFormatOf('B.SRT')]).toEqual(['vtt', 'srt']);
  expect(() => subtitleFormatOf('a.txt')).toThrow(expect.objectContaining({ code: 'HIGGS_OPTION_INVALID' }));
});

test('sounds stand in subtitles as people write them', () => {
  const marks = [
    mark(0, 0, 2, 'Ha <SE>[Laughter]</SE> ha, <SE_s>[Singing]</SE_s> la <SE_e>[Singing]</SE_e> <SE>x</SE>.'),
  ];
  expect(subtitlesOf(marks, 'srt')).toContain('\nHa [Laughter] ha, [Singing] la [Singing] <SE>x</SE>.\n');
});
