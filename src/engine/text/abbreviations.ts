/** Words that are written short: Dr. Jones, fig. 3, etc., the U.S., J. K. Rowling; and their stops, which end no sentence. */
import type { Locale } from './languages/index.js';
import { anyOf, perLocale } from './per-locale.js';

const lowerFirst = (word: string): string => word.charAt(0).toLowerCase() + word.slice(1);
const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const START = '(?<![\\p{L}\\p{N}.@/_-])';

const patternsOf = perLocale(({ abbreviations: { beforeNumber, beforeName, anywhere, closing } }) => {
  const eitherCase = [...beforeNumber.keys()].flatMap((key) => (key.length > 1 ? [key, upperFirst(key)] : [key]));
  return {
    beforeNumber: new RegExp(
      `${START}(?<!\\d (?=[Mm]in\\.))(${anyOf(new Set(eitherCase))})\\. ?(?=#?\\d|[IVXL]{2,6}\\b)`,
      'gu',
    ),
    beforeName: new RegExp(`${START}(${anyOf(beforeName.keys())})\\. ?(?=\\p{Lu})`, 'gu'),
    anywhere: new RegExp(`${START}(${anyOf(anywhere.keys())})\\.(?!\\p{L}|\\.)`, 'gu'),
    closing: new RegExp(`${START}(?<!\\p{L}\\.)(${anyOf(closing.keys())})\\.(?!\\p{L}|\\.)`, 'gu'),
  };
});

/** Short words written in `text` as `locale` says them. */
export function expandAbbreviations(text: string, locale: Locale): string {
  const { beforeNumber, beforeName, anywhere, closing } = patternsOf(locale);
  const { abbreviations } = locale;
  let said = text;
  for (const [pattern, words] of abbreviations.patterns) said = said.replace(pattern, words);
  said = said
    .replace(beforeNumber, (_all, key: string) => `${lookUp(abbreviations.beforeNumber, key)} `)
    .replace(beforeName, (_all, key: string) => `${lookUp(abbreviations.beforeName, key)} `)
    .replace(anywhere, (_all, key: string) => lookUp(abbreviations.anywhere, key))
    .replace(closing, (all: string, key: string, offset: number, whole: string) => {
      const words = lookUp(abbreviations.closing, key);
      return endsSentence(whole.slice(offset + all.length, offset + all.length + 40), locale) ? `${words}.` : words;
    });
  return dottedLetters(said, locale);
}

function lookUp(table: ReadonlyMap<string, string>, key: string): string {
  return table.get(key) ?? table.get(lowerFirst(key)) ?? key;
}

/** `rest`: what stands behind a stop that may be an abbreviation's alone. */
export function endsSentence(rest: string, { abbreviations }: Locale): boolean {
  if (/^["')\s]*$/.test(rest) || /^["')]* *\n/.test(rest)) return true;
  const word = /^["']? +["']?(\p{Lu}\p{Ll}*)(?![\p{L}])/u.exec(rest)?.[1];
  return word !== undefined && abbreviations.starters.has(word);
}

/** U.S. and P.S. lose their stops, and so do initials: J. K. Rowling. A sentence that ends there keeps its end. */
function dottedLetters(text: string, locale: Locale): string {
  return text
    .replace(
      /(?<![\p{L}\p{N}.]|\d )(\p{Lu}(?:\. ?\p{Lu}){1,5})\.(?![\p{L}\p{N}])/gu,
      (_all, letters: string, offset: number, whole: string) => {
        const end = offset + _all.length;
        const isName = letters.includes(' ');
        const words = letters.replace(/[. ]+/g, ' ');
        return !isName && endsSentence(whole.slice(end, end + 40), locale) ? `${words}.` : words;
      },
    )
    .replace(/(?<![\p{L}\p{N}.])Ph\.? ?D\.?(?!\p{L})/gu, 'P H D')
    .replace(
      /(?=\p{Lu}\.)(?<=^|[\n.,;:!?"'(] ?|(?<![\p{L}'])(?:\p{Lu}[\p{L}']{0,20}|by|from|with|of|and|met|to|see|saw|for|is|was|are|von|mit|und|bei|an|ist|sah) )(?<![\p{L}\p{N}°])(\p{Lu})\.(?= \p{Lu}\p{Ll})/gu,
      (all: string, letter: string, offset: number, whole: string) => {
        const ends = endsSentence(whole.slice(offset + 2, offset + 42), locale);
        return ends || letter === 'I' ? all : letter;
      },
    );
}
