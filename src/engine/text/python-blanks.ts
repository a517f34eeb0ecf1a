/**
 * Trimming as Python does it, for templates and the reference are written for it. JavaScript takes U+FEFF for a blank, which Python keeps, and
 * keeps U+001C to U+001F and U+0085, which Python takes away.
 */

/** Whether Python's `str.isspace` holds for a UTF-16 code unit; no blank takes two. */
function isBlank(unit: number): boolean {
  if (unit <= 0x20) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || unit >= 0x1c;
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return (unit >= 0x2000 && unit <= 0x200a) || [0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000].includes(unit);
}

export type TrimSide = 'both' | 'start' | 'end';

/** Python's `strip`, `lstrip`, `rstrip`: `text` without blanks at its ends, or without any of `characters` there. */
export function trimText(text: string, side: TrimSide = 'both', characters?: string): string {
  if (characters !== undefined) return trimCharacters(text, side, new Set(characters));
  let start = 0;
  let end = text.length;
  if (side !== 'end') while (start < end && isBlank(text.charCodeAt(start))) start++;
  if (side !== 'start') while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function trimCharacters(text: string, side: TrimSide, taken: ReadonlySet<string>): string {
  const characters = Array.from(text);
  let start = 0;
  let end = characters.length;
  if (side !== 'end') while (start < end && taken.has(characters[start]!)) start++;
  if (side !== 'start') while (end > start && taken.has(characters[end - 1]!)) end--;
  return characters.slice(start, end).join('');
}

/** Python's `split` without a separator. */
export function splitAtBlanks(text: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && !isBlank(text.charCodeAt(at))) continue;
    if (at > start) words.push(text.slice(start, at));
    start = at + 1;
  }
  return words;
}
