/** Ordinals: 1st, 42nd, and German ones with a stop: der 2. Platz, er wurde 3. im Rennen. */
import type { Locale } from './languages/index.js';

/** Nouns that German ordinals stand before without an article, by gender. */
const GERMAN_NOUNS: ReadonlyMap<string, 'r' | '' | 's'> = new Map([
  ...'Platz Stock Tag Teil Geburtstag Weltkrieg Rang Versuch Gang Monat Abschnitt Akt Band Advent Stern Punkt Schritt Satz Sieg Spieltag Bezirk Senat Grad'
    .split(' ')
    .map((noun) => [noun, 'r'] as const),
  ...'Klasse Etage Liga Runde Woche Reihe Stufe Halbzeit Bundesliga Auflage Person Stunde Minute Stelle Seite Schicht Ebene Generation Staffel Folge Phase'
    .split(' ')
    .map((noun) => [noun, ''] as const),
  ...'Mal Kapitel Jahrhundert Stockwerk Jahr Quartal Semester Obergeschoss Untergeschoss Viertel Drittel Buch Schuljahr Lebensjahr Halbjahr Fenster Haus Kind Auto Spiel Tor Zimmer Konzert Foto Bild Lied Album Treffen Ziel Date Bett Glas Rennen Mitglied Gebot Programm'
    .split(' ')
    .map((noun) => [noun, 's'] as const),
]);
const STRONG = /^(?:der|die|das|jede|diese|welche|eine|meine|deine|seine|ihre|unsere|keine)$/i;
const WEAK =
  /^(?:dem|den|des|am|im|vom|zum|zur|beim|ans|ins|aufs|jedem|jeden|diesem|diesen|dieser|einem|einen|einer|meinem|meinen|meiner|seinem|seinen|seiner|ihrem|ihren|ihrer|unserem|unseren|seit|ab|bis)$/i;
const MIXED = /^(?:ein|kein|mein|dein|sein|ihr|unser)$/i;

/** Ordinals written in `text`, as `locale` says them. */
export function expandOrdinals(text: string, locale: Locale): string {
  const suffixed = text.replace(
    /(?<![\d.,])(\d{1,15})(?:st|nd|rd|th)(?!\p{L})/gu,
    (_all, digits: string) => ` ${sayOrdinal(digits, locale)} `,
  );
  return locale.language === 'de' ? germanOrdinals(suffixed, locale) : suffixed;
}

function germanOrdinals(text: string, locale: Locale): string {
  return text.replace(
    /(?<!\p{L})(?:(\p{L}{1,20}) )?(?<![\d.,:/-])(\d{1,3})\.(?= (\p{L}{1,40}))/gu,
    (all: string, before: string | undefined, digits: string, next: string) => {
      const ahead = before ?? '';
      const gender = GERMAN_NOUNS.get(next);
      const hasArticle = STRONG.test(ahead) || WEAK.test(ahead) || MIXED.test(ahead);
      if (digits.startsWith('0') || !(gender !== undefined || hasArticle || /^\p{Ll}/u.test(next))) return all;
      return `${ahead === '' ? '' : `${ahead} `}${germanOrdinal(digits, ahead, locale, gender)}`;
    },
  );
}

/** `digits` as an ordinal with the ending that `ahead` and the noun's `gender` ask for; without both as of a man. */
export function germanOrdinal(digits: string, ahead: string, locale: Locale, gender: 'r' | '' | 's' = 'r'): string {
  const stem = locale.ordinal(BigInt(digits));
  if (WEAK.test(ahead)) return `${stem}n`;
  if (STRONG.test(ahead)) return stem;
  return `${stem}${gender}`;
}

function sayOrdinal(digits: string, locale: Locale): string {
  const value = BigInt(digits);
  return value === 0n ? `${locale.cardinal(0n)}th` : locale.ordinal(value);
}
