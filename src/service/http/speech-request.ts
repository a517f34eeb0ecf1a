/** From the body of `POST /v1/audio/speech` to what the engine is asked. */
import {
  ACCENTS,
  accentNamed,
  HiggsError,
  PRODUCTION_RULES,
  SAMPLING_RULES,
  type Accent,
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
  /** Where what lies in the sound an event is to tell; empty: there is no such event. */
  readonly granularities: readonly Granularity[];
}

const GRANULARITIES = ['segment', 'word'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

type Body = Readonly<Record<string, unknown>>;

/** OpenAI's names for the formats there are; its first one is what a client gets that names none. */
const FORMATS: Readonly<Record<string, { readonly format: SoundFormat; readonly contentType: string }>> = {
  mp3: { format: 'mp3', contentType: 'audio/mpeg' },
  wav: { format: 'wav16', contentType: 'audio/wav' },
  flac: { format: 'flac', contentType: 'audio/flac' },
  opus: { format: 'opus', contentType: 'audio/ogg' },
  aac: { format: 'aac', contentType: 'audio/aac' },
  /** 24 kHz, mono, 16 bits, little-endian, no header: as OpenAI's own. */
  pcm: { format: 'pcm16', contentType: 'audio/pcm' },
};

/** Eight codebooks, and what opens and closes them. */
const STEPS_BEYOND_FRAMES = 8 + 2;
const FRAMES_PER_SECOND = 25;

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
  const voice = readReference(body) ?? readVoice(body);
  const instructions = readText(body, 'instructions', LONGEST_DESCRIPTION);
  const language = readText(body, 'language');
  const asWritten = readFlag(body, 'as_written');
  const lexicon = readLexicon(body);
  const granularities = readGranularities(body);
  readText(body, 'model');
  return {
    request: {
      text: input,
      ...voiceAndScene(voice, instructions),
      ...readSampling(body),
      ...readLimit(body),
      ...(language === undefined ? {} : { language }),
      ...(asWritten === undefined ? {} : { asWritten }),
      ...(lexicon === undefined ? {} : { lexicon }),
      ...(granularities.includes('word') ? { wordTimes: true } : {}),
    },
    format,
    contentType,
    speed: readNumber(body, 'speed', PRODUCTION_RULES.speed) ?? 1,
    ...readStream(body),
    granularities,
  };
}

function voiceAndScene(
  voice: VoiceSource | undefined,
  instructions: string | undefined,
): { readonly voice?: VoiceSource; readonly scene?: string } {
  if (voice !== undefined) return { voice, ...(instructions === undefined ? {} : { scene: instructions }) };
  return instructions === undefined ? {} : { voice: { kind: 'described', description: instructions } };
}

/** A name, or `{"id": name}`, as OpenAI takes for voices of one's own. */
function readVoice(body: Body): VoiceSource | undefined {
  const { voice } = body;
  const isObject = typeof voice === 'object' && voice !== null && 'id' in voice;
  const name = isObject ? readText({ voice: voice.id }, 'voice') : readText(body, 'voice');
  return name === undefined ? undefined : { kind: 'named', name };
}

/**
 * A clip to clone, as vLLM-Omni and SGLang-Omni take it: `references: [{audio_path, text}]`, or `ref_audio` and `ref_text`.
 * Its bytes come along; no file of this machine is opened for it, and no address is fetched.
 */
function readReference(body: Body): VoiceSource | undefined {
  const { references, ref_audio: audio, ref_text: text } = body;
  const accent = readAccent(body);
  if (references === undefined || references === null) {
    return audio === undefined || audio === null ? undefined : clipOf({ audio, text, accent, field: 'ref_audio' });
  }
  const [first, ...others] = Array.isArray(references) ? (references as readonly unknown[]) : [];
  if (typeof first !== 'object' || first === null || others.length > 0) {
    throw invalid('references', 'The field "references" takes a list of one object with "audio_path" and "text".');
  }
  const reference = first as Body;
  return clipOf({ audio: reference['audio_path'], text: reference['text'], accent, field: 'references' });
}

interface Reference {
  readonly audio: unknown;
  readonly text: unknown;
  readonly accent: Accent | undefined;
  readonly field: string;
}

function clipOf({ audio, text, accent, field }: Reference): VoiceSource {
  const data =
    typeof audio === 'string' ? /^data:[^,]{0,100};base64,(?<data>[\w+/=]*)$/.exec(audio)?.groups?.data : undefined;
  if (data === undefined) throw invalid(field, `The field "${field}" takes a WAV file as a data URL in base64.`);
  const transcript = readText({ text }, 'text', LONGEST_DESCRIPTION);
  if (transcript === undefined) throw invalid(field, 'A clip needs its transcript: the words that are spoken in it.');
  return { kind: 'clip', clip: Buffer.from(data, 'base64'), transcript, ...(accent && { accent }) };
}

/** How whoever speaks in a clip says English; no other server takes it, for their models hear it. */
export function readAccent(body: Body): Accent | undefined {
  const accent = readText(body, 'accent');
  const known = accentNamed(accent);
  if (accent === undefined || known !== undefined) return known;
  throw invalid('accent', `The field "accent" takes ${ACCENTS.map((one) => `"${one}"`).join(' or ')}.`);
}

/** vLLM-Omni's limit, in steps of the model: frames of 40 ms and what lies around them. */
function readLimit(body: Body): { readonly maxSeconds?: number } {
  const steps = readNumber(body, 'max_new_tokens', { min: 1, max: Number.MAX_SAFE_INTEGER, integer: true, unit: '' });
  if (steps === undefined) return {};
  const { min, max } = SAMPLING_RULES.maxSeconds;
  const seconds = (steps - STEPS_BEYOND_FRAMES) / FRAMES_PER_SECOND;
  return { maxSeconds: Math.min(max, Math.max(min, seconds)) };
}

function readFormat(body: Body): { readonly format: SoundFormat; readonly contentType: string } {
  const name = (readText(body, 'response_format') ?? 'mp3').toLowerCase();
  if (Object.hasOwn(FORMATS, name)) return FORMATS[name]!;
  const message = `The field "response_format" takes one of: ${Object.keys(FORMATS).join(', ')}.`;
  throw new ApiError(400, 'unsupported_value', message, { param: 'response_format' });
}

/** Times come as an event, so that nothing else can ask for them. */
function readGranularities(body: Body): readonly Granularity[] {
  const field = 'timestamp_granularities';
  const wanted = body[field];
  if (wanted === undefined || wanted === null) return [];
  const isKnown = (value: unknown): value is Granularity => (GRANULARITIES as readonly unknown[]).includes(value);
  if (!Array.isArray(wanted) || !wanted.every(isKnown)) {
    throw invalid(field, `The field "${field}" takes a list of "segment" and "word".`);
  }
  if (wanted.length > 0 && readText(body, 'stream_format')?.toLowerCase() !== 'sse') {
    throw invalid(field, `Times come as an event: "${field}" takes "stream_format": "sse" beside it.`);
  }
  return wanted;
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
