/** SSML that asks for a way of speaking: say-as, sub, phoneme. Its pauses are read by splitAtPauses, its other tags are silent. */
import { spell } from './codes.js';
import type { Locale } from './languages/index.js';
import { sayDigits } from './numbers.js';

const SAY_AS = /<say-as\s([^<>]{1,500})>([^<>]{0,500})<\/say-as\s?>/gi;
const SUB = /<sub\s([^<>]{1,1000})>[^<>]{0,1000}<\/sub\s?>/gi;

/** `text` with what say-as and sub ask for; other tags stay. */
export function saySsml(text: string, locale: Locale | undefined): string {
  return text
    .replace(SUB, (all: string, attributes: string) => attributeOf(attributes, 'alias') ?? all)
    .replace(SAY_AS, (_all, attributes: string, content: string) => {
      const how = attributeOf(attributes, 'interpret-as')?.toLowerCase() ?? '';
      const format = attributeOf(attributes, 'format')?.toLowerCase() ?? '';
      const words = content.trim();
      return locale === undefined ? words : ` ${sayAs(how, format, words, locale)} `;
    });
}

function attributeOf(attributes: string, name: string): string | undefined {
  const [, double, single] =
    new RegExp(`(?:^|\\s)${name}\\s?=\\s?(?:"([^"]{0,500})"|'([^']{0,500})')`, 'i').exec(attributes) ?? [];
  return double ?? single;
}

function sayAs(how: string, format: string, words: string, locale: Locale): string {
  const digits = words.replace(/\D/g, '').slice(0, 40);
  switch (how) {
    case 'characters':
    case 'spell-out':
    case 'verbatim':
    case 'letters':
      return spell(words, locale).replace(/^[, ]+|[, ]+$/g, '');
    case 'digits':
      return digits === '' ? words : sayDigits(digits, locale);
    case 'telephone':
    case 'phone':
      return words
        .split(/[^\d+]+/)
        .filter((group) => group !== '')
        .map(
          (group) => `${group.startsWith('+') ? `${locale.symbols.get('+') ?? ''} ` : ''}${sayDigits(group, locale)}`,
        )
        .join(', ');
    case 'ordinal':
      return digits === '' || BigInt(digits) === 0n || digits.length > 15 ? words : locale.ordinal(BigInt(digits));
    case 'cardinal':
    case 'number':
      return /^\d{1,15}$/.test(words) ? locale.cardinal(BigInt(words)) : words;
    case 'date':
      return sayDate(words, format, locale);
    case 'expletive':
    case 'bleep':
      return ',';
    default:
      return words;
  }
}

/** `format`: the order of year, month and day, as in mdy, dmy, ymd, dm, md, my, y. */
function sayDate(words: string, format: string, locale: Locale): string {
  const parts = words.split(/\D+/).filter((part) => part !== '');
  const order = Array.from(format.replace(/[^dmy]/g, '').replace(/(.)\1+/g, '$1'));
  if (order.length === 0 || order.length !== parts.length) return words;
  const valueOf = (letter: string): number | undefined =>
    order.includes(letter) ? Number(parts[order.indexOf(letter)]) : undefined;
  const [day, month, year] = [valueOf('d'), valueOf('m'), valueOf('y')];
  if (month === undefined) return year !== undefined && day === undefined ? locale.year(year) : words;
  if (month < 1 || month > 12 || (day !== undefined && (day < 1 || day > 31))) return words;
  return locale.sayDate({
    month,
    ...(day === undefined ? {} : { day }),
    ...(year === undefined ? {} : { year }),
    dayFirst: order.indexOf('d') < order.indexOf('m') && locale.dayFirst,
    ahead: '',
  });
}
