/** Dialogues as people hand them in, as lines: who says what. */
import { HiggsError } from '../errors.js';
import { checkNumber, LINE_RULES, SAMPLING_RULES, type NumberRule } from '../options.js';
import type { DialogueLine } from '../requests.js';

const SPEAKER_TAG = /\[(SPEAKER\d{1,3})\]/;
/**
 * `Name: words`: up to four words that begin with a letter; `https://…` and `10:30` are none. Between name and colon the line
 * may have settings of its own: `Name (speed 1.2, pan -0.5): words`.
 */
const NAMED_LINE =
  /^\s*(\p{L}[\p{L}\p{M}\p{N}'._-]*(?: [\p{L}\p{N}][\p{L}\p{M}\p{N}'._-]*){0,3})\s*(?:\(([^()]*)\)\s*)?[:：](?!\/\/)(?:\s+|(?=\D)|$)(.*)$/su;
const OWN_SETTING = /^([A-Za-z]+)(?:\s*[=:]\s*|\s+)(-?\d+(?:\.\d+)?)$/;
/** The settings of a line, by the names that people write. */
const OWN_NAMES = { ...LINE_RULES, ...SAMPLING_RULES, gap: LINE_RULES.gapSeconds } as const;
const LONGEST_NAME = 40;

/**
 * A dialogue's lines: `[{speaker, text}]` (or that as JSON), text with `[SPEAKER0]` tags, or `Name: words` lines.
 * A line without a name goes on with the one before. Lines may have settings of their own ({@link DialogueLine}). Throws
 * HIGGS_DIALOGUE_INVALID with the number of the line, from 1, and HIGGS_OPTION_INVALID for such a setting.
 */
export function parseDialogue(input: unknown): DialogueLine[] {
  if (typeof input === 'string') return parseText(input);
  if (Array.isArray(input)) return parseLines(input);
  throw invalid(
    `The dialogue is ${input === null ? 'null' : `of type ${typeof input}`}, neither a list of lines nor text.`,
  );
}

function parseLines(lines: readonly unknown[]): DialogueLine[] {
  if (lines.length === 0) throw invalid('The dialogue has no lines.');
  return lines.map((line, index) => {
    const at = `Line ${index + 1} of the dialogue`;
    if (typeof line !== 'object' || line === null) throw invalid(`${at} is no object with "speaker" and "text".`);
    const { speaker, text } = line as { speaker?: unknown; text?: unknown };
    const name = typeof speaker === 'number' ? String(speaker) : speaker;
    if (typeof name !== 'string' || name.trim() === '') throw invalid(`${at} has no "speaker".`);
    if (typeof text !== 'string' || text.trim() === '') throw invalid(`${at} (${name.trim()}) has no "text".`);
    return { speaker: name.trim(), text: text.trim(), ...ownSettings(line as Record<string, unknown>, at) };
  });
}

/** Those settings of `values` that a line may have of its own. Throws HIGGS_OPTION_INVALID naming line and setting. */
function ownSettings(values: Readonly<Record<string, unknown>>, at: string): Partial<DialogueLine> {
  const rules: Readonly<Record<string, NumberRule>> = OWN_NAMES;
  const own = Object.entries(values).filter(([name, value]) => Object.hasOwn(rules, name) && value !== undefined);
  return Object.fromEntries(
    own.map(([name, value]) => [
      name === 'gap' ? 'gapSeconds' : name,
      checkNumber(`${name}" of "${at}`, value, rules[name]!),
    ]),
  );
}

/** `speed 1.2, pan -0.5` as settings; undefined where it is anything else, which then belongs to the words. */
function readOwnSettings(written: string): Record<string, number> | undefined {
  const settings: Record<string, number> = {};
  for (const part of written.split(',')) {
    const [, name = '', value = ''] = OWN_SETTING.exec(part.trim()) ?? [];
    if (!Object.hasOwn(OWN_NAMES, name)) return undefined;
    settings[name] = Number(value);
  }
  return settings;
}

function parseText(text: string): DialogueLine[] {
  if (/^\s*\[\s*\{/.test(text)) return parseJson(text);
  const turns = SPEAKER_TAG.test(text) ? readTags(text) : readNames(text);
  if (turns.length === 0) throw invalid('The dialogue has no lines.');
  return turns.map(({ speaker, words, line, settings = {} }) => {
    const said = words.join('\n').trim();
    const at = `Line ${line} of the dialogue`;
    if (said === '') throw invalid(`${at} (${speaker}) has no words.`);
    return { speaker, text: said, ...ownSettings(settings, at) };
  });
}

function parseJson(text: string): DialogueLine[] {
  let lines: unknown;
  try {
    lines = JSON.parse(text);
  } catch (cause) {
    throw invalid('The dialogue looks like a JSON list but is not valid JSON.', cause);
  }
  return parseLines(lines as unknown[]);
}

interface Turn {
  readonly speaker: string;
  readonly words: string[];
  readonly settings?: Readonly<Record<string, number>>;
  /** Where it begins, from 1. */
  readonly line: number;
}

function readTags(text: string): Turn[] {
  const turns: Turn[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    // The capture group makes every odd part a speaker.
    for (const [at, part] of line.split(SPEAKER_TAG).entries()) {
      if (at % 2 === 1) turns.push({ speaker: part, words: [], line: index + 1 });
      else if (turns.length > 0) turns.at(-1)!.words.push(part.trim());
      else if (part.trim() !== '')
        throw invalid(`Line ${index + 1} of the dialogue has words before the first [SPEAKERn] tag.`);
    }
  }
  return turns;
}

function readNames(text: string): Turn[] {
  const turns: Turn[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const [, speaker = '', written, words = ''] = NAMED_LINE.exec(line) ?? [];
    const settings = written === undefined ? {} : readOwnSettings(written);
    if (speaker !== '' && speaker.length <= LONGEST_NAME && settings !== undefined)
      turns.push({ speaker, words: [words.trim()], line: index + 1, settings });
    else if (turns.length > 0) turns.at(-1)!.words.push(line.trim());
    else if (line.trim() !== '') throw invalid(`Line ${index + 1} of the dialogue names no speaker.`);
  }
  return turns;
}

function invalid(message: string, cause?: unknown): HiggsError {
  return new HiggsError('HIGGS_DIALOGUE_INVALID', message, cause === undefined ? undefined : { cause });
}
