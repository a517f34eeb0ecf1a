/**
 * What is said when, as subtitles: WebVTT (W3C) and SubRip. A cue is a segment of the text, or a line of a dialogue; in WebVTT
 * words have their times within it, where the marks tell them.
 */
import { HiggsError } from '../errors.js';
import { SUBTITLE_FORMATS, type SubtitleFormat } from '../options.js';
import type { TimeMark } from '../requests.js';
import { readableText } from './marks.js';

/** The format that a file's name asks for by its ending. Throws HIGGS_OPTION_INVALID for another one. */
export function subtitleFormatOf(file: string): SubtitleFormat {
  const format = SUBTITLE_FORMATS.find((ending) => file.toLowerCase().endsWith(`.${ending}`));
  if (format !== undefined) return format;
  throw new HiggsError('HIGGS_OPTION_INVALID', `Subtitles go to a file that ends with .vtt or .srt, not to "${file}".`);
}

/** The text of a whole file, with the marks' own words; those that have none are left out. */
export function subtitlesOf(marks: readonly TimeMark[], format: SubtitleFormat): string {
  const cues = marks
    .map((mark) => ({ ...mark, text: readableText(mark).replace(/\s+/gu, ' ').trim() }))
    .filter(({ text }) => text !== '')
    .map((mark, index) => (format === 'vtt' ? vttCue(mark) : srtCue(mark, index + 1)));
  return `${(format === 'vtt' ? ['WEBVTT', ...cues] : cues).join('\n\n')}\n`;
}

function vttCue(mark: TimeMark): string {
  const { startSeconds, endSeconds, speaker } = mark;
  const voice = speaker === undefined ? '' : `<v ${escape(speaker)}>`;
  return `${clock(startSeconds, '.')} --> ${clock(endSeconds, '.')}\n${voice}${vttWords(mark)}`;
}

/** Each word behind the time at which it begins, for players that light words up; WebVTT wants times that rise within the cue's. */
function vttWords({ text, words, startSeconds, endSeconds }: TimeMark): string {
  if (words === undefined) return escape(text);
  let last = clock(startSeconds, '.');
  const end = clock(endSeconds, '.');
  const timed = words.map((word) => {
    const at = clock(word.startSeconds, '.');
    if (at <= last || at >= end) return escape(word.text);
    last = at;
    return `<${at}>${escape(word.text)}`;
  });
  return timed.join(' ');
}

function srtCue({ startSeconds, endSeconds, speaker, text }: TimeMark, number: number): string {
  const name = speaker === undefined ? '' : `${speaker}: `;
  return `${number}\n${clock(startSeconds, ',')} --> ${clock(endSeconds, ',')}\n${name}${text}`;
}

/** `00:01:02.345`. */
function clock(seconds: number, point: '.' | ','): string {
  const totalMs = Math.round(seconds * 1000);
  const part = (unitMs: number, most: number, digits = 2) =>
    String(Math.floor(totalMs / unitMs) % most).padStart(digits, '0');
  return `${part(3_600_000, 100)}:${part(60_000, 60)}:${part(1000, 60)}${point}${part(1, 1000, 3)}`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
