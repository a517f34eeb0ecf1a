/** Puts what no rule may touch out of the rules' sight: sound and speaker tags, and words that a lexicon has already said. */

/** The two supplementary private-use planes; no text that comes in keeps their signs (see plainCharacters). */
const FIRST_TAG = 0xf0000;
const FIRST_WORD = 0x100000;
const MOST = 0xfffe;

export class Seals {
  private readonly tags: string[] = [];
  private readonly words: string[] = [];

  /** One sign that stands for `tag`, and is an end of a sentence as a tag is one. Where there are too many, the tag itself. */
  sealTag(tag: string): string {
    return keep(this.tags, tag, FIRST_TAG);
  }

  /** One sign that stands for `words`. */
  sealWords(words: string): string {
    return keep(this.words, words, FIRST_WORD);
  }

  /** `text` with everything that was sealed in its place. */
  open(text: string): string {
    return text.replace(/[\u{f0000}-\u{10fffd}]/gu, (sign) => {
      const code = sign.codePointAt(0)!;
      return (code < FIRST_WORD ? this.tags[code - FIRST_TAG] : this.words[code - FIRST_WORD]) ?? '';
    });
  }
}

function keep(kept: string[], text: string, first: number): string {
  if (kept.length >= MOST) return text;
  kept.push(text);
  return String.fromCodePoint(first + kept.length - 1);
}
