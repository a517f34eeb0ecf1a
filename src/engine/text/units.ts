/** Numbers with units in words: 21.5 °C, 5 km/h, 10-12 m², 45 %, 5 KM, 6 ft 2 in, 24", and degrees that stand alone. */
import type { CountedNoun, Locale } from './languages/index.js';
import { NUMBER, saySigned } from './numbers.js';
import { perLocale } from './per-locale.js';
import { isBeforeNoun } from './singular.js';

/** One letter that is also a word or a name: only where it touches the number (`16A`), or is kelvin far from zero. */
const TOUCHING = new Set(['A', 'B', 'C', 'F', 'J', 't', 'd']);
const SIGN = '[−+]?';
const KEY = '(?:°[CF]?|[%‰¢]|(?:sq|cu|fl)\\.? (?:ft|m|km|mi|in|yd|oz)|[\\p{L}µ]{1,6}(?:\\^?[23]|[²³])?)';
const QUANTITY = new RegExp(
  `(?<![\\p{L}\\d.,:/])(?:(${SIGN}${NUMBER}) ?[-–] ?)?(${SIGN}${NUMBER})( ?|-)(${KEY})(?:/(\\d{1,4} ?)?(${KEY}|[\\p{L}]{2,12}))?(?![\\p{L}\\d²³/^])`,
  'gu',
);
/** 4K TV: a picture's width, said by its letter. */
const PICTURE =
  /(?<![\p{L}\d.,])([2458]|1[06])K(?=[.,;!?)]|$|[ -](?:TV|UHD|HDR|\p{L}{0,4}video|film|movie|monitor|display|screen|resolution|camera|content|stream|projector|Fernseher|Bildschirm|Monitor|Auflösung|Kamera|Video|Film))/giu;

const unitsOf = perLocale(({ units }) => {
  const anyCase = new Map<string, CountedNoun>();
  // The table's first spelling of a key counts where the case is another: kW before KW, MB before mb.
  for (const [key, noun] of units) {
    const lower = key.toLowerCase();
    if (lower.replace(/[^\p{L}]/gu, '').length > 1 && !anyCase.has(lower)) anyCase.set(lower, noun);
  }
  return (written: string): CountedNoun | undefined => {
    const key = written
      .replace('^', '')
      .replace(/([\p{L}])([23])$/u, (_all, letter: string, power: string) => letter + (power === '2' ? '²' : '³'));
    const plain = key.replace(/^(sq|cu|fl)\.? /, '$1 ');
    return units.get(plain) ?? units.get(written) ?? anyCase.get(plain.toLowerCase());
  };
});

/** Quantities written in `text`, as `locale` says them. */
export function expandUnits(text: string, locale: Locale): string {
  const unitOf = unitsOf(locale);
  return expandFeet(text, locale)
    .replace(PICTURE, (_all, digits: string) => `${locale.cardinal(BigInt(digits))} K`)
    .replace(/(?<=\d ?(?:%|°[CF]?)) ?[-–] ?(?=\d)/gu, ` ${locale.range} `)
    .replace(/°\s(?=[CF](?!\p{L}))/gu, '°')
    .replace(
      QUANTITY,
      (
        all: string,
        from: string | undefined,
        written: string,
        gap: string,
        key: string,
        count: string | undefined,
        perKey: string | undefined,
        offset: number,
        whole: string,
      ) => {
        const noun = unitOf(key);
        const isApart = gap !== '' && TOUCHING.has(key) && perKey === undefined;
        if (noun === undefined || (isApart && !isCurrent(key, written))) return all;
        if (key === 'K' && gap === '' && Number(written.replace(/\D/g, '')) < 1000) return all;
        const per = perKey === undefined ? '' : sayPer(perKey, count, locale);
        if (per === undefined) return all;
        const start = from === undefined ? '' : `${say(from, locale)} ${locale.range} `;
        const isSingle = from === undefined && /^[−+]?1$/.test(written);
        const sign = isSingle && written !== '1' ? `${say(written.charAt(0), locale)} ` : '';
        const end = offset + all.length;
        const isAdjective =
          locale.language === 'en' &&
          per === '' &&
          (gap === '-' || isBeforeNoun(whole.slice(Math.max(0, offset - 30), offset), whole.slice(end, end + 30)));
        const amount = isSingle
          ? `${sign}${noun.one}`
          : `${say(written, locale)} ${isAdjective ? noun.bare : noun.many}`;
        return ` ${start}${amount}${per} `;
      },
    )
    .replace(/°[CF](?!\p{L})/gu, (key) => ` ${locale.units.get(key)?.many ?? ''} `);
}

