/** Text that still comes, as sentences that can be spoken already. */

/** An end of a sentence, with what may close it, and a gap behind it; or the end of a line. */
const END = /[.!?…]["'”’)\]]*\s+(?=["'“‘([]*[\p{Lu}\p{Lo}\p{N}])|[。！？]+|\n+/gu;
/** What an end is made of, and what may stand before the next word: the next part of the text may complete it. */
const MAYBE_END = /[.!?…"'”’“‘()[\]\s]/u;

/** Ends that are none: "Dr. Who", "3. March", "J. S. Bach". */
const NO_END = /(?:^|[\s("“])(?:\p{Lu}|\d{1,3}|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|vs|etc|ca|bzw|usw)\.\s*$/u;
/** As far as {@link NO_END} looks back: its longest word, and what stands before it. */
const LOOK_BACK = 6;

/** A sentence that is longer is said in parts: as much as about half a minute of speech. */
export const LONGEST_SENTENCE = 500;

/** Takes text as it comes and gives its sentences, in time that is linear in the text and with little of it kept. */
export class SentenceReader {
  private pending = '';
  /** Where the run of characters begins that may yet become an end, as `pending` was before and as it is. */
  private endsFrom = 0;
  private endsBefore = 0;

  /** The sentences that are whole by now; with what {@link end} gives they are the text. */
  push(text: string): string[] {
    const sentences: string[] = [];
    for (let at = 0; at < text.length; at += LONGEST_SENTENCE) {
      this.add(text.slice(at, at + LONGEST_SENTENCE));
      sentences.push(...this.takeWhole(), ...this.takeTooLong());
    }
    return sentences;
  }

  /** What is left. */
  end(): string {
    const rest = this.pending;
    this.pending = '';
    this.endsBefore = 0;
    return rest;
  }

  private add(text: string): void {
    const from = this.pending.length;
    this.pending += text;
    this.endsFrom = this.endsBefore;
    for (let at = from; at < this.pending.length; at += 1) {
      if (!MAYBE_END.test(this.pending[at]!)) this.endsBefore = at + 1;
    }
  }

  private takeWhole(): string[] {
    const { pending } = this;
    const sentences: string[] = [];
    let from = 0;
    END.lastIndex = this.endsFrom;
    for (let end = END.exec(pending); end !== null; end = END.exec(pending)) {
      const to = end.index + end[0].length;
      if (NO_END.test(pending.slice(Math.max(from, end.index - LOOK_BACK), to))) continue;
      sentences.push(pending.slice(from, to));
      from = to;
    }
    this.drop(from);
    return sentences;
  }

  private takeTooLong(): string[] {
    const parts: string[] = [];
    while (this.pending.length > LONGEST_SENTENCE) {
      const to = placeToCut(this.pending);
      parts.push(this.pending.slice(0, to));
      this.drop(to);
    }
    return parts;
  }

  private drop(count: number): void {
    this.pending = this.pending.slice(count);
    this.endsBefore = Math.max(0, this.endsBefore - count);
  }
}

/** Behind the last gap of the longest part that may be; where there is none, between two characters. */
function placeToCut(text: string): number {
  const part = text.slice(0, LONGEST_SENTENCE);
  const gap = /\s\S*$/u.exec(part);
  if (gap !== null && gap.index > 0) return gap.index + 1;
  const isHalved = /[\ud800-\udbff]$/.test(part);
  return isHalved ? LONGEST_SENTENCE - 1 : LONGEST_SENTENCE;
}
