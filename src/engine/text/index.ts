/** The text room: what people write, as the model should read it. Pure functions, no model. */
export { dropControlTokens } from './control-tokens.js';
export { parseDialogue } from './dialogue.js';
export { estimateSpeechSeconds, limitSpeechSeconds } from './duration.js';
export { normalizeText, requireSpeakable } from './normalize.js';
export { countWords, sentencesOf, splitIntoPieces, type PieceOptions } from './pieces.js';
export { toPlainEnglish } from './plain-english.js';
export { withoutTags, wrapInMusic, writeSoundTags } from './sound-tags.js';
