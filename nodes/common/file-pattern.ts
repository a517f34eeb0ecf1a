/** File names with placeholders. Pure: nothing here touches a disk. */
import path from 'node:path';

/** What the placeholders stand for. */
export interface PatternFacts {
  /** The same for the same request: 16 hexadecimal digits. */
  readonly hash: string;
  /** When the message came in; its local date and time are written. */
  readonly at: Date;
  readonly voice: string;
  readonly text: string;
  /** With its dot; for names that have none. */
  readonly extension: string;
}

export const PLACEHOLDERS = ['hash', 'date', 'time', 'voice', 'text'] as const;
const PLACEHOLDER = new RegExp(`\\{(${PLACEHOLDERS.join('|')})\\}`, 'g');
/** Longer words from a text or a voice's description are cut: file systems take 255 bytes a name. */
const LONGEST_WORDS = 40;

/**
 * `pattern` with {hash}, {date} (2026-03-01), {time} (18-05-09), {voice} and {text} filled in, and the extension where
 * the name has none. A value can neither leave its folder nor make one: see {@link safeWords}.
 */
export function fillPattern(pattern: string, facts: PatternFacts): string {
  const pad = (number: number, digits = 2) => String(number).padStart(digits, '0');
  const { at } = facts;
  const values: Readonly<Record<string, string>> = {
    hash: facts.hash,
    date: `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`,
    time: `${pad(at.getHours())}-${pad(at.getMinutes())}-${pad(at.getSeconds())}`,
    voice: safeWords(facts.voice),
    text: safeWords(facts.text),
  };
  const written = pattern.replace(PLACEHOLDER, (_all, name: string) => values[name]!);
  // What stands behind a point within a text is no extension; only the pattern's own words can be one.
  const ownEnd = pattern.slice(pattern.lastIndexOf('}') + 1);
  return path.extname(`x${ownEnd}`) === '' ? written + facts.extension : written;
}

/** The folder part of a pattern that must exist: up to the first folder whose name has a placeholder in it. */
export function fixedFolder(pattern: string): string {
  const parts = path.dirname(pattern).split(/(?<=[\\/])/);
  const first = parts.findIndex((part) => part.search(PLACEHOLDER) >= 0);
  return first < 0 ? path.dirname(pattern) : parts.slice(0, first).join('') || '.';
}

/**
 * `pattern` as it leads from `folder`, an absolute one: `door.wav`, or a path that lies in it. Undefined where it leads out of it. What
 * fills the placeholders cannot.
 */
export function insideFolder(folder: string, pattern: string): string | undefined {
  const file = path.resolve(folder, pattern);
  const way = path.relative(folder, file);
  return way === '' || way === '..' || way.startsWith(`..${path.sep}`) || path.isAbsolute(way) ? undefined : file;
}

/**
 * Words as part of a file's name on any system: letters, digits, `-`, `_` and points within; everything else becomes one
 * `-`. No separators, no points at either end, no names that Windows keeps for devices, never empty.
 */
export function safeWords(words: string): string {
  const plain = words
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')
    .replace(/\.{2,}/g, '.');
  const short = Array.from(plain).slice(0, LONGEST_WORDS).join('');
  const trimmed = short.replace(/^[-._]+|[-._]+$/g, '');
  if (trimmed === '') return 'speech';
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(trimmed) ? `_${trimmed}` : trimmed;
}

/** `name.wav` as `name-2.wav`, `name-3.wav`, … */
export function numbered(file: string, number: number): string {
  const { dir, name, ext } = path.parse(file);
  return path.join(dir, `${name}-${number}${ext}`);
}
