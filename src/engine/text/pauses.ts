/** Pauses that people write into a text: `[pause]`, `[pause 0.8]`, `[pause 2 s]`, `[pause 500 ms]`. */

/** Words, perhaps none, and the silence that follows them. */
export interface Phrase {
  readonly text: string;
  readonly pauseSeconds: number;
}

const PAUSE = /\[pause(?:\s+(\d+(?:[.,]\d+)?)\s*(ms|s)?)?\s*\]/gi;
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
    add(text.slice(from, found.index), secondsOf(found[1], found[2]));
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
