/** Web and mail addresses as one would read them out: example dot com slash news. */
import type { Locale } from './languages/index.js';

const WEB =
  /\b(?:https?:\/\/|www\.)[^\s<>"()[\]{}|]*[^\s<>"()[\]{}|.,;:!?']|(?<![\p{L}\p{N}@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|de|uk|fr|eu|info|local|lan|home)(?:\/[^\s<>"()[\]{}|]*[^\s<>"()[\]{}|.,;:!?'])?(?![\p{L}\p{N}@])/giu;
const MAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;

/** Addresses written in `text`, in words; their numbers stay for the rule of numbers. */
export function expandAddresses(text: string, locale: Locale): string {
  return text
    .replace(MAIL, (mail) => sayAddress(mail, locale))
    .replace(WEB, (address) =>
      sayAddress(
        address
          .replace(/^https?:\/\//i, '')
          .replace(/^www\./i, '')
          .replace(/[?#].*$/, '')
          .replace(/\/$/, ''),
        locale,
      ),
    );
}

function sayAddress(address: string, { address: words }: Locale): string {
  const said = address
    .replaceAll('.', ` ${words.dot} `)
    .replaceAll('/', ` ${words.slash} `)
    .replaceAll('@', ` ${words.at} `)
    .replaceAll('-', ` ${words.dash} `)
    .replaceAll('_', ` ${words.underscore} `)
    .replace(/[^\p{L}\p{N}\s]+/gu, ' ');
  return ` ${said} `;
}
