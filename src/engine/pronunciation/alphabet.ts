/**
 * The phones that the embedded voice reads: Kokoro's alphabet, as misaki writes English in it. One character is one phone.
 * A I O Q W Y are diphthongs (day, my, no, British no, now, boy), T is a flapped t, ᵊ a schwa that may be left out.
 */
export const PRIMARY_STRESS = 'ˈ';
export const SECONDARY_STRESS = 'ˌ';

/** As misaki counts them: the ɐ of "a" and "an" is passed over when the next word asks whether a vowel comes. */
export const VOWELS: ReadonlySet<string> = new Set('AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ');
export const CONSONANTS: ReadonlySet<string> = new Set('bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ');
/** Marks that the voice hears. */
export const MARKS: ReadonlySet<string> = new Set(';:,.!?—…');
/** All that a reading can hold, blanks between words included. */
export const ALPHABET: ReadonlySet<string> = new Set([
  ...Array.from('AIOQTWYabdfhijklmnpstuvwzæðŋɐɑɒɔəɛɜɡɪɹʃʊʌʒʤʧθᵊᵻː'),
  PRIMARY_STRESS,
  SECONDARY_STRESS,
  ...MARKS,
  ' ',
]);
