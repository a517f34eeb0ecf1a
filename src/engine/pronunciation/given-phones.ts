/** Phones that a caller wrote: those of the alphabet pass, other signs of the IPA become the nearest of it. */
import { ALPHABET } from './alphabet.js';

const NEAREST: readonly (readonly [RegExp, string])[] = [
  [/eɪ/g, 'A'],
  [/oʊ/g, 'O'],
  [/[ɝɚ]/g, 'əɹ'],
  [/[rɻʁʀ]/g, 'ɹ'],
  [/g/g, 'ɡ'],
  [/e/g, 'ɛ'],
  [/o/g, 'O'],
  [/[øœ]/g, 'ɜ'],
  [/[yʏ]/g, 'u'],
  [/[ɲ]/g, 'nj'],
  [/[xχc]/g, 'k'],
  [/ç/g, 'ʃ'],
  [/ɫ/g, 'l'],
  [/'/g, 'ˈ'],
];

/** `phones` in the alphabet; what is like nothing in it goes. */
export function givenPhones(phones: string): string {
  const near = NEAREST.reduce((text, [signs, phone]) => text.replace(signs, phone), phones);
  return Array.from(near, (phone) => (ALPHABET.has(phone) ? phone : '')).join('');
}
