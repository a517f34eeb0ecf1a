/**
 * Tags for what is heard beside words: the short ones that people write (`[laugh]`, `[music start]`) and the form that the
 * model was trained on (`<SE>[Laughter]</SE>`). Source: the reference example's table.
 */
import type { Seals } from './seals.js';

const EVENTS: ReadonlyMap<string, string> = new Map([
  ['laugh', 'Laughter'],
  ['music', 'Music'],
  ['applause', 'Applause'],
  ['cheering', 'Cheering'],
  ['cough', 'Cough'],
]);

/** Sounds that last: they open and close. */
const SPANS: ReadonlyMap<string, string> = new Map([
  ['humming', 'Humming'],
  ['music', 'Music'],
  ['sing', 'Singing'],
]);

/** Every tag that people may write, for help texts: sounds first, then those that last, by their two ends. */
export const SOUND_TAGS: readonly string[] = [
  ...[...EVENTS.keys()].map((name) => `[${name}]`),
  ...[...SPANS.keys()].flatMap((name) => [`[${name} start]`, `[${name} end]`]),
];

const EVENT_PATTERN = new RegExp(`\\[(${[...EVENTS.keys()].join('|')})\\]`, 'gi');
const SPAN_PATTERN = new RegExp(`\\[(${[...SPANS.keys()].join('|')}) (start|end)\\]`, 'gi');

/** Sound tags in the model's form and speaker tags; one capture group, so that `split` keeps them. */
export const TAG_PATTERN = /(<SE(?:_[se])?>\[[\p{L} ]+\]<\/SE(?:_[se])?>|\[SPEAKER\d{1,3}\])/u;

/** Short sound tags in the model's form; those already in it are left as they are. */
export function writeSoundTags(text: string): string {
  return betweenTags(text, writeShortTags);
}

function writeShortTags(text: string): string {
  return text
    .replace(EVENT_PATTERN, (_tag, name: string) => `<SE>[${EVENTS.get(name.toLowerCase()) ?? name}]</SE>`)
    .replace(SPAN_PATTERN, (_tag, name: string, edge: string) => {
      const mark = edge.toLowerCase() === 'start' ? 's' : 'e';
      return `<SE_${mark}>[${SPANS.get(name.toLowerCase()) ?? name}]</SE_${mark}>`;
    });
}

/** `rewrite` on what stands between tags; the tags themselves stay. */
export function betweenTags(text: string, rewrite: (words: string) => string): string {
  return text
    .split(TAG_PATTERN)
    .map((part, index) => (index % 2 === 1 ? part : rewrite(part)))
    .join('');
}

/** `text` without sound and speaker tags. */
export function withoutTags(text: string): string {
  return text
    .split(TAG_PATTERN)
    .filter((_part, index) => index % 2 === 0)
    .join(' ');
}

/** Text for the model to speak over music that it makes itself; RAS should be off then. Wrapped text is left as it is. */
export function wrapInMusic(text: string): string {
  const words = text.trim();
  const [start, end] = ['<SE_s>[Music]</SE_s>', '<SE_e>[Music]</SE_e>'];
  return words.startsWith(start) && words.endsWith(end) ? words : `${start} ${words} ${end}`;
}

/** `text` with each tag as one sign, until the rules are done with the words around it. */
export function sealTags(text: string, seals: Seals): string {
  return text
    .split(TAG_PATTERN)
    .map((part, index) => (index % 2 === 1 ? seals.sealTag(part) : part))
    .join('');
}
