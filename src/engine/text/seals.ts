/** Puts what no rule may touch out of the rules' sight: sound and speaker tags, and words that a lexicon has already said. */

/** The supplementary private-use planes: no text that comes in keeps these signs (see plainCharacters). */
const FIRST = 0xf0000;
const LAST = 0x10fffd;

export class Seals {
  private readonly kept: string[] = [];

  /** One sign that stands for `words`; where there are too many, the words themselves. */
  seal(words: string): string {
    const code = FIRST + this.kept.length;
    if (code > LAST) return words;
    this.kept.push(words);
    return String.fromCodePoint(code);
  }

  /** `text` with everything that was sealed in its place. */
  open(text: string): string {
    return text.replace(/[\u{f0000}-\u{10fffd}]/gu, (sign) => this.kept[(sign.codePointAt(0) ?? FIRST) - FIRST] ?? '');
  }
}
