/** A text as its writer normalised it: nothing is put into words but what the model's own reference does. */
import { dropControlTokens } from './control-tokens.js';
import { splitAtBlanks, trimText } from './python-blanks.js';
import type { Seals } from './seals.js';
import { sealTags, writeSoundTags } from './sound-tags.js';

/** Source: the reference example's table of Chinese marks. */
const ASCII_MARKS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '，': ', ',
    '。': '.',
    '：': ':',
    '；': ';',
    '？': '?',
    '！': '!',
    '（': '(',
    '）': ')',
    '【': '[',
    '】': ']',
    '《': '<',
    '》': '>',
    '“': '"',
    '”': '"',
    '‘': "'",
    '’': "'",
    '、': ',',
    '—': '-',
    '…': '...',
    '·': '.',
    '「': '"',
    '」': '"',
    '『': '"',
    '』': '"',
  }),
);

/** A text that ends so gets no full stop. Source: the reference's example. */
const ENDS: readonly string[] = ['.', '!', '?', ',', ';', '"', "'", '</SE_e>', '</SE>'];

/**
 * What the reference's example does, and no more: Chinese marks in ASCII, round brackets to blanks, degrees spelt out, sound
 * tags in the model's form, no blank lines, a final mark. `own`: what the caller's lexicon says. Control tokens go here too, for a
 * text may not command the model, and tags may be written in capitals.
 */
export function referenceText(text: string, seals: Seals, own: (words: string) => string): string {
  // A tag between 【 and 】 is one too, as these become brackets first.
  const bracketed = dropControlTokens(text.replace(/\p{Co}/gu, '')).replace(/[【】]/g, asciiMark);
  const plain = own(sealTags(writeSoundTags(bracketed), seals))
    .replace(/[，。：；？！（）《》“”‘’、—…·「」『』]/gu, asciiMark)
    .replace(/[()]/g, ' ')
    .replace(/°F/g, ' degrees Fahrenheit')
    .replace(/°C/g, ' degrees Celsius');
  const lines = plain
    .split('\n')
    .map((line) => splitAtBlanks(line).join(' '))
    .filter((line) => line !== '');
  return withEnd(seals.open(dropControlTokens(lines.join('\n'))));
}

function asciiMark(mark: string): string {
  return ASCII_MARKS.get(mark) ?? mark;
}

function withEnd(text: string): string {
  const trimmed = trimText(text);
  return trimmed === '' || ENDS.some((end) => trimmed.endsWith(end)) ? trimmed : `${trimmed}.`;
}
