/**
 * Requests as they come in: whatever can be refused without the worker is refused here, before it waits. One table a kind of
 * request says which fields it has; what the table does not know is refused by name, for a misspelt option would be ignored.
 */
import { HiggsError } from '../errors.js';
import {
  ACCENTS,
  BED_RULES,
  CALL_RULES,
  checkChoice,
  checkNumber,
  DIALOGUE_RULES,
  LINE_RULES,
  SAMPLING_RULES,
  SEGMENT_BY,
  SEGMENT_RULES,
  TRACKS,
  TURNS,
  type NumberRule,
} from '../options.js';
import { parseLexicon } from '../lexicon.js';
import type {
  DialogueRequest,
  ImportVoiceOptions,
  RegisterVoiceRequest,
  SpeakOptions,
  SpeakRequest,
} from '../requests.js';
import { isObject } from '../values.js';

/** Throws where the value of the field `name` is not what it takes; never called for one that is left out. */
type Check = (value: unknown, name: string) => void;
type Fields = Readonly<Record<string, Check>>;

const isText: Check = (value, name) => {
  if (typeof value !== 'string') throw wrongType(name, value, 'a text');
};
const isFlag: Check = (value, name) => {
  if (typeof value !== 'boolean') throw wrongType(name, value, 'true or false');
};
const isFunction: Check = (value, name) => {
  if (typeof value !== 'function') throw wrongType(name, value, 'a function');
};
const isSignal: Check = (value, name) => {
  if (!(value instanceof AbortSignal)) throw wrongType(name, value, 'an AbortSignal');
};
const isClip: Check = (value, name) => {
  if ((typeof value === 'string' && value !== '') || value instanceof Uint8Array) return;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The option "${name}" takes the path of a WAV file, or its bytes.`);
};
const isDescription: Check = (value, name) => {
  if (typeof value === 'string' && value.trim() !== '') return;
  throw new HiggsError('HIGGS_OPTION_INVALID', `The option "${name}" is empty; it takes words for the voice.`);
};
const isTranscript: Check = (value) => {
  if (typeof value === 'string' && value.trim() !== '') return;
  throw new HiggsError('HIGGS_VOICE_TRANSCRIPT_MISSING', 'The reference clip has no transcript.');
};

const isAccent: Check = (value, name) => void checkChoice(name, value, ACCENTS);

function mayBeLeftOut(check: Check): Check {
  return (value, name) => {
    if (value !== undefined) check(value, name);
  };
}

/** A number of each rule's name. */
function numbers(rules: Readonly<Record<string, NumberRule>>): Fields {
  return Object.fromEntries(
    Object.entries(rules).map(([field, rule]): [string, Check] => [
      field,
      (value, name) => void checkNumber(name, value, rule),
    ]),
  );
}

const VOICE_KINDS: Readonly<Record<string, Fields>> = {
  any: {},
  named: { name: isText },
  clip: { clip: isClip, transcript: isTranscript, accent: mayBeLeftOut(isAccent) },
  described: { description: isDescription },
};
const MUSIC_KINDS: Readonly<Record<string, Fields>> = {
  none: {},
  model: {},
  bed: {
    clip: isClip,
    track: (value, name) => void checkChoice(name, value, TRACKS),
    ...numbers(BED_RULES),
    loop: isFlag,
  },
};

const isVoiceSource: Check = (value, name) => {
  const voice = checkKind(value, name, VOICE_KINDS);
  // None of a voice's fields may be left out but those that say so.
  for (const [field, check] of Object.entries(VOICE_KINDS[voice.kind]!)) check(voice[field], `${name}.${field}`);
};
const isVoice: Check = (value, name) => {
  if (typeof value === 'string') return;
  if (!isObject(value)) throw wrongType(name, value, 'the name of a voice, or an object with its "kind"');
  isVoiceSource(value, name);
};
const isMusic: Check = (value, name) => {
  const music = checkKind(value, name, MUSIC_KINDS);
  if (music.kind === 'bed' && music.track === undefined) isClip(music.clip, `${name}.clip`);
};

/** Of both kinds of speech. */
const READING: Fields = { language: isText, asWritten: isFlag, lexicon: (value) => void parseLexicon(value) };
const SPEECH: Fields = {
  scene: isText,
  system: isText,
  music: isMusic,
  ...READING,
  wordTimes: isFlag,
  ...numbers(SAMPLING_RULES),
  segmentBy: (value, name) => void checkChoice(name, value, SEGMENT_BY),
  ...numbers(SEGMENT_RULES),
};
const SPEAK: Fields = { text: isText, voice: isVoice, ...SPEECH };
const DIALOGUE: Fields = {
  // These two are checked line by line.
  lines: () => undefined,
  voices: () => undefined,
  ...SPEECH,
  turns: (value, name) => void checkChoice(name, value, TURNS),
  ...numbers(DIALOGUE_RULES),
  pans: (value, name) => void recordOf(value, name),
  stems: isFlag,
};
const LINE: Fields = { speaker: isText, text: isText, ...numbers(LINE_RULES), ...numbers(SAMPLING_RULES) };
const CALL: Fields = {
  signal: isSignal,
  onProgress: isFunction,
  ...numbers(CALL_RULES),
  owner: isText,
  interrupt: isFlag,
};
const SPEECH_CALL: Fields = { ...CALL, cache: isFlag, onChunk: isFunction };
const REGISTER: Fields = { name: isText, source: isVoiceSource, replace: isFlag, trim: isFlag };
const IMPORT: Fields = { name: isText, replace: isFlag };

/** Throws HIGGS_TEXT_EMPTY, HIGGS_TEXT_TOO_LONG, HIGGS_OPTION_INVALID or HIGGS_VOICE_TRANSCRIPT_MISSING. */
export function checkSpeakRequest(request: SpeakRequest, textLimitCharacters: number): void {
  const fields = recordOf(request, 'request');
  checkText(fields.text, textLimitCharacters);
  checkFields(fields, SPEAK);
}

/** As {@link checkSpeakRequest}, and HIGGS_DIALOGUE_INVALID. */
export function checkDialogueRequest(request: DialogueRequest, textLimitCharacters: number): void {
  const fields = recordOf(request, 'request');
  const lines: readonly unknown[] = Array.isArray(fields.lines) ? fields.lines : [];
  if (lines.length === 0) throw new HiggsError('HIGGS_DIALOGUE_INVALID', 'The dialogue has no lines.');
  const voices = isObject(fields.voices) ? fields.voices : {};
  const texts = lines.map((line, index) => checkLine(line, index, voices));
  for (const [speaker, pan] of Object.entries(isObject(fields.pans) ? fields.pans : {})) {
    checkNumber(`pans.${speaker}`, pan, LINE_RULES.pan);
  }
  checkText(texts.join('\n'), textLimitCharacters);
  checkFields(fields, DIALOGUE);
}

export function checkSpeakOptions(options: SpeakOptions): void {
  checkFields(recordOf(options, 'options'), SPEECH_CALL);
}

export function checkCallOptions(options: SpeakOptions): void {
  checkFields(recordOf(options, 'options'), CALL);
}

/** Throws HIGGS_OPTION_INVALID or HIGGS_VOICE_TRANSCRIPT_MISSING; what a name may be is for the voices to say. */
export function checkRegisterRequest(request: RegisterVoiceRequest): void {
  checkFields(recordOf(request, 'request'), REGISTER);
  // Callers without types send anything.
  const { kind }: { readonly kind?: unknown } = recordOf(request.source, 'source');
  checkChoice('source.kind', kind, ['clip', 'described']);
}

export function checkImportOptions(how: ImportVoiceOptions): void {
  checkFields(recordOf(how, 'options'), IMPORT);
}

/** Gives the line's text. */
function checkLine(line: unknown, index: number, voices: Readonly<Record<string, unknown>>): string {
  const { speaker, text } = isObject(line) ? line : {};
  if (typeof speaker !== 'string' || typeof text !== 'string' || text.trim() === '') {
    throw new HiggsError('HIGGS_DIALOGUE_INVALID', `Line ${index + 1} of the dialogue lacks its speaker or its text.`);
  }
  const voice = Object.hasOwn(voices, speaker) ? voices[speaker] : undefined;
  if (voice === undefined) {
    throw new HiggsError('HIGGS_DIALOGUE_INVALID', `The speaker "${speaker}" of line ${index + 1} has no voice.`);
  }
  isVoice(voice, `voices.${speaker}`);
  checkFields(line as Record<string, unknown>, LINE, `lines[${index}].`);
  return text;
}

function checkText(text: unknown, limit: number): void {
  if (typeof text !== 'string' || text.trim() === '') {
    throw new HiggsError('HIGGS_TEXT_EMPTY', 'There is no text to speak.');
  }
  if (text.length > limit) {
    throw new HiggsError('HIGGS_TEXT_TOO_LONG', `The text has ${text.length} characters; the limit is ${limit}.`);
  }
}

/** An object of one of these kinds, with that kind's fields and no others. */
function checkKind(
  value: unknown,
  name: string,
  kinds: Readonly<Record<string, Fields>>,
): Record<string, unknown> & { readonly kind: string } {
  if (!isObject(value)) {
    throw wrongType(name, value, `an object whose "kind" is one of: ${Object.keys(kinds).join(', ')}`);
  }
  const kind = checkChoice(`${name}.kind`, value.kind ?? null, Object.keys(kinds));
  checkFields(value, { ...kinds[kind], kind: isText }, `${name}.`);
  return { ...value, kind };
}

/** Throws HIGGS_OPTION_INVALID for a field that `table` does not have, or that is not what it takes. */
export function checkFields(values: Readonly<Record<string, unknown>>, table: Fields, prefix = ''): void {
  checkKnown(values, table, prefix);
  for (const [field, check] of Object.entries(table)) {
    if (values[field] !== undefined) check(values[field], `${prefix}${field}`);
  }
}

/** Throws HIGGS_OPTION_INVALID for a field of another name. */
export function checkKnown(
  values: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, unknown>>,
  prefix = '',
): void {
  const unknown = Object.keys(values).find((field) => !Object.hasOwn(known, field));
  if (unknown === undefined) return;
  throw new HiggsError(
    'HIGGS_OPTION_INVALID',
    `There is no option "${prefix}${unknown}"; there are: ${Object.keys(known).join(', ')}.`,
  );
}

function recordOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw wrongType(name, value, 'an object');
  return value;
}

function wrongType(name: string, value: unknown, takes: string): HiggsError {
  const given = typeof value === 'function' ? 'a function' : (JSON.stringify(value) as string | undefined);
  return new HiggsError(
    'HIGGS_OPTION_INVALID',
    `The option "${name}" is ${(given ?? 'no value').slice(0, 100)}; it takes ${takes}.`,
  );
}
