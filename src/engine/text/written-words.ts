/** Words that are said, back as they were written: "twenty degrees" is where "20°" stood. */
import type { WordTime } from '../requests.js';

/** Tags and pauses, which are no words. */
const IN_BRACKETS = /\[[^[\]]*\]/gu;

/**
 * The words of `written` with the times of `spoken`, which its reading made of it. A stretch that was read in other words has the
 * time of all of them; what is not said stands with the word before it. Joined by blanks they are the text, less its tags.
 */
export function asWritten(written: string, spoken: readonly WordTime[]): readonly WordTime[] {
  const pieces = written.replace(IN_BRACKETS, ' ').match(/\S+/gu) ?? [];
  if (spoken.length === 0 || pieces.length === 0) return [];
  const words: { text: string; startSeconds: number; endSeconds: number }[] = [];
  let waiting: string[] = [];
  const add = (texts: readonly string[], said: readonly WordTime[]): void => {
    const last = words.at(-1);
    const end = said.at(-1)?.endSeconds;
    if (texts.length > 0 && end !== undefined) {
      words.push({ text: [...waiting, ...texts].join(' '), startSeconds: said[0]!.startSeconds, endSeconds: end });
      waiting = [];
    } else if (last === undefined) waiting.push(...texts);
    else {
      last.text = [last.text, ...texts].join(' ');
      last.endSeconds = end ?? last.endSeconds;
    }
  };
  const same = samePairs(
    pieces.map(keyOf),
    spoken.map(({ text }) => keyOf(text)),
  );
  let [from, heard] = [0, 0];
  for (const [piece, word] of same) {
    add(pieces.slice(from, piece), spoken.slice(heard, word));
    add([pieces[piece]!], [spoken[word]!]);
    [from, heard] = [piece + 1, word + 1];
  }
  add(pieces.slice(from), spoken.slice(heard));
  return words;
}

function keyOf(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Places of what is the same in both lists, in order, as many as there can be. */
function samePairs(first: readonly string[], second: readonly string[]): [number, number][] {
  const width = second.length + 1;
  // How many pairs there are from [i * width + j] on.
  const ahead = new Int32Array((first.length + 1) * width);
  const isSame = (i: number, j: number): boolean => first[i] !== '' && first[i] === second[j];
  for (let i = first.length - 1; i >= 0; i--) {
    for (let j = second.length - 1; j >= 0; j--) {
      ahead[i * width + j] = isSame(i, j)
        ? ahead[(i + 1) * width + j + 1]! + 1
        : Math.max(ahead[(i + 1) * width + j]!, ahead[i * width + j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < first.length && j < second.length;) {
    if (isSame(i, j)) pairs.push([i++, j++]);
    else if (ahead[(i + 1) * width + j]! >= ahead[i * width + j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}
