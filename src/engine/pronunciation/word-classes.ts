/**
 * Which class each word of a sentence has, as tags of the Penn Treebank: an averaged perceptron that goes from left to right.
 * Source: hibari's tagger (`hibari/g2p/tagger.py`) with its weights, small ones and those of words two places off left out.
 */
import { HashTable } from './hash-table.js';

export interface ClassModel {
  readonly tags: readonly string[];
  /** Common words: the number of the tag that a word nearly always has, or NO_TAG. */
  readonly words: HashTable;
  /** Feature: how many pairs of tag and weight it has. */
  readonly features: HashTable;
  /** Tag, weight, tag, weight, … in the order of the features' places. */
  readonly weights: Int8Array;
}

export const NO_TAG = 255;
const BEFORE = '-START-';
const BEFORE_THAT = '-START2-';
const BEHIND = '-END-';

export class WordClassifier {
  /** Of two tags with the same score the later one by name wins. */
  private readonly rank: readonly number[];
  private readonly scores: Float64Array;
  /** Where the weights of the feature at each place begin. */
  private readonly starts: Uint32Array;

  constructor(private readonly model: ClassModel) {
    const { tags, features } = model;
    this.rank = tags.map((tag) => tags.filter((other) => other < tag).length);
    this.scores = new Float64Array(tags.length);
    this.starts = new Uint32Array(features.size + 1);
    for (let place = 0; place < features.size; place++) {
      this.starts[place + 1] = this.starts[place]! + 2 * features.valueAt(place);
    }
  }

  /** One tag a word; marks are words here. */
  classify(words: readonly string[]): string[] {
    const known = words.map((word) => {
      const plain = plainForm(word);
      return this.model.words.place(plain) >= 0 ? plain : `<${shapeOf(word)}>`;
    });
    const tags: string[] = [];
    for (const [index, word] of words.entries()) {
      const place = this.model.words.place(word);
      const sure = place < 0 ? NO_TAG : this.model.words.valueAt(place);
      tags.push(
        sure !== NO_TAG
          ? this.model.tags[sure]!
          : this.best([
              'b',
              `s3=${word.slice(-3)}`,
              `p1=${firstOf(word)}`,
              `w=${known[index]!}`,
              `sh=${shapeOf(word)}`,
              index === 0 ? 'i0' : 'i+',
              `t-1=${tags[index - 1] ?? BEFORE}`,
              `t-2=${tags[index - 2] ?? (index === 1 ? BEFORE : BEFORE_THAT)}`,
              `t-12=${tags[index - 1] ?? BEFORE},${tags[index - 2] ?? (index === 1 ? BEFORE : BEFORE_THAT)}`,
              `w-1=${known[index - 1] ?? BEFORE}`,
              `s3-1=${(known[index - 1] ?? BEFORE).slice(-3)}`,
              `w+1=${known[index + 1] ?? BEHIND}`,
              `s3+1=${(known[index + 1] ?? BEHIND).slice(-3)}`,
            ]),
      );
    }
    return tags;
  }

  private best(features: readonly string[]): string {
    const { scores, rank } = this;
    const { tags, weights, features: table } = this.model;
    scores.fill(0);
    for (const feature of features) {
      const place = table.place(feature);
      if (place < 0) continue;
      for (let i = this.starts[place]!; i < this.starts[place + 1]!; i += 2) scores[weights[i]!]! += weights[i + 1]!;
    }
    let best = 0;
    for (let tag = 1; tag < scores.length; tag++) {
      const isBetter = scores[tag]! > scores[best]! || (scores[tag] === scores[best] && rank[tag]! > rank[best]!);
      if (isBetter) best = tag;
    }
    return tags[best]!;
  }
}

/** A word as the weights name it. */
function plainForm(word: string): string {
  if (word.includes('-') && !word.startsWith('-')) return '!HYPHEN';
  if (/^\d{4}$/.test(word)) return '!YEAR';
  if (/^\d/.test(word)) return '!DIGITS';
  return word.toLowerCase();
}

function shapeOf(word: string): string {
  if (/^\p{L}+$/u.test(word)) {
    if (word === word.toLowerCase()) return 'x';
    if (word === word.toUpperCase()) return word.length > 1 ? 'XX' : 'X1';
    return /^\p{Lu}[^\p{Lu}]+$/u.test(word) ? 'Xx' : 'xX';
  }
  if (/^\d+$/.test(word)) return 'd';
  return Array.from(word.slice(0, 4), (sign) => (/\d/.test(sign) ? 'd' : /\p{L}/u.test(sign) ? 'x' : sign)).join('');
}

function firstOf(word: string): string {
  return Array.from(word)[0] ?? '';
}
