/**
 * The pronunciation room: English text to the phones that the embedded voice reads, by the file that its checkpoint brings.
 *
 * A caller who knows better gives a word its phones as misaki's users do, `[Müller](/mˈʊlə/)`: they pass untouched; signs
 * of the IPA that are not of the alphabet become the nearest of it ({@link withPhones} writes this).
 */
export { ALPHABET } from './alphabet.js';
export { openPronunciation } from './open-pronunciation.js';
export { Pronunciation, type PronunciationReader } from './reader.js';
export { withoutPhones, withPhones } from './tokens.js';
