/**
 * misaki's lexicons (hexgrad, Apache-2.0) and the tagger of hibari (Maureese Williams, Apache-2.0; learned from tags of
 * spaCy's en_core_web_sm, MIT), as the PyPI package hibari-tts has them in `hibari/assets`.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import type { Accent } from '../../src/engine/requests.js';
import { HashTable } from '../../src/engine/pronunciation/hash-table.js';
import { WORD_CLASSES, type Pronunciation, type WordClass } from '../../src/engine/pronunciation/lexicon.js';
import { NO_TAG, type ClassModel } from '../../src/engine/pronunciation/word-classes.js';

type Reading = string | Readonly<Record<string, string | null>>;

const LEAST_WEIGHT = 4;

/** Words of both halves, gold (checked) and silver. */
export function readLexicon(assets: string, accent: Accent): Map<string, Pronunciation> {
  const name = accent === 'british' ? 'gb' : 'us';
  const words = new Map<string, Pronunciation>();
  for (const half of ['silver', 'gold'] as const) {
    const read = readJson(assets, `lexicon_${name}_${half}.json.gz`) as Readonly<Record<string, Reading>>;
    for (const [word, reading] of Object.entries(read))
      words.set(word, pronunciationOf(word, reading, half === 'gold'));
  }
  return words;
}

function pronunciationOf(word: string, reading: Reading, isChecked: boolean): Pronunciation {
  if (typeof reading === 'string') return { phones: reading, byClass: new Map(), isChecked };
  const { DEFAULT: phones, ...others } = reading;
  if (typeof phones !== 'string') throw new Error(`${word} has no usual reading.`);
  const byClass = new Map<WordClass, string | undefined>();
  for (const [key, value] of Object.entries(others)) {
    const wordClass = WORD_CLASSES.find((each) => each === (key === 'None' ? 'last' : key));
    if (!wordClass) throw new Error(`${word} has a reading for ${key}.`);
    byClass.set(wordClass, value ?? undefined);
  }
  return { phones, byClass, isChecked };
}

/** Weights in whole numbers; small ones, and those of words two places off, tell little and are left out. */
export function readTagger(assets: string): ClassModel {
  const { tags, tagdict, vocab, weights } = readJson(assets, 'tagger.json.gz') as {
    readonly tags: readonly string[];
    readonly tagdict: Readonly<Record<string, string>>;
    readonly vocab: readonly string[];
    readonly weights: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  const words = emptyTable(2 ** 16);
  for (const word of new Set([...vocab, ...Object.keys(tagdict)])) {
    const tag = tagdict[word];
    words.add(word, tag === undefined ? NO_TAG : tags.indexOf(tag));
  }
  const features = emptyTable(2 ** 15);
  const byPlace: number[][] = [];
  for (const [feature, own] of Object.entries(weights)) {
    if (/^w[-+]2=/.test(feature)) continue;
    const large = Object.entries(own).filter(([, weight]) => Math.abs(weight) >= LEAST_WEIGHT);
    if (large.length === 0) continue;
    byPlace[features.add(feature, large.length)] = large.flatMap(([tag, weight]) => [
      tags.indexOf(tag),
      Math.round(weight),
    ]);
  }
  return { tags, words, features, weights: Int8Array.from(byPlace.flat()) };
}

function emptyTable(size: number): HashTable {
  return new HashTable(new Uint16Array(size), new Uint8Array(size));
}

function readJson(assets: string, name: string): unknown {
  return JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(assets, name))).toString());
}
