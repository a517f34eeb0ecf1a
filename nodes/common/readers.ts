/** Readers of the input table: what may come in a message or a field, and what the engine takes. */
import {
  ACCENTS,
  CHIMES,
  HiggsError,
  LINE_RULES,
  TRACKS,
  type BedSource,
  type ChimeSource,
  type Lexicon,
  type MusicSetting,
  type NumberRule,
  type VoiceSource,
} from '../../src/engine/index.js';
import { checkLexicon } from '../../src/engine/package-api.js';
import type { Look } from './inputs.js';
import { isRecord, jsonOf } from './values.js';
import type { ReadFile } from './paths.js';

export function readNumber(rule: NumberRule): (value: unknown, name: string) => number {
  return (value, name) => {
    // Dashboards and forms send numbers as text.
    const number = typeof value === 'string' ? Number(value) : value;
    const inRange = typeof number === 'number' && number >= rule.min && number <= rule.max;
    if (inRange && (rule.integer !== true || Number.isInteger(number))) return number;
    const kind = rule.integer === true ? 'a whole number' : 'a number';
    const unit = rule.unit === '' ? '' : ` ${rule.unit}`;
    throw invalid(name, value, `${kind} from ${rule.min} to ${rule.max}${unit}`);
  };
}

/** A text; numbers are spoken too. */
export function readText(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw invalid(name, value, 'a text');
}

export function readChoice<T extends string>(choices: readonly T[]): (value: unknown, name: string) => T {
  return (value, name) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw invalid(name, value, `one of: ${choices.join(', ')}`);
    return found;
  };
}

/** Switches and forms send truth as text, too. */
export function readBoolean(value: unknown, name: string): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw invalid(name, value, 'true or false');
}

/** Words and how they are said: text of lines, an object, or a list of both. */
export function readLexicon(value: unknown, name: string): Lexicon {
  try {
    checkLexicon(value);
  } catch (thrown) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `${name}: ${HiggsError.from(thrown).message}`);
  }
  return value as Lexicon;
}

/** The name of a built-in chime, a WAV file's path or its bytes; 'none' for no chime where the field names one. */
export function readChime(findFile: ReadFile): (value: unknown, name: string) => ChimeSource | undefined {
  return (value, name) => {
    if (value === 'none' || value === false) return undefined;
    const builtin = CHIMES.find((chime) => chime === value);
    if (builtin !== undefined) return { kind: 'builtin', name: builtin };
    return { kind: 'clip', clip: readClip(findFile)(value, name) };
  };
}

/** A name, or what higgs-voice puts in msg.voice. */
export function readVoice(findFile: ReadFile): (value: unknown, name: string) => VoiceSource {
  return (value, name) => {
    if (typeof value === 'string') return { kind: 'named', name: value };
    if (isRecord(value)) {
      const { kind, name: voice, description, transcript, clip, accent } = value;
      if (kind === 'any') return { kind };
      if (kind === 'named' && typeof voice === 'string') return { kind, name: voice };
      if (kind === 'described' && typeof description === 'string') return { kind, description };
      if (kind === 'clip' && typeof transcript === 'string') {
        const said = accent === undefined ? {} : { accent: readChoice(ACCENTS)(accent, `${name}.accent`) };
        return { kind, transcript, clip: readClip(findFile)(clip, name), ...said };
      }
    }
    throw invalid(name, value, 'the name of a voice, or what a higgs-voice node gives');
  };
}

/** A WAV file's path or its bytes. */
export function readClip(findFile: ReadFile): (value: unknown, name: string) => string | Uint8Array {
  return (value, name) => {
    if (typeof value === 'string') return findFile(value);
    if (value instanceof Uint8Array) return value;
    throw invalid(name, value, 'the path of a WAV file, or a Buffer with one');
  };
}

/** An embedded track by its name, or a recording. */
export function readBedSource(
  findFile: ReadFile,
): (value: Readonly<Record<string, unknown>>, name: string) => BedSource {
  return ({ track, clip }, name) => {
    if (track === undefined) return { clip: readClip(findFile)(clip, `${name}.clip`) };
    return { track: readChoice(TRACKS)(track, `${name}.track`) };
  };
}

/** What higgs-music puts in msg.music; on and off alone mean the model's own music. */
export function readMusic(findFile: ReadFile): (value: unknown, name: string) => MusicSetting {
  return (value, name) => {
    if (value === true || value === 'on') return { kind: 'model' };
    if (value === false || value === 'off') return { kind: 'none' };
    if (isRecord(value)) {
      if (value.kind === 'none' || value.kind === 'model') return { kind: value.kind };
      // Gains and times are checked by the engine, which names them.
      if (value.kind === 'bed') return { ...value, kind: 'bed', ...readBedSource(findFile)(value, name) };
    }
    throw invalid(name, value, '"on", "off", or what a higgs-music node gives');
  };
}

/** `{ Anna: "ella", Ben: <what a higgs-voice node gives> }`. */
export function readVoices(findFile: ReadFile): (value: unknown, name: string) => Record<string, VoiceSource> {
  const voiceOf = readVoice(findFile);
  return (value, name) => {
    if (!isRecord(value)) throw invalid(name, value, 'an object that gives each speaker a voice');
    return Object.fromEntries(
      Object.entries(value).map(([speaker, voice]) => [speaker, voiceOf(voice, `${name}.${speaker}`)]),
    );
  };
}

/** Who speaks, with which voice, and where they stand: -1 left, 1 right. */
export interface Speaker {
  readonly voice: VoiceSource;
  readonly pan: number;
}

/**
 * The editor's list, `[{ speaker, voice, voiceType, pan }]`, a voice of '' being the model's choice; or, shorter, what
 * {@link readVoices} takes.
 */
export function readSpeakers(findFile: ReadFile) {
  const voiceOf = readVoice(findFile);
  const panOf = readNumber(LINE_RULES.pan);
  return async (value: unknown, name: string, look: Look): Promise<Record<string, Speaker>> => {
    if (!Array.isArray(value)) {
      const voices = Object.entries(readVoices(findFile)(value, name));
      return Object.fromEntries(voices.map(([speaker, voice]) => [speaker, { voice, pan: 0 }]));
    }
    const speakers: Record<string, Speaker> = {};
    for (const [index, entry] of (value as readonly unknown[]).entries()) {
      const at = `${name}[${index}]`;
      if (!isRecord(entry) || typeof entry.speaker !== 'string') {
        throw invalid(at, entry, 'an object with "speaker" and "voice"');
      }
      if (entry.speaker === '') continue;
      const kind = typeof entry.voiceType === 'string' ? entry.voiceType : 'str';
      const voice = await look(entry.voice, kind, `${at}.voice`);
      const { pan = 0 } = entry;
      speakers[entry.speaker] = {
        voice: voice === undefined || voice === '' ? { kind: 'any' } : voiceOf(voice, `${at}.voice`),
        pan: pan === '' ? 0 : panOf(pan, `${at}.pan`),
      };
    }
    return speakers;
  };
}

export function invalid(name: string, value: unknown, takes: string): HiggsError {
  return new HiggsError('HIGGS_OPTION_INVALID', `The option "${name}" is ${jsonOf(value)}; it takes ${takes}.`);
}
