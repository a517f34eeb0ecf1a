/** Pauses that people write into a text: `[pause]`, `[pause 0.8]`, `[pause 2 s]`, `[pause 500 ms]`, and SSML's `<break time="1.5s"/>`. */

/** Words, perhaps none, and the silence that follows them. */
export interface Phrase {
  readonly text: string;
  readonly pauseSeconds: number;
}

const PAUSE =
  /\[pause(?:\s{1,9}(\d{1,9}(?:[.,]\d{1,9})?)\s{0,9}(ms|s)?)?\s{0,9}\]|<break(?:\s([^<>]{0,200}))?\/?>(?:\s?<\/break>)?/gi;
/** How long SSML's strengths are heard. */
const STRENGTHS: Readonly<Record<string, number>> = {
  none: 0,
  'x-weak': 0.1,
  weak: 0.25,
  medium: 0.5,
  strong: 0.8,
  'x-strong': 1.2,
};
const USUAL_SECONDS = 0.5;
const MOST_SECONDS = 30;

/** `text` cut at its pauses; pauses that follow each other become one. A text without any is one phrase. */
export function splitAtPauses(text: string): Phrase[] {
  const phrases: Phrase[] = [];
  const add = (words: string, pauseSeconds: number): void => {
    const last = phrases.at(-1);
    if (words.trim() !== '' || last === undefined) phrases.push({ text: words.trim(), pauseSeconds });
    else
      phrases[phrases.length - 1] = { ...last, pauseSeconds: Math.min(MOST_SECONDS, last.pauseSeconds + pauseSeconds) };
  };
  let from = 0;
  for (const found of text.matchAll(PAUSE)) {
    add(
      text.slice(from, found.index),
      found[0].startsWith('[') ? secondsOf(found[1], found[2]) : secondsOfBreak(found[3] ?? ''),
    );
    from = found.index + found[0].length;
  }
  add(text.slice(from), 0);
  return phrases;
}

function secondsOf(number: string | undefined, unit: string | undefined): number {
  if (number === undefined) return USUAL_SECONDS;
  const value = Number(number.replace(',', '.'));
  return Math.min(MOST_SECONDS, unit?.toLowerCase() === 'ms' ? value / 1000 : value);
}

function secondsOfBreak(attributes: string): number {
  const [, number, unit] = /\btime\s?=\s?["']\+?(\d{0,9}(?:\.\d{1,9})?)\s?(ms|s)["']/i.exec(attributes) ?? [];
  if (number !== undefined && number !== '') return secondsOf(number, unit);
  const strength = /\bstrength\s?=\s?["']([a-z-]{1,10})["']/i.exec(attributes)?.[1]?.toLowerCase();
  return STRENGTHS[strength ?? 'medium'] ?? USUAL_SECONDS;
}
