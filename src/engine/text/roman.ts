/** Roman numerals behind kings and popes, wars, chapters, acts, and before centuries; never "I", "mix" or "civic". */
import { endsSentence } from './abbreviations.js';
import { NUMBER_NAMES } from './languages/number-names.js';
import type { Locale } from './languages/index.js';
import { germanOrdinal } from './ordinals.js';
import { perLocale } from './per-locale.js';

const RULERS =
  'Henry|Elizabeth|Charles|Louis|George|Edward|William|James|Richard|Mary|Philip|Francis|Frederick|Paul|Benedict|Pius|Leo|Gregory|Clement|Innocent|Urban|' +
  'Alexander|Nicholas|Catherine|Peter|Ivan|Otto|Rudolf|Ferdinand|Napoleon|Wilhelm|Ludwig|Heinrich|Karl|Friedrich|Franz|Maximilian|Leopold|Albert|Carlos|Felipe|' +
  'Juan|Victoria|Margaret|Margrethe|Harald|Gustav|Haakon|Christian|Ramses|Rameses|Xerxes|Darius|Cyrus|Ptolemy|Sixtus|Julius|Boniface|Celestine|Stephen|Matthias|' +
  'Sigismund|Johann|Johannes|Katharina|Elisabeth|Alfonso|Isabella|Pedro|Umberto|Emmanuel|Emanuel|Robert|David|Wenceslaus|Casimir|Vladimir|Konstantin|Constantine|' +
  'Theodosius|Justinian|Selim|Mehmed|Murad|Suleiman|Hassan|Mohammed|Muhammad|Abdullah|Hussein|Rama|John|Georg|Eduard|Wilhelmina|Beatrix|Juliana|Baudouin|Olav|Oscar|' +
  'Oskar|August|Augustus|Joseph|Josef|Maria|Philipp|Peter|Nikolaus|Benedikt|Gregor|Klemens|Innozenz|Jakob|Ludovic|Henri|Adrian|Hadrian|Eugene|Eugen|Martin|Nicholas|' +
  'Tutmosis|Thutmose|Amenhotep|Artaxerxes|Tiberius|Honorius|Lothar|Konrad|Conrad|Albrecht|Ernst|Sigmund|Alfons|Michael|Anna|Anne|Margarethe|Christina|Johanna|Kathar';
const TITLES =
  'King|Queen|Pope|Emperor|Empress|Tsar|Czar|Kaiser|Prince|Princess|Saint|Sultan|Shah|Duke|Pharaoh|König|Königin|Papst|Kaiserin|Zar|Zarin|Fürst|Herzog|Prinz|Sankt';
const FEMININE =
  /^(?:Elisabeth|Elizabeth|Katharina|Catherine|Maria|Mary|Margarethe|Margrethe|Margaret|Victoria|Viktoria|Isabella|Johanna|Beatrix|Juliana|Wilhelmina|Anna|Anne|Christina)$/;
/** Words that are written as Roman numerals are. */
const WORDS =
  /^(?:I|CD|DC|MC|MD|DM|CM|MM|CC|CV|DI|LI|MI|XL|XX|XC|DL|ML|CI|DX|CL|L|C|D|M|V|X|MIX|MMX|DIV|LIV|CIV|MDI|MCI|DCI|CCD|CDI|DIX|VI)$/;
const ROMAN = '(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})';
const END = '(?![\\p{L}\\d-]|\\.\\p{L})';

const patternsOf = perLocale((locale) => ({
  numbered: new RegExp(
    `(?=[IVXLCDM])(?<=(?<![\\p{L}])(?:${NUMBER_NAMES[locale.language].numbered}) )(${ROMAN})${END}(?!')`,
    'gu',
  ),
  ruler: new RegExp(
    `(?=[IVXLCDM])(?<=(?<!\\p{L})(?:(?:${TITLES}) (?:\\p{Lu}\\p{L}{1,20} ){0,2}(\\p{Lu}\\p{L}{1,20})|(${RULERS})) )(${ROMAN})(\\.?)${END}`,
    'gu',
  ),
  before: new RegExp(
    `(?<![\\p{L}\\d.])(${ROMAN})(?:st|nd|rd|th)? (?=[Cc]entur(?:y|ies)|[Aa]rrondissement|[Dd]ynasty|[Oo]lympi)`,
    'gu',
  ),
  centuryBehind: new RegExp(`(?=[IVXLCDM])(?<=[Cc]entury )(${ROMAN})${END}`, 'gu'),
  germanBefore: new RegExp(
    `(?:(?<=(?<!\\p{L})(\\p{L}{1,12}) )|(?<![\\p{L}\\d. ]|\\p{Lu}\\p{L}{1,30} ))(${ROMAN})\\. (?=\\p{Lu}\\p{Ll}{2})`,
    'gu',
  ),
  sequel: new RegExp(`(?=[IVX])(?<=(?<!\\p{L})\\p{Lu}\\p{Ll}{2,20} )([IVX]{2,6})${END}`, 'gu'),
}));

