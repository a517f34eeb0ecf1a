/** What a checkpoint does not say of itself. */
import path from 'node:path';
import type { LanguageModel } from '../frames/types.js';
import { EMBEDDED_DIR } from '../package-files.js';

export interface ModelTraits {
  /** The model learnt lower-case English letters and a few marks only. */
  readonly plainEnglish: boolean;
  /** Positions, prompt and speech together, that it was trained on: pieces of text are cut to fit. */
  readonly positions: number;
  /** Speakers that it was trained to give turns to within one generation. */
  readonly speakersTogether: number;
}

export function traitsOf(modelDir: string, model: LanguageModel): ModelTraits {
  if (path.resolve(modelDir) === path.join(EMBEDDED_DIR, 'model')) {
    return { plainEnglish: true, positions: 600, speakersTogether: 2 };
  }
  return { plainEnglish: false, positions: model.maxPositions, speakersTogether: Infinity };
}
