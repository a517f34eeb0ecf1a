/**
 * Lines as a reader takes them: a heading, a list, a table's row and a paragraph end with a pause, a line that was only
 * wrapped does not. The pause is written as the mark that the model pauses at.
 */

type Kind = 'text' | 'heading' | 'item' | 'row';

interface Line {
  readonly kind: Kind;
  readonly text: string;
  /** Length as it was written, for what was wrapped. */
  readonly width: number;
  /** An empty line, or a rule, lies before it. */
  readonly apart: boolean;
}

const MARKED = /(?:[.!?…:;,。！？，；：]["')\]]{0,3}|[\u{f0000}-\u{ffffd}])$/u;
const ENDED = /(?:[.!?…;。！？；]["')\]]{0,3}|[\u{f0000}-\u{ffffd}])$/u;
/** No line of a list and no heading ends with these: what follows was wrapped. */
const UNFINISHED =
  /(?<![\p{L}'])(?:a|an|the|of|at|to|for|from|with|by|and|or|but|is|are|was|were|be|been|my|your|his|her|our|their|its|this|that|these|those|as|into|than|which|who|if|when|because|will|would|can|could|should|has|have|had|not|very|der|die|das|dem|den|des|ein|eine|einem|einen|einer|eines|und|oder|aber|im|am|bei|mit|nach|von|vom|zum|zur|für|ist|sind|war|waren|mein|dein|sein|ihr|unser|sehr|nicht|wird|werden|hat|haben|kann|dass|weil|wenn|als|wie)$/iu;
/** These end a line as well as they begin a phrase. */
const PARTICLE = /(?<![\p{L}'])(?:in|on|an|auf|aus|zu|über|under|over|about)$/iu;
const ARTICLE =
  /^(?:the|a|an|my|your|his|her|our|their|this|that|der|die|das|dem|den|des|ein|eine|einem|einen|einer|mein\p{L}{0,2}|dein\p{L}{0,2}|sein\p{L}{0,2}|ihr\p{L}{0,2})(?!\p{L})/u;
/** Lines are wrapped at some such width, not at less. */
const LEAST_WIDTH = 40;
/** Longer items of a list are sentences of their own. */
const SHORT_ITEM_WORDS = 5;

/** `text` with a mark at the end of each line that ends something, wrapped lines joined, and the signs of lists gone. */
export function readLines(text: string): string {
  const lines = linesOf(text);
  let result = '';
  let inList = false;
  for (const [index, line] of lines.entries()) {
    const next = lines[index + 1];
    result += line.text;
    if (next === undefined) break;
    if (line.text.endsWith(':') && !next.apart && line.kind !== 'heading') inList = true;
    else if (next.apart || line.kind === 'row' || /: ?\S/.test(line.text)) inList = false;
    result += gapBetween(line, next, inList, blockWidth(lines, index));
  }
  return result;
}

/** "Kitchen: on" is whole, "The light in" before "the kitchen" is not. */
function isUnfinished(text: string, next: string): boolean {
  if (/: ?\S/.test(text)) return false;
  return UNFINISHED.test(text) || (PARTICLE.test(text) && ARTICLE.test(next));
}

function gapBetween(line: Line, next: Line, inList: boolean, width: number): string {
  const { text } = line;
  const startsLow = /^["'(]?\p{Ll}/u.test(next.text);
  if (ENDED.test(text)) return '\n';
  if (MARKED.test(text))
    return text.endsWith(':') || text.endsWith(',') ? (next.kind === 'row' || next.apart ? '\n' : ' ') : '\n';
  const isPlain = line.kind === 'text' && next.kind === 'text' && !next.apart;
  if (isPlain && !inList) {
    if (isUnfinished(text, next.text)) return ' ';
    const firstWord = /^\S{1,40}/.exec(next.text)?.[0].length ?? 0;
    const isFull = width >= LEAST_WIDTH && line.width + 1 + firstWord > width;
    if (isFull && (startsLow || line.width >= LEAST_WIDTH)) return ' ';
    if (startsLow) return line.width >= LEAST_WIDTH ? ' ' : ', ';
    return '.\n';
  }
  const isShort = text.split(' ').length <= SHORT_ITEM_WORDS;
  if (inList && isShort && !next.apart && line.kind !== 'row' && next.kind !== 'heading') return ', ';
  return '.\n';
}

/** The width of the block of plain lines that line `at` belongs to. Looks at some lines around only, so that it is linear. */
function blockWidth(lines: readonly Line[], at: number): number {
  let width = 0;
  for (let index = at; index >= 0 && index > at - 12; index--) {
    const line = lines[index]!;
    if (line.kind !== 'text') break;
    width = Math.max(width, line.width);
    if (line.apart) break;
  }
  for (let index = at + 1; index < lines.length && index < at + 12; index++) {
    const line = lines[index]!;
    if (line.kind !== 'text' || line.apart) break;
    width = Math.max(width, line.width);
  }
  return width;
}

function linesOf(text: string): Line[] {
  const written = text.split('\n').map((line) => line.replace(/\s+/gu, ' ').trim());
  const numbered = written.filter((line) => /^\d{1,3}\. \S/.test(line)).length > 1;
  const lines: Line[] = [];
  let apart = false;
  let inCode = false;
  for (const line of written) {
    if (/^(?:`{3,}|~{3,})/.test(line)) {
      inCode = !inCode;
      apart = true;
      continue;
    }
    const isRule = /^(?:-{3,}|={3,}|\*{3,}|_{3,}|(?:[-*_] ){2,20}[-*_])$/.test(line);
    if (isRule && lines.length > 0 && !apart && /^[-=]/.test(line)) {
      const above = lines.at(-1)!;
      lines[lines.length - 1] = { ...above, kind: 'heading' };
    }
    if (line === '' || isRule) {
      apart = true;
      continue;
    }
    if (line.includes('|') && /^[|:\- +]+$/.test(line)) continue;
    const read = { ...readLine(line, numbered), width: line.length, apart: apart || lines.length === 0 };
    if (/[\p{L}\p{N}\p{S}\u{f0000}-\u{10fffd}%&@§]/u.test(read.text)) {
      lines.push(read);
      apart = false;
    }
  }
  return lines;
}

function readLine(line: string, numbered: boolean): { kind: Kind; text: string } {
  const quoted = line.replace(/^(?:> ?){1,10}(?![\d−=-])/, '');
  const heading = /^#{1,6} (.*)$/.exec(quoted)?.[1];
  if (heading !== undefined) return { kind: 'heading', text: heading.replace(/ #{1,6}$/, '') };
  const item = /^(?:[-*+•‣▪◦●○–—] )(?:\[[ xX]\] )?(.*)$/.exec(quoted)?.[1];
  if (item !== undefined) return { kind: 'item', text: item };
  const [, number, words] = (numbered ? /^(\d{1,3})[.)] (.*)$/ : /^(\d{1,3})\) (.*)$/).exec(quoted) ?? [];
  if (number !== undefined) return { kind: 'item', text: `${number}, ${words ?? ''}` };
  if (quoted.startsWith('|') || / \| /.test(quoted) || quoted.endsWith(' |')) {
    const cells = quoted
      .split('|')
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '');
    return { kind: 'row', text: cells.join(', ') };
  }
  return { kind: 'text', text: quoted };
}
