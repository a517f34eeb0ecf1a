/** How a word's stress is weakened or raised by what stands around it. Source: misaki's `apply_stress`. */
import { PRIMARY_STRESS, SECONDARY_STRESS, VOWELS } from './alphabet.js';

/** None at all, one degree less than primary, secondary and neither more nor less, or at least the named degree. */
export type StressChange = 'none' | 'less' | 'secondary' | 'atLeastSecondary' | 'atLeastPrimary';

const LONG = new Set('AIOQWYʤʧ');

/** `phones` of one word with its stress changed; what is at the wanted degree already stays. */
export function changeStress(phones: string, change: StressChange | undefined): string {
  const hasPrimary = phones.includes(PRIMARY_STRESS);
  const hasSecondary = phones.includes(SECONDARY_STRESS);
  switch (change) {
    case undefined:
      return phones;
    case 'none':
      return phones.replaceAll(PRIMARY_STRESS, '').replaceAll(SECONDARY_STRESS, '');
    case 'less':
      return hasPrimary ? weaken(phones) : phones;
    case 'secondary':
      if (hasPrimary) return weaken(phones);
      return hasSecondary ? phones : stressFirstVowel(phones, SECONDARY_STRESS);
    case 'atLeastSecondary':
      return hasPrimary || hasSecondary ? phones : stressFirstVowel(phones, SECONDARY_STRESS);
    case 'atLeastPrimary':
      if (hasPrimary) return phones;
      if (hasSecondary) return phones.replaceAll(SECONDARY_STRESS, PRIMARY_STRESS);
      return stressFirstVowel(phones, PRIMARY_STRESS);
  }
}

/** How long a word sounds: of two parts the shorter loses its stress. */
export function stressWeight(phones: string): number {
  return Array.from(phones).reduce((sum, phone) => sum + (LONG.has(phone) ? 2 : 1), 0);
}

function weaken(phones: string): string {
  return phones.replaceAll(SECONDARY_STRESS, '').replaceAll(PRIMARY_STRESS, SECONDARY_STRESS);
}

function stressFirstVowel(phones: string, mark: string): string {
  const all = Array.from(phones);
  const at = all.findIndex((phone) => VOWELS.has(phone));
  return at < 0 ? phones : [...all.slice(0, at), mark, ...all.slice(at)].join('');
}
