/** Text that still comes, as sentences that can be spoken already. */

/** An end of a sentence, with what may close it, and a gap behind it; or the end of a line. */
const END = /[.!?…]["'”’)\]]*\s+(?=["'“‘([]*[\p{Lu}\p{Lo}\p{N}])|[。！？]+|\n+/gu;

/** Ends that are none: "Dr. Who", "3. March", "J. S. Bach". */
const NO_END = /(?:^|[\s("“])(?:\p{Lu}|\d{1,3}|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|vs|etc|ca|bzw|usw)\.\s*$/u;

/** `sentences` are whole; `rest` waits for what comes next. Together they are `text`. */
export function takeSentences(text: string): { readonly sentences: readonly string[]; readonly rest: string } {
  const sentences: string[] = [];
  let from = 0;
  for (const end of text.matchAll(END)) {
    const to = end.index + end[0].length;
    const sentence = text.slice(from, to);
    if (NO_END.test(sentence)) continue;
    sentences.push(sentence);
    from = to;
  }
  return { sentences, rest: text.slice(from) };
}
