/** The reading that a checkpoint brings, as its `config.json` names it: `"reading": {"alphabet": "misaki", "file": "…"}`. */
import path from 'node:path';
import { JsonFile } from '../checkpoint/json-file.js';
import { HiggsError } from '../errors.js';
import { Pronunciation } from './reader.js';

const ALPHABET_NAME = 'misaki';

/**
 * Undefined where the checkpoint in `modelDir` reads letters. Throws HIGGS_CHECKPOINT_UNSUPPORTED where it reads another
 * alphabet, HIGGS_CHECKPOINT_BROKEN where the file lies outside the folder, and what {@link Pronunciation.open} throws.
 */
export async function openPronunciation(modelDir: string): Promise<Pronunciation | undefined> {
  const config = await JsonFile.read(path.join(modelDir, 'config.json'));
  if (!config.has('reading')) return undefined;
  const alphabet = config.text('reading.alphabet');
  const file = config.text('reading.file');
  if (alphabet !== ALPHABET_NAME) {
    throw new HiggsError(
      'HIGGS_CHECKPOINT_UNSUPPORTED',
      `${config.path} names "${alphabet}" for an alphabet of phones; "${ALPHABET_NAME}" is known.`,
    );
  }
  if (file !== path.basename(file)) {
    throw new HiggsError(
      'HIGGS_CHECKPOINT_BROKEN',
      `${config.path} names a pronunciation file outside its folder: "${file}".`,
    );
  }
  return Pronunciation.open(path.join(modelDir, file));
}