const WORLD_WAR = /(?<!\p{L})WW ?(I{1,2}|[12])(?![\p{L}\d])/gu;

/** Behind "Mary I" stands no verb of the first person: the name is a queen's. */
const AFTER_FIRST =
  /^(?:[.,;:!?)"']|$|\n|'s | (?:and|or|of|ruled|reigned|died|became|was crowned|und|oder|von|starb|regierte|wurde)(?!\p{L}))/u;

/** Roman numerals written in `text`, as `locale` says them. */
export function expandRoman(text: string, locale: Locale): string {
  if (!/[IVXLCDM]/.test(text)) return text;
  const patterns = patternsOf(locale);
  const isGerman = locale.language === 'de';
  const ordinal = (roman: string): string => locale.ordinal(BigInt(valueOf(roman)));
  const cardinal = (roman: string): string => locale.cardinal(BigInt(valueOf(roman)));
  const said = text
    .replace(patterns.ruler, (all: string, ...groups: unknown[]) => {
      const [titled, named, roman, stop] = groups as [string | undefined, string | undefined, string, string];
      const offset = groups[4] as number;
      const whole = groups[5] as string;
      const end = offset + all.length;
      const rest = whole.slice(end, end + 40);
      if (roman === 'I' && titled === undefined && stop === '' && !AFTER_FIRST.test(rest)) return all;
      if (/^(?:C|D|M|L|CD|DC|MC|MD)$/.test(roman)) return all;
      if (!isGerman) return `the ${ordinal(roman)}${stop}`;
      const keepsStop = stop !== '' && endsSentence(rest, locale);
      return `${germanRuler(roman, titled ?? named ?? '', whole.slice(Math.max(0, offset - 60), offset), locale)}${keepsStop ? '.' : ''}`;
    })
    .replace(patterns.numbered, (roman: string) => (/^[CDLM]$/.test(roman) ? roman : cardinal(roman)))
    .replace(WORLD_WAR, (_all, roman: string) => `World War ${cardinal(roman.replace('2', 'II').replace('1', 'I'))}`);
  const centuries = isGerman
    ? said.replace(patterns.germanBefore, (all: string, ahead: string | undefined, roman: string) =>
        ahead === undefined && roman.length < 2
          ? all
          : `${germanOrdinal(String(valueOf(roman)), ahead ?? '', locale, 's')} `,
      )
    : said
        .replace(patterns.before, (_all, roman: string) => `${ordinal(roman)} `)
        .replace(patterns.centuryBehind, (_all, roman: string) => cardinal(roman));
  return centuries.replace(patterns.sequel, (roman: string) =>
    isRoman(roman) && (!WORDS.test(roman) || roman === 'VI') ? cardinal(roman) : roman,
  );
}

/** Ludwig der Vierzehnte, von Ludwig dem Vierzehnten, Elisabeth die Zweite. */
function germanRuler(roman: string, name: string, ahead: string, locale: Locale): string {
  const number = locale.ordinal(BigInt(valueOf(roman)));
  const isDative = /(?:^|[^\p{L}])(?:von|mit|unter|bei|nach|zu|seit|aus|gegenüber)(?: \p{Lu}\p{L}{1,20}){1,4} $/iu.test(
    ahead,
  );
  if (FEMININE.test(name)) return isDative ? `der ${number}n` : `die ${number}`;
  return isDative ? `dem ${number}n` : `der ${number}`;
}

function isRoman(written: string): boolean {
  return new RegExp(`^${ROMAN}$`).test(written);
}

const VALUES: Readonly<Record<string, number>> = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 };

function valueOf(roman: string): number {
  const values = Array.from(roman, (letter) => VALUES[letter] ?? 0);
  return values.reduce((sum, value, index) => sum + (value < (values[index + 1] ?? 0) ? -value : value), 0);
}
