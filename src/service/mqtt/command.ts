/** From the bytes on the command topic to an announcement. */
import { CHIMES, HiggsError, type ChimeName } from '../../engine/index.js';
import { checkNumber, isObject } from '../../engine/package-api.js';
import { NotJsonObject, parseJsonObject } from '../access/json.js';
import { checkLength, LONGEST_NAME } from '../access/text-fields.js';
import type { Announcement, Repetition } from './announcement.js';
import { ANNOUNCER_RULES } from './rules.js';

/** More than any text that is spoken; what is larger is no command. */
export const COMMAND_LIMIT_BYTES = 64 * 1024;

export type Command =
  /** `named`: the sender gave the id, so that the same one means the same announcement. */
  | { readonly kind: 'announce'; readonly announcement: Announcement; readonly named: boolean }
  /** `id` where the sender's could still be read. */
  | { readonly kind: 'malformed'; readonly id?: string; readonly error: HiggsError };

type Fields = Readonly<Record<string, unknown>>;

/**
 * A payload that opens with a brace is JSON, everything else is the text itself. Fields that nobody knows are refused,
 * so that a slip of the pen is told rather than ignored. `makeId` names what the sender did not; `target` is what the
 * topic named. Whatever comes in, this gives an answer and does not throw.
 */
export function parseCommand(payload: Uint8Array, makeId: () => string, target?: string): Command {
  let id: string | undefined;
  try {
    const fields = fieldsIn(payload);
    id = readId(fields.id);
    const topicTarget = (fields.target ?? '') === '' && target !== undefined ? { target } : {};
    const announcement = readAnnouncement({ ...fields, ...topicTarget, id: id ?? makeId() });
    return { kind: 'announce', announcement, named: id !== undefined };
  } catch (thrown) {
    return { kind: 'malformed', ...(id === undefined ? {} : { id }), error: HiggsError.from(thrown) };
  }
}

function fieldsIn(payload: Uint8Array): Fields {
  if (payload.byteLength > COMMAND_LIMIT_BYTES) {
    const what = `The command has ${payload.byteLength} bytes, and ${COMMAND_LIMIT_BYTES} are taken.`;
    throw new HiggsError('HIGGS_TEXT_TOO_LONG', what);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    return text.trimStart().startsWith('{') ? parseJsonObject(payload) : { text };
  } catch (cause) {
    const why =
      cause instanceof NotJsonObject
        ? `opens as JSON but is none: ${cause.message}`
        : 'is not text: its bytes are no UTF-8';
    throw new HiggsError('HIGGS_OPTION_INVALID', `The command ${why}.`, { cause });
  }
}

const READERS: Readonly<Record<string, (value: unknown, name: string) => unknown>> = {
  voice: text,
  language: text,
  priority: number('priority'),
  speed: number('speed'),
  volume: number('volume'),
  interrupt: flag,
  music: flag,
  chime: readChime,
  target: readTarget,
  repeat: readRepeat,
};

/** An announcement of `fields`, of which `id` and `text` are there for sure. Throws HIGGS_OPTION_INVALID, HIGGS_TEXT_EMPTY. */
export function readAnnouncement(fields: Fields): Announcement {
  const spoken = fields.text;
  if (typeof spoken !== 'string' || spoken.trim() === '') {
    throw new HiggsError('HIGGS_TEXT_EMPTY', 'The command has no text to speak.');
  }
  const id = readId(fields.id);
  if (id === undefined) throw invalid('id', fields.id, 'is missing');
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'id' || name === 'text' || value === null || value === '') continue;
    if (!Object.hasOwn(READERS, name)) {
      throw invalid(name, value, `is not known; a command has ${['id', 'text', ...Object.keys(READERS)].join(', ')}`);
    }
    read[name] = READERS[name]?.(value, name);
  }
  return { priority: ANNOUNCER_RULES.priority.fallback, ...read, id, text: spoken };
}

function readId(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const id = typeof value === 'number' ? String(value) : value;
  if (typeof id === 'string' && id.length <= 128) return id;
  throw invalid('id', value, 'takes a text of up to 128 letters');
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return checkLength(name, value, LONGEST_NAME);
  throw invalid(name, value, 'takes a text');
}

function number(rule: 'priority' | 'speed' | 'volume'): (value: unknown, name: string) => number {
  return (value, name) => checkNumber(name, numeric(value), ANNOUNCER_RULES[rule]);
}

/** Templates give numbers as text. What is none stays as it is, so that the error can show it. */
export function numeric(value: unknown): unknown {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

/** Also as Home Assistant's switches and templates say it. */
export function flag(value: unknown, name: string): boolean {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 'on' || word === 'true') return true;
  if (word === false || word === 'off' || word === 'false') return false;
  throw invalid(name, value, 'takes true or false');
}

/** Names of built-in chimes only: a path would let whoever may publish read this machine's files. */
function readChime(value: unknown, name: string): ChimeName | false {
  if (value === false || value === 'off' || value === 'none') return false;
  const chime = CHIMES.find((known) => known === value) ?? (value === true ? CHIMES[0] : undefined);
  if (chime !== undefined) return chime;
  throw invalid(name, value, `takes true, false or one of: ${CHIMES.join(', ')}`);
}

function readTarget(value: unknown, name: string): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.length <= 64 && names.every((one) => typeof one === 'string' && one.length <= LONGEST_NAME)) {
    return names as readonly string[];
  }
  throw invalid(name, value, 'takes a name or a list of names');
}

/** true, or how often and how soon; until someone acknowledges it. */
function readRepeat(value: unknown, name: string): Repetition | undefined {
  if (value === false) return undefined;
  const fields = value === true ? {} : value;
  if (!isObject(fields)) {
    throw invalid(name, value, 'takes true, or an object with "everySeconds" and "times"');
  }
  const { everySeconds, times, ...rest } = fields;
  for (const [unknown, its] of Object.entries(rest)) throw invalid(`${name}.${unknown}`, its, 'is not known');
  return {
    everySeconds: checkNumber(`${name}.everySeconds`, numeric(everySeconds), ANNOUNCER_RULES.everySeconds),
    times: checkNumber(`${name}.times`, numeric(times), ANNOUNCER_RULES.times),
  };
}

function invalid(name: string, value: unknown, what: string): HiggsError {
  const shown = JSON.stringify(value);
  const short = shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
  return new HiggsError('HIGGS_OPTION_INVALID', `The field "${name}" (${short}) ${what}.`);
}
