/** The text room: what people write, as the model should read it. Pure functions, no model. */
export { dropControlTokens } from './control-tokens.js';
export { parseDialogue } from './dialogue.js';
export { estimateSpeechSeconds, limitSpeechSeconds } from './duration.js';
export { isSpeakable, normalizeText, readText, type ReadingOptions } from './normalize.js';
export { notesOn, type ReadingNote } from './notes.js';
export { countWords, sentencesOf, splitIntoPieces, type PieceOptions } from './pieces.js';
export { piecesByTurns, piecesByWords } from './reference-pieces.js';
export { splitAtPauses, type Phrase } from './pauses.js';
export { spellCapitals } from './capitals.js';
export { toPlainEnglish } from './plain-english.js';
export { detectLanguage, languageFor } from './languages/index.js';
export { asWritten } from './written-words.js';
export { SOUND_TAGS, withoutTags, wrapInMusic, writeSoundTags } from './sound-tags.js';
