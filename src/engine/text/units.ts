/** Numbers with units in words: 21.5 °C, 5 km/h, 10-12 m², 45 %, and degrees that stand alone. */
import type { Locale } from './languages/index.js';
import { numberSource, saySigned } from './numbers.js';

/** One letter that is also a word or a name: only where it touches the number (`16A`), or is kelvin far from zero. */
const TOUCHING = new Set(['A', 'C', 'F', 'J', 't', 'd']);
const SIGN = '[−+]?';

/** Quantities written in `text`, as `locale` says them. */
export function expandUnits(text: string, locale: Locale): string {
  const keys = [...locale.units.keys()]
    .sort((a, b) => b.length - a.length)
    .map((key) => key.replaceAll(/[.$]/g, '\\$&'));
  const unit = keys.join('|');
  const number = numberSource(locale);
  const quantity = new RegExp(
    `(?<![\\p{L}\\d.,:/])(?:(${SIGN}${number}) ?[-–] ?)?(${SIGN}${number})( ?)(?:(${unit})(?:/(${unit}))?)(?![\\p{L}\\d²³/])`,
    'gu',
  );
  return (
    text
      // An m among hours and seconds is a minute: 2h 30m, 1m 5s.
      .replace(/(?<=\d ?h(?:rs?)? ?\d{1,2}) ?m(?![\p{L}\d²³/])|(?<=\d) ?m(?= ?\d{1,2} ?s(?!\p{L}))/gu, ' min')
      .replace(/(?<=\d ?(?:%|°[CF]?)) ?[-–] ?(?=\d)/gu, ` ${locale.range} `)
      .replace(/°\s+(?=[CF](?!\p{L}))/gu, '°')
      .replace(
        quantity,
        (
          all: string,
          from: string | undefined,
          written: string,
          gap: string,
          key: string,
          perKey: string | undefined,
        ) => {
          const noun = locale.units.get(key);
          const perNoun = perKey === undefined ? undefined : locale.units.get(perKey);
          if (noun === undefined || (gap !== '' && TOUCHING.has(key) && perKey === undefined)) return all;
          if (key === 'K' && gap === '' && Number(written.replace(/\D/g, '')) < 1000) return all;
          const start = from === undefined ? '' : `${say(from, locale)} ${locale.range} `;
          const single = from === undefined && /^[−+]?1$/.test(written);
          const signed = single && written !== '1' ? `${say(written.charAt(0), locale)} ` : '';
          const amount = single ? `${signed}${noun.one}` : `${say(written, locale)} ${noun.many}`;
          return ` ${start}${amount}${perNoun === undefined ? '' : ` ${locale.per} ${perNoun.bare}`} `;
        },
      )
      .replace(/°[CF](?!\p{L})/gu, (key) => ` ${locale.units.get(key)?.many ?? ''} `)
  );
}

function say(written: string, locale: Locale): string {
  if (written === '−') return locale.minus;
  if (!written.startsWith('+')) return saySigned(written, locale);
  return `${locale.symbols.get('+') ?? ''} ${written === '+' ? '' : saySigned(written.slice(1), locale)}`.trim();
}