/** " per hour"; undefined where `key` is neither unit nor word, and the quantity is none then. */
export function sayPer(key: string, count: string | undefined, locale: Locale): string | undefined {
  const noun =
    locale.periods.get(key) ??
    unitsOf(locale)(key)?.bare ??
    unitsOf(locale)(key.toLowerCase())?.bare ??
    (/^\p{L}{3,}$/u.test(key) ? key : undefined);
  if (noun === undefined) return undefined;
  const many = count === undefined ? noun : `${say(count.trim(), locale)} ${unitsOf(locale)(key)?.many ?? noun}`;
  return ` ${locale.per} ${many}`;
}

const FEET_AND_INCHES =
  /(?<![\p{L}\d.,:/])(\d{1,3}) ?(?:ft\.?|feet|') ?(\d{1,2}(?:\.\d)?) ?(?:in\b\.?|inch(?:es)?|"|'')/gu;
const INCHES =
  /(?<![\p{L}\d.,:/])(\d{1,4}(?:[.,]\d{1,3})?) ?(?:in\.(?= \p{Ll})|in(?= (?:wide|long|tall|high|deep|thick|x|by)(?!\p{L})))/gu;
const SIZE = /(?<![\p{L}\d.,:/])(\d{1,4}(?:[.,]\d{1,3})?)(["'])(?![\p{L}\d])/gu;

/** 6 ft 2 in, 6'2", 24" and 5': feet and inches, where the marks close no quotation. */
function expandFeet(text: string, locale: Locale): string {
  const { feet, inches } = locale;
  const count = (written: string, noun: CountedNoun): string =>
    written === '1' ? noun.one : `${saySigned(written, locale)} ${noun.many}`;
  const marked = text
    .replace(FEET_AND_INCHES, (_all, foot: string, inch: string) => `${count(foot, feet)} ${count(inch, inches)}`)
    .replace(INCHES, (_all, inch: string) => count(inch, inches));
  if (!/\d["']/.test(marked)) return marked;
  return marked
    .split('\n')
    .map((line) => {
      const isOpen = { '"': false, "'": false };
      let from = 0;
      return line.replace(SIZE, (all: string, written: string, mark: '"' | "'", offset: number) => {
        const ahead = line.slice(from, offset);
        from = offset + all.length;
        const quotes =
          mark === '"' ? ahead.match(/"/g) : ahead.match(/(?<![\p{L}\d])'(?=[\p{L}\d])|(?<=[\p{L}.,!?])'(?!\p{L})/gu);
        if ((quotes?.length ?? 0) % 2 === 1) isOpen[mark] = !isOpen[mark];
        if (isOpen[mark]) {
          isOpen[mark] = false;
          return all;
        }
        const noun = mark === '"' ? inches : feet;
        const isAdjective =
          locale.language === 'en' &&
          isBeforeNoun(line.slice(Math.max(0, offset - 30), offset), line.slice(from, from + 30));
        return isAdjective && written !== '1' ? `${saySigned(written, locale)} ${noun.bare}` : count(written, noun);
      });
    })
    .join('\n');
}

/** 16 A and 0.5 A are amps, grade 5 A is not. */
function isCurrent(key: string, written: string): boolean {
  return key === 'A' && (/[.,]/.test(written) || Number(written) >= 6);
}

function say(written: string, locale: Locale): string {
  if (written === '−') return locale.minus;
  if (!written.startsWith('+')) return saySigned(written, locale);
  return `${locale.symbols.get('+') ?? ''} ${written === '+' ? '' : saySigned(written.slice(1), locale)}`.trim();
}
