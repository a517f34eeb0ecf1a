/** From the body of `POST /v1/audio/speech` to what the engine is asked. */
import {
  HiggsError,
  PRODUCTION_RULES,
  SAMPLING_RULES,
  type Lexicon,
  type NumberRule,
  type SoundFormat,
  type SpeakRequest,
  type VoiceSource,
} from '../../engine/index.js';
import { checkLexicon, checkNumber } from '../../engine/package-api.js';
import { LONGEST_DESCRIPTION, LONGEST_NAME } from '../access/text-fields.js';
import { ApiError, invalid } from './api-error.js';

/** What a client gets, and how: sound as it is, or in events. */
export interface SpeechOrder {
  readonly request: SpeakRequest;
  readonly format: SoundFormat;
  readonly contentType: string;
  /** 1: as spoken. */
  readonly speed: number;
  readonly stream: 'audio' | 'sse';
  /** Whether the sound is to be sent while it is made; undefined: the client did not say. */
  readonly asItComes: boolean | undefined;
}

type Body = Readonly<Record<string, unknown>>;

/** OpenAI's names for the formats there are; its first one is what a client gets that names none. */
const FORMATS: Readonly<Record<string, { readonly format: SoundFormat; readonly contentType: string }>> = {
  mp3: { format: 'mp3', contentType: 'audio/mpeg' },
  wav: { format: 'wav16', contentType: 'audio/wav' },
  flac: { format: 'flac', contentType: 'audio/flac' },
  opus: { format: 'opus', contentType: 'audio/ogg' },
  /** 24 kHz, mono, 16 bits, little-endian, no header: as OpenAI's own. */
  pcm: { format: 'pcm16', contentType: 'audio/pcm' },
};

/** Fields of the request and the options they set. */
const SAMPLING = { temperature: 'temperature', top_p: 'topP', top_k: 'topK', seed: 'seed' } as const;

/**
 * Fields that are not known are passed over, as clients send what other servers take. Throws a 400 that names the field.
 *
 * `instructions` are the scene's words where a voice is named, for the model takes the voice from its clip; without a
 * voice they describe the one to speak in.
 */
export function readSpeechOrder(body: Body): SpeechOrder {
  // How long it may be is the engine's to say.
  const input = readText(body, 'input', Infinity);
  if (input === undefined) throw invalid('input', 'The field "input" is missing: the text to speak.');
  const { format, contentType } = readFormat(body);
  const voice = readVoice(body);
  const instructions = readText(body, 'instructions', LONGEST_DESCRIPTION);
  const language = readText(body, 'language');
  const asWritten = readFlag(body, 'as_written');
  const lexicon = readLexicon(body);
  readText(body, 'model');
  return {
    request: {
      text: input,
      ...voiceAndScene(voice, instructions),
      ...readSampling(body),
      ...(language === undefined ? {} : { language }),
      ...(asWritten === undefined ? {} : { asWritten }),
      ...(lexicon === undefined ? {} : { lexicon }),
    },
    format,
    contentType,
    speed: readNumber(body, 'speed', PRODUCTION_RULES.speed) ?? 1,
    ...readStream(body),
  };
}

function voiceAndScene(
  voice: string | undefined,
  instructions: string | undefined,
): { readonly voice?: VoiceSource; readonly scene?: string } {
  if (voice !== undefined) {
    return { voice: { kind: 'named', name: voice }, ...(instructions === undefined ? {} : { scene: instructions }) };
  }
  return instructions === undefined ? {} : { voice: { kind: 'described', description: instructions } };
}

/** A name, or `{"id": name}`, as OpenAI takes for voices of one's own. */
function readVoice(body: Body): string | undefined {
  const { voice } = body;
  if (typeof voice === 'object' && voice !== null && 'id' in voice) return readText({ voice: voice.id }, 'voice');
  return readText(body, 'voice');
}

function readFormat(body: Body): { readonly format: SoundFormat; readonly contentType: string } {
  const name = (readText(body, 'response_format') ?? 'mp3').toLowerCase();
  if (Object.hasOwn(FORMATS, name)) return FORMATS[name]!;
  const message = `The field "response_format" takes one of: ${Object.keys(FORMATS).join(', ')}.`;
  throw new ApiError(400, 'unsupported_value', message, { param: 'response_format' });
}

/** Who names a form of streaming wants it to stream. */
function readStream(body: Body): Pick<SpeechOrder, 'stream' | 'asItComes'> {
  const form = readText(body, 'stream_format')?.toLowerCase();
  const asItComes = readFlag(body, 'stream') ?? (form === undefined ? undefined : true);
  if (form === undefined || form === 'audio') return { stream: 'audio', asItComes };
  if (form === 'sse') return { stream: 'sse', asItComes: true };
  throw invalid('stream_format', 'The field "stream_format" takes "audio" or "sse".');
}

function readSampling(body: Body): Partial<Record<(typeof SAMPLING)[keyof typeof SAMPLING], number>> {
  const given = Object.entries(SAMPLING).flatMap(([field, option]) => {
    const value = readNumber(body, field, SAMPLING_RULES[option]);
    return value === undefined ? [] : [[option, value] as const];
  });
  return Object.fromEntries(given);
}

/** null is as good as nothing: some clients send every field. */
function readNumber(body: Body, field: string, rule: NumberRule): number | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  try {
    return checkNumber(field, value, rule);
  } catch (thrown) {
    // The message repeats the value, which may be as long as a body.
    const { min, max } = rule;
    const kind = rule.integer === true ? 'a whole number' : 'a number';
    if (thrown instanceof HiggsError) throw invalid(field, `The field "${field}" takes ${kind} from ${min} to ${max}.`);
    throw thrown;
  }
}

function readFlag(body: Body, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalid(field, `The field "${field}" takes true or false.`);
}

/** Text of lines, or words with how they are said; what is wrong in them is told by the engine's own check. */
function readLexicon(body: Body): Lexicon | undefined {
  const { lexicon } = body;
  if (lexicon === undefined || lexicon === null || lexicon === '') return undefined;
  try {
    checkLexicon(lexicon);
  } catch (thrown) {
    if (thrown instanceof HiggsError) throw invalid('lexicon', thrown.message);
    throw thrown;
  }
  return lexicon as Lexicon;
}

function readText(body: Body, field: string, longest = LONGEST_NAME): string | undefined {
  const value = body[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(field, `The field "${field}" takes a text.`);
  if (value.length <= longest) return value;
  throw invalid(field, `The field "${field}" takes up to ${longest} characters.`);
}
