/** What a text must hold for a pattern to match: read off the pattern's source, where that is plain to see. */

/** Whether a UTF-16 code unit may stand in a place; asked with NaN where the text ends. */
export type UnitTest = (unit: number) => boolean;

export interface Findings {
  /** The letters that any match consists of. */
  readonly literal: string;
  /** What stands right before a match; left out: anything may. */
  readonly before?: UnitTest | undefined;
  /** What stands right behind it. */
  readonly after?: UnitTest | undefined;
}

/** Part of a pattern: one letter's place, or what takes no letter (a look around, the beginning of the text). */
type Part = { readonly unit: UnitTest; readonly letter?: string } | { readonly around: string };

/**
 * What must be found for `source` (a regular expression with the flag u) to match: every match is one to be found, others
 * may be too. For letters between looks behind and ahead, as spelling rules are written; undefined for all other patterns.
 */
export function findingsOf(source: string): Findings | undefined {
  const parts = alternativesOf(source);
  if (parts?.length !== 1) return undefined;
  let literal = '';
  let before: UnitTest | undefined;
  let after: UnitTest | undefined;
  for (const part of parts[0]!) {
    if (!('around' in part)) {
      if (part.letter === undefined || after !== undefined) return undefined;
      literal += part.letter;
    } else if (part.around.startsWith('(?<=') && literal === '') {
      before ??= nearest(part.around.slice(4, -1), -1);
    } else if (part.around.startsWith('(?=') && literal !== '') {
      after ??= nearest(part.around.slice(3, -1), 0);
    }
  }
  return literal === '' ? undefined : { literal, before, after };
}

/** What stands next to the match by a look around: the first place of its alternatives, or with -1 the last. */
function nearest(source: string, at: 0 | -1): UnitTest | undefined {
  const tests: UnitTest[] = [];
  for (const parts of alternativesOf(source) ?? [[]]) {
    const part = parts.at(at);
    if (part === undefined || 'around' in part) return undefined;
    tests.push(part.unit);
  }
  return tests.length === 1 ? tests[0] : (unit) => tests.some((test) => test(unit));
}

/** The parts of each alternative; undefined where there is anything but letters, classes and looks around. */
function alternativesOf(source: string): Part[][] | undefined {
  // Escapes and letters of two code units would have to be understood.
  if (/[\\\ud800-\udfff]/.test(source)) return undefined;
  const alternatives: Part[][] = [[]];
  for (let at = 0; at < source.length;) {
    const sign = source[at]!;
    const parts = alternatives.at(-1)!;
    let end: number | undefined = at + 1;
    if (sign === '|') alternatives.push([]);
    else if (sign === '^') parts.push({ around: sign });
    else if (sign === '[') {
      end = source.indexOf(']', at) + 1;
      const body = source.slice(at + 1, end - 1);
      // Some dialects take a bracket that comes first as one of the letters.
      if (body === '' || body === '^') return undefined;
      parts.push({ unit: classTest(body) });
    } else if (sign === '(') {
      end = endOfGroup(source, at);
      if (end === undefined || !/^\(\?<?[=!]/.test(source.slice(at, end))) return undefined;
      parts.push({ around: source.slice(at, end) });
    } else if (/[$.*+?{})\]]/.test(sign)) return undefined;
    else {
      const unit = sign.charCodeAt(0);
      parts.push({ unit: (other) => other === unit, letter: sign });
    }
    if (end <= at) return undefined;
    at = end;
  }
  return alternatives;
}

/** Where the group that opens at `start` is closed. */
function endOfGroup(source: string, start: number): number | undefined {
  let depth = 0;
  let inClass = false;
  for (let at = start; at < source.length; at++) {
    const sign = source[at];
    if (inClass) inClass = sign !== ']';
    else if (sign === '[') inClass = true;
    else if (sign === '(') depth++;
    else if (sign === ')' && --depth === 0) return at + 1;
  }
  return undefined;
}

/** The class between brackets, `a-z'` or `^a-z`, as a test. */
function classTest(body: string): UnitTest {
  const isNegated = body.startsWith('^');
  const ranges: [from: number, to: number][] = [];
  for (let at = isNegated ? 1 : 0; at < body.length; at++) {
    const isRange = body[at + 1] === '-' && at + 2 < body.length;
    ranges.push([body.charCodeAt(at), body.charCodeAt(isRange ? at + 2 : at)]);
    if (isRange) at += 2;
  }
  return (unit) => ranges.some(([from, to]) => unit >= from && unit <= to) !== isNegated;
}
