/** Time marks where the sound that they belong to has gone. */
import type { TimeMark, WordTime } from '../requests.js';

/** What of a mark lies in time. */
type Placed = Pick<TimeMark, 'startSeconds' | 'endSeconds' | 'words'>;

/** The mark with each of its times where `place` says, its words' too. `place` never falls. */
export function moveMark<Mark extends Placed>(mark: Mark, place: (seconds: number) => number): Mark {
  const { words } = mark;
  const moved = { ...mark, startSeconds: place(mark.startSeconds), endSeconds: place(mark.endSeconds) };
  return words === undefined ? moved : { ...moved, words: moveWords(words, place) };
}

/** The same for words alone. */
export function moveWords(words: readonly WordTime[], place: (seconds: number) => number): readonly WordTime[] {
  return words.map((word) => ({
    ...word,
    startSeconds: place(word.startSeconds),
    endSeconds: place(word.endSeconds),
  }));
}

/** A mark's text for people who read it: a sound as `[Laughter]`, without the model's own signs around it. */
export function readableText({ text }: Pick<TimeMark, 'text'>): string {
  return text.replaceAll(/<SE(_[se])?>(\[[\p{L} ]+\])<\/SE\1>/gu, '$2');
}
