/** Voices over HTTP: lists as clients read them, and, for those who have a key, new voices and their end. */
import { type RegisteredVoice, type RegisterVoiceRequest, type SpeechEngine } from '../../engine/index.js';
import { isObject, voiceKey } from '../../engine/package-api.js';
import { NotJsonObject, parseJsonObject } from '../access/json.js';
import { LONGEST_DESCRIPTION, LONGEST_NAME } from '../access/text-fields.js';
import { ApiError, invalid } from './api-error.js';
import { readBody, type BodyLimits } from './body.js';
import { voiceEntries, type VoiceEntry } from './lists.js';
import type { Exchange } from './router.js';
import { readAccent } from './speech-request.js';

export interface VoiceContext {
  readonly engine: () => SpeechEngine;
  readonly owner: string;
  readonly strictVoices: boolean;
  /** Who may ask has shown a key; without one, nobody may change what there is. */
  readonly hasKeys: boolean;
  readonly limits: BodyLimits;
}

export async function listVoices({ engine, strictVoices }: VoiceContext): Promise<readonly VoiceEntry[]> {
  return voiceEntries(await engine().voices(), strictVoices);
}

/**
 * `POST /v1/audio/voices`: a form with `name`, the clip as the file `audio_sample` (or `file`) and its words as
 * `transcript` (or `ref_text`), perhaps its `accent`, or JSON with the clip in base64. Rejects with what is wrong.
 */
export async function addVoice(context: VoiceContext, { request }: Exchange): Promise<RegisteredVoice> {
  requireKeys(context);
  const type = request.headers['content-type'] ?? '';
  const isForm = /^multipart\/form-data *;/i.test(type);
  if (!isForm && !/^application\/json *(;|$)/i.test(type)) {
    const what = 'The body must be a form (multipart/form-data) or of the type application/json.';
    throw new ApiError(415, 'unsupported_media_type', what);
  }
  const body = await readBody(request, context.limits);
  const fields = isForm ? await formFields(body, type) : jsonFields(body);
  return context.engine().registerVoice(voiceOf(fields), { owner: context.owner });
}

/** `DELETE /v1/audio/voices/<name>`. */
export async function removeVoice(context: VoiceContext, { rest }: Exchange): Promise<{ readonly id: string }> {
  requireKeys(context);
  const id = decode(rest);
  const known = (await context.engine().voices()).find(({ name }) => voiceKey(name) === voiceKey(id));
  if (known === undefined) throw new ApiError(404, 'voice_not_found', 'There is no voice of this name.');
  if (known.origin === 'embedded') throw new ApiError(403, 'voice_embedded', 'Embedded voices stay.');
  await context.engine().removeVoice(known.name);
  return { id: known.name };
}

function requireKeys({ hasKeys }: VoiceContext): void {
  if (hasKeys) return;
  const what = 'Voices can be changed only on a server that asks for API keys, and this one has none.';
  throw new ApiError(403, 'key_required', what);
}

type Fields = Readonly<Record<string, string | Uint8Array>>;

function voiceOf(fields: Fields): RegisterVoiceRequest {
  const clip = fields.audio_sample ?? fields.file ?? fields.clip;
  if (!(clip instanceof Uint8Array)) throw invalid('audio_sample', 'The field "audio_sample" is missing: a WAV file.');
  const transcript =
    textIn(fields, 'transcript', LONGEST_DESCRIPTION) ?? textIn(fields, 'ref_text', LONGEST_DESCRIPTION);
  const name = textIn(fields, 'name', LONGEST_NAME);
  if (name === undefined) throw invalid('name', 'The field "name" is missing.');
  if (transcript === undefined)
    throw invalid('transcript', 'The field "transcript" is missing: the words in the clip.');
  const accent = readAccent(fields);
  return { name, source: { kind: 'clip', clip, transcript, ...(accent && { accent }) } };
}

function textIn(fields: Fields, name: string, longest: number): string | undefined {
  const value = fields[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(name, `The field "${name}" takes a text.`);
  if (value.length > longest) throw invalid(name, `The field "${name}" takes up to ${longest} characters.`);
  return value;
}

async function formFields(body: Buffer, type: string): Promise<Fields> {
  try {
    // Advised against for bodies without a limit; these bytes are here already, and few enough.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    const fields = [...form].map(async ([name, value]) => [
      name,
      typeof value === 'string' ? value : new Uint8Array(await value.arrayBuffer()),
    ]);
    return Object.fromEntries((await Promise.all(fields)) as [string, string | Uint8Array][]);
  } catch {
    throw new ApiError(400, 'invalid_form', 'The body must be a form as its type says.');
  }
}

function jsonFields(body: Buffer): Fields {
  let fields: unknown;
  try {
    fields = parseJsonObject(body);
  } catch (thrown) {
    if (!(thrown instanceof NotJsonObject)) throw thrown;
  }
  if (!isObject(fields)) throw new ApiError(400, 'invalid_json', 'The body must be an object of JSON in UTF-8.');
  const texts = Object.entries(fields).filter((field): field is [string, string] => typeof field[1] === 'string');
  return Object.fromEntries(
    texts.map(([name, text]) => {
      const isClip = ['audio_sample', 'file', 'clip'].includes(name);
      // Some clients send a data URL.
      return [name, isClip ? Buffer.from(text.replace(/^data:[^,]{0,100},/, ''), 'base64') : text];
    }),
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(404, 'voice_not_found', 'There is no voice of this name.');
  }
}
