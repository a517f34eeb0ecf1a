/** Where a sentence that is too long is cut: at a clause or a conjunction, never inside a name or between a word and its noun. */

/** A run of text and how many words a reader counts in it. */
export interface Counted {
  readonly text: string;
  readonly words: number;
}

/** Limits of a piece, the mark that is put behind it included. */
export interface PieceLimits {
  readonly maxWords: number;
  /** Infinity: none. */
  readonly maxCharacters: number;
}

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** A clause begins with these. */
const CLAUSE =
  words(`because although though while when whenever if unless until before after since so but which who whom whose that where then than as and
  or nor yet weil obwohl während wenn falls bis bevor nachdem seit aber der die das dass damit sondern denn wo und oder sowie sodass`);
const RELATIVE = words('der die das than as');
const JOINING = words('and or nor und oder sowie then so but aber');
/** A phrase begins with these. */
const PREPOSITIONS =
  words(`in on at by for from with without within into onto over under through across along around between behind beside against about during
  towards to of im am an auf aus bei mit nach von vom zu zum zur für über unter vor hinter neben zwischen durch gegen ohne um`);
/** What follows these belongs to them. */
const HOLDING =
  words(`i you he she it we they ich du er sie es wir ihr a an the this that these those my your his her its our their some any no every each all both very too so more most less much many as of in on at by for
  from with to into over under is are was were be been am has have had do does did will would can could shall should may might must not and or but if when because
  who which than mister missus miz doctor professor saint number about plus minus times point dot slash per der die das dem den des ein eine einem einen einer eines kein keine
  mein dein sein ihr unser mit von zu zum zur im am in an auf aus bei nach für über unter vor ist sind war waren hat haben wird werden kann nicht sehr und oder aber wenn weil
  dass herr frau doktor komma`);
const NUMBER_WORD =
  /^(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\p{L}{3,6}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\p{L}+)?|hundred|thousand|million|billion|point|oh|null|komma|\p{L}*(?:zehn|zig|hundert|tausend)\p{L}*)$/u;

const bare = (word: string): string => word.replace(/^["'(]+|["').,;:!?]+$/g, '');

/** How badly a cut between two words sounds: 0 at a clause's mark, about 5 between plain words, 20 inside a name. */
export function cutCost(before: string, behind: string): number {
  const [left, right] = [bare(before), bare(behind)];
  const [from, to] = [left.toLowerCase(), right.toLowerCase()];
  if (/[.!?;:]["']?$/.test(before)) return 0;
  if (/[,，、]["']?$/.test(before)) return JOINING.has(to) || (CLAUSE.has(to) && !RELATIVE.has(to)) ? 0.2 : 1;
  let cost = 5;
  if (CLAUSE.has(to) && !RELATIVE.has(to)) cost = JOINING.has(to) ? 2.5 : 2;
  else if (PREPOSITIONS.has(to)) cost = to === 'of' || to === 'to' ? 6 : 3.5;
  if (HOLDING.has(from)) cost += 8;
  if (NUMBER_WORD.test(from)) cost += NUMBER_WORD.test(to) ? 12 : 4;
  // Letters that are spelt, p m, and names.
  if (/^\p{L}$/u.test(left) && /^\p{L}$/u.test(right)) cost += 15;
  if (/^\p{Lu}/u.test(left) && /^\p{Lu}/u.test(right)) cost += 12;
  return cost;
}

const CUT = 3;
const SHORT = 6;
const LEAST_WORDS = 3;

/**
 * `parts` of a sentence joined into as few pieces as the limits allow, cut where it is heard least, and of like length. A part
 * that is longer than the limit is a piece of its own. Linear in the number of parts, for a piece is never longer than a limit.
 */
export function cutParts(parts: readonly Counted[], { maxWords, maxCharacters }: PieceLimits): Counted[] {
  // A cut's cost is the same whatever stands around its two words.
  const cuts = parts.map(({ text }, index) => (index === 0 ? 0 : CUT + cutCost(parts[index - 1]!.text, text)));
  const total = parts.reduce((sum, { text }) => sum + text.length + 1, 0);
  const totalWords = parts.reduce((sum, { words: count }) => sum + count, 0);
  const pieces = Math.max(1, Math.ceil(total / maxCharacters), Math.ceil(totalWords / maxWords));
  const usual = total / pieces;
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= parts.length; end++) {
    let found = { cost: Infinity, from: end - 1 };
    let [length, spoken] = [-1, 0];
    for (let start = end - 1; start >= 0; start--) {
      length += parts[start]!.text.length + 1;
      spoken += parts[start]!.words;
      if (start < end - 1 && (length > maxCharacters || spoken > maxWords)) break;
      const uneven = 3 * ((length - usual) / usual) ** 2;
      const short = spoken < LEAST_WORDS && parts.length > LEAST_WORDS ? SHORT * (LEAST_WORDS - spoken) : 0;
      const cost = best[start]!.cost + cuts[start]! + uneven + short;
      if (cost < found.cost) found = { cost, from: start };
    }
    best.push(found);
  }
  const ends: number[] = [];
  for (let end = parts.length; end > 0; end = best[end]!.from) ends.unshift(end);
  return ends.map((end) => joined(parts.slice(best[end]!.from, end)));
}

function joined(parts: readonly Counted[]): Counted {
  return {
    text: parts.map(({ text }) => text).join(' '),
    words: parts.reduce((sum, { words: count }) => sum + count, 0),
  };
}
