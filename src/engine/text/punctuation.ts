/** Marks and blanks: other scripts' punctuation in ASCII, what cannot be spoken dropped, the end marked. */

/** Source: the reference example's table, with the full-width and typographic forms that are met beside them. */
const ASCII_FORMS: ReadonlyMap<string, string> = new Map([
  ['，', ', '],
  ['、', ', '],
  ['。', '. '],
  ['．', '.'],
  ['：', ': '],
  ['；', '; '],
  ['？', '? '],
  ['！', '! '],
  ['（', '('],
  ['）', ')'],
  ['【', '['],
  ['】', ']'],
  ['《', '"'],
  ['》', '"'],
  ['「', '"'],
  ['」', '"'],
  ['『', '"'],
  ['』', '"'],
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['«', '"'],
  ['»', '"'],
  ['‘', "'"],
  ['’', "'"],
  ['‚', "'"],
  ['＂', '"'],
  ['＇', "'"],
  ['…', '...'],
  ['·', ' '],
  ['～', '~'],
  ['｜', '|'],
  ['＜', '<'],
  ['＞', '>'],
  ['％', '%'],
  ['＆', '&'],
  ['＠', '@'],
  ['／', '/'],
  ['－', '-'],
  ['＋', '+'],
  ['＝', '='],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2012', '–'],
  ['\u2015', '—'],
  ['\u00a0', ' '],
  ['\u2044', '/'],
  ['\u2215', '/'],
  ['μ', 'µ'],
  ['℃', '°C'],
  ['℉', '°F'],
  ['º', '°'],
]);
const ASCII_PATTERN = new RegExp(`[${[...ASCII_FORMS.keys()].join('')}]`, 'gu');

/** Composed letters, ASCII marks, no control, format, private or unassigned characters, no pictures. Lines stay. */
export function plainCharacters(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\r\n?|[\u0085\u2028\u2029\v\f]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(ASCII_PATTERN, (mark) => ASCII_FORMS.get(mark) ?? mark)
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/(?![©®™0-9#*])\p{Emoji_Presentation}|(?![0-9#*©®™])\p{Extended_Pictographic}/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cs}\p{Cn}\ufe0f\u20e3]/gu, '')
    .replace(/(?!\n)\p{Cc}/gu, ' ')
    .replace(/[\u{1f3fb}-\u{1f3ff}©®™]/gu, '');
}

/** Brackets become blanks, dashes between words commas, what is left of mark-up goes. For text between tags. */
export function plainMarks(text: string): string {
  return text
    .replace(/-{3,}/g, '—')
    .replace(/[(){}[\]]/g, ' ')
    .replace(/(?<=[^\s,;:.!?-]) +(?:--?|[–—]) +(?=\S)|(?<=[^\s,;:.!?-]) ?(?:—|--) ?(?=[^\s-])/gu, ', ')
    .replace(/[–—]|--/g, ' ')
    .replace(/[*_~^`\\|]+/g, ' ')
    .replace(/#(?=[\p{L}\p{N}])/gu, '');
}

/**
 * Blanks in a row become one, blank lines go, no blank stands before a mark, marks in a row are thinned.
 * Lines stay lines, as in the reference example.
 */
export function tidyBlanks(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/\s+/gu, ' ')
        .replace(/ (?=[,;:!?]|\.(?!\d))/g, '')
        .replace(/(?<=\s|^)['"](?=\s|$)/g, '')
        .replace(/\s+/gu, ' ')
        .replace(/(?<=\p{L}) -(?=\p{L})/gu, ' ')
        .replace(/,[ ,]*,/g, ',')
        .replace(/(?<![,;:])[,;:]+(?=[.!?])/g, '')
        .replace(/(?<=[.!?])[,;:](?=\s|$)/g, '')
        .replace(/^[\s,;:.]+(?=[^\s,;:.])/g, '')
        .trim(),
    )
    .filter((line) => /[\p{L}\p{N}\u{f0000}-\u{10fffd}]/u.test(line))
    .join('\n');
}

/** A final `.` where the text ends in none of the reference example's ends. */
export function markEnd(text: string): string {
  const trimmed = text.replace(/(?<![\s:-])[\s:-]+$/u, '');
  if (trimmed === '' || /(?:[.!?,;"']|[\u{f0000}-\u{ffffd}])$/u.test(trimmed)) return trimmed;
  return `${trimmed}.`;
}
