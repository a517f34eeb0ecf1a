/** A text as its writer normalised it: nothing is put into words but what the model's own reference does. */
import { dropControlTokens } from './control-tokens.js';
import { markEnd } from './punctuation.js';
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

/**
 * What the reference's example does, and no more: Chinese marks in ASCII, round brackets to blanks, degrees spelt out, sound
 * tags in the model's form, no blank lines, a final mark. `own`: what the caller's lexicon says. Control tokens go here too, for a text may not command the model.
 */
export function referenceText(text: string, seals: Seals, own: (words: string) => string): string {
  const tagged = own(sealTags(writeSoundTags(dropControlTokens(text.replace(/\p{Co}/gu, ''))), seals));
  const plain = tagged
    .replace(/[，。：；？！（）【】《》“”‘’、—…·「」『』]/gu, (mark) => ASCII_MARKS.get(mark) ?? mark)
    .replace(/[()]/g, ' ')
    .replace(/°F/g, ' degrees Fahrenheit')
    .replace(/°C/g, ' degrees Celsius');
  const lines = plain
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim().replace(/\s+/gu, ' '))
    .filter((line) => line !== '');
  return markEnd(dropControlTokens(lines.join('\n')));
}
