/** What a checkpoint does not say of itself. */
import path from 'node:path';
import { EMBEDDED_DIR } from '../package-files.js';

export interface ModelTraits {
  /** The model learnt lower-case English letters and a few marks only. */
  readonly plainEnglish: boolean;
  /** Positions, prompt and speech together, that it was trained on: text is cut into segments that fit. */
  readonly positions: number;
  /** It learnt single sentences and loses words where several are one segment: each is a segment of its own. */
  readonly singleSentences: boolean;
  /** Speakers to whom it gives their turns within one generation, in order and whole; the embedded one mixes turns up. */
  readonly speakersTogether: number;
  /**
   * Segments spoken before stand in the prompt of the next one, as the reference does it: they keep the tone, and the voice
   * where there is no clip. A model trained on single sentences does better without; its plain voice never changes.
   */
  readonly carriesSegments: boolean;
}

export function traitsOf(modelDir: string, maxPositions: number): ModelTraits {
  if (path.resolve(modelDir) === path.join(EMBEDDED_DIR, 'model')) {
    return { plainEnglish: true, positions: 600, singleSentences: true, speakersTogether: 1, carriesSegments: false };
  }
  return {
    plainEnglish: false,
    positions: maxPositions,
    singleSentences: false,
    speakersTogether: Infinity,
    carriesSegments: true,
  };
}
