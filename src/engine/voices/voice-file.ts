/**
 * A voice as one file, to be taken to another machine: a line of text, then the clip's bytes as they were registered.
 *
 *     HIGGS-VOICE-1 {"name":"Uncle Bob","kind":"clip","transcript":"…","clipBytes":480044,"sha256":"…"}⏎
 *     RIFF…
 *
 * A clip's `accent` is there where it is known. A described voice has `description` in place of `transcript`, and no clip.
 */
import { createHash } from 'node:crypto';
import { HiggsError } from '../errors.js';
import { accentNamed } from '../options.js';
import type { Accent } from '../requests.js';
import { checkVoiceName } from './voice-name.js';

export const VOICE_FILE_EXTENSION = '.higgs-voice';

/** A voice without the place that it lies in. */
export type PortableVoice = { readonly name: string } & (
  | {
      readonly kind: 'clip';
      readonly transcript: string;
      readonly clip: Uint8Array;
      readonly accent?: Accent | undefined;
    }
  | { readonly kind: 'described'; readonly description: string }
);

const MAGIC = 'HIGGS-VOICE-1 ';
/** A clip of a minute in stereo at 192 kHz and 32 bits is 92 MB; no line is longer than this. */
const LIMIT_BYTES = 100_000_000;
const LONGEST_LINE = 100_000;

export function writeVoiceFile(voice: PortableVoice): Uint8Array {
  const clip = voice.kind === 'clip' ? voice.clip : new Uint8Array(0);
  const words =
    voice.kind === 'clip' ? { transcript: voice.transcript, accent: voice.accent } : { description: voice.description };
  const head = { name: voice.name, kind: voice.kind, ...words, clipBytes: clip.length, sha256: sha256Of(clip) };
  return Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify(head)}\n`), clip]);
}

/**
 * The voice in a file that anyone may have written: every field is checked, and nothing of it is taken for a path. The clip
 * is whole, but not looked at. Throws HIGGS_VOICE_FILE_BROKEN, HIGGS_VOICE_NAME_INVALID.
 */
export function readVoiceFile(file: Uint8Array): PortableVoice {
  if (file.length > LIMIT_BYTES) throw broken(`is larger than ${LIMIT_BYTES / 1e6} MB`);
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const lineEnd = bytes.subarray(0, LONGEST_LINE).indexOf('\n');
  if (lineEnd < 0 || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw broken('is no exported voice');
  const head = parseHead(bytes.toString('utf8', MAGIC.length, lineEnd));
  const clip = Uint8Array.from(bytes.subarray(lineEnd + 1));
  if (head.clipBytes !== clip.length || head.sha256 !== sha256Of(clip)) throw broken('has changed or is not whole');
  const name = checkVoiceName(textOf(head, 'name'));
  if (head.kind === 'described') return { name, kind: 'described', description: textOf(head, 'description') };
  if (head.kind === 'clip') {
    const accent = accentOf(head);
    return { name, kind: 'clip', transcript: textOf(head, 'transcript'), clip, ...(accent && { accent }) };
  }
  throw broken('holds a kind of voice that is not known');
}

function parseHead(line: string): Readonly<Record<string, unknown>> {
  try {
    const head: unknown = JSON.parse(line);
    if (typeof head === 'object' && head !== null) return head as Readonly<Record<string, unknown>>;
  } catch {
    // Told below, as what is no object is.
  }
  throw broken('does not say what it holds');
}

function textOf(head: Readonly<Record<string, unknown>>, name: string): string {
  const value = head[name];
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw broken(`has no "${name}"`);
}

function accentOf({ accent }: Readonly<Record<string, unknown>>): Accent | undefined {
  const known = accentNamed(accent);
  if (accent === undefined || known !== undefined) return known;
  throw broken('has an accent that is not known');
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function broken(what: string): HiggsError {
  return new HiggsError('HIGGS_VOICE_FILE_BROKEN', `The file of a voice ${what}.`);
}
