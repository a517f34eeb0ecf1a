/**
 * A take as a file: what it is and how long its parts are, as JSON in one line, then the samples as little-endian 32-bit
 * floats, then a SHA-256 over all before it. Nothing is lost: what comes out is what went in, sample by sample.
 */
import { createHash } from 'node:crypto';
import type { SpeakResult } from '../requests.js';

/** What is kept; what tells of the work that it cost is not. */
export type Take = Omit<SpeakResult, 'cached'>;

/** The first word of the file; goes up with every change of the form. */
const MAGIC = 'HIGGS-TAKE-1 ';
const CHECK_BYTES = 32;

/** The JSON line: the take without its samples, and which parts there are. */
interface Head {
  readonly facts: Omit<Take, 'samples' | 'channels' | 'stems'>;
  readonly sampleCount: number;
  readonly isStereo: boolean;
  readonly stems: readonly string[];
}

export function encodeTake({ samples, channels, stems = {}, ...facts }: Take): Uint8Array {
  const names = Object.keys(stems);
  const head: Head = { facts, sampleCount: samples.length, isStereo: channels !== undefined, stems: names };
  const tracks = [samples, ...(channels ?? []), ...names.map((name) => stems[name]!)];
  const body = Buffer.concat([Buffer.from(`${MAGIC}${JSON.stringify(head)}\n`), ...tracks.map(bytesOf)]);
  return Buffer.concat([body, checkOf(body)]);
}

/** Undefined for anything that {@link encodeTake} did not write, or that something has happened to since. */
export function decodeTake(file: Uint8Array): Take | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const body = bytes.subarray(0, -CHECK_BYTES);
  if (bytes.length < CHECK_BYTES || !checkOf(body).equals(bytes.subarray(-CHECK_BYTES))) return undefined;
  const lineEnd = body.indexOf('\n');
  if (lineEnd < 0 || body.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
  // The check sum holds, so this is what was written.
  const head = JSON.parse(body.toString('utf8', MAGIC.length, lineEnd)) as Head;
  let at = lineEnd + 1;
  const next = (): Float32Array => {
    const track = floatsOf(body.subarray(at, (at += 4 * head.sampleCount)));
    return track;
  };
  const samples = next();
  const channels = head.isStereo ? ([next(), next()] as const) : undefined;
  const stems = head.stems.map((name) => [name, next()] as const);
  return {
    ...head.facts,
    samples,
    ...(channels ? { channels } : {}),
    ...(stems.length > 0 ? { stems: Object.fromEntries(stems) } : {}),
  };
}

function checkOf(body: Uint8Array): Buffer {
  return createHash('sha256').update(body).digest();
}

function bytesOf(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * samples.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < samples.length; at++) view.setFloat32(4 * at, samples[at]!, true);
  return bytes;
}

function floatsOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
}
