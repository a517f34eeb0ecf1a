/** Clips as callers give them: a file's path, or its bytes. */
import { HiggsError, systemCode } from '../errors.js';
import { FileRefused, readRegular } from '../regular-file.js';
import type { ClipReport } from '../requests.js';
import {
  atCodecRate,
  checkClipLength,
  encodeWav,
  inspectClip,
  readWav,
  trimSilence,
  wavSeconds,
} from '../sound/index.js';
import { isOtherClip, isVoiceClip } from './voice-name.js';

/** An hour of stereo at 48 kHz and 16 bits is 691 MB; nobody's clip or bed is longer. */
const LIMIT_BYTES = 1_000_000_000;

/** Less silence than this is left where it is. */
const LEAST_TRIM_SECONDS = 0.1;

/**
 * The clip's bytes. Throws HIGGS_CLIP_UNREADABLE naming the file that is missing, no file, or not to be read, and
 * HIGGS_VOICE_FILE_BROKEN where it is a registered voice's and has changed or is gone.
 */
export async function readClip(clip: string | Uint8Array): Promise<Uint8Array> {
  if (typeof clip !== 'string') return clip;
  const unreadable = (why: string, cause?: unknown) =>
    new HiggsError('HIGGS_CLIP_UNREADABLE', `The sound file "${clip}" ${why}.`, { cause });
  const broken = (why: string, cause?: unknown) =>
    new HiggsError('HIGGS_VOICE_FILE_BROKEN', `The clip of a registered voice, "${clip}", ${why}.`, { cause });
  try {
    const bytes = await readRegular(clip, LIMIT_BYTES);
    if (!isOtherClip(clip, bytes)) return bytes;
    throw broken('is damaged');
  } catch (thrown) {
    if (thrown instanceof HiggsError) throw thrown;
    if (thrown instanceof FileRefused) throw unreadable(thrown.message);
    const code = systemCode(thrown);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw isVoiceClip(clip) ? broken('is gone', thrown) : unreadable('does not exist', thrown);
    }
    if (code === 'EACCES' || code === 'EPERM') throw unreadable('may not be read', thrown);
    throw unreadable(`cannot be read (${code ?? String(thrown)})`, thrown);
  }
}

export interface ReferenceClip {
  /** Mono, 24 kHz: what the codec encodes. */
  readonly samples: Float32Array;
  readonly report: ClipReport;
}

/**
 * A clip that is to be a voice, checked and brought to the codec's rate. Its length is checked before it is decoded.
 * Throws HIGGS_CLIP_UNREADABLE, HIGGS_CLIP_TOO_SHORT, HIGGS_CLIP_TOO_LONG, HIGGS_CLIP_SILENT.
 */
export function openReferenceClip(bytes: Uint8Array): ReferenceClip {
  checkClipLength(wavSeconds(bytes));
  const recording = readWav(bytes);
  return { report: inspectClip(recording), samples: atCodecRate(recording) };
}

/** How fit a clip is to be a voice, without making it one. Throws as {@link openReferenceClip} and {@link readClip} do. */
export async function inspectVoiceClip(clip: string | Uint8Array): Promise<ClipReport> {
  return openReferenceClip(await readClip(clip)).report;
}

/**
 * A WAV file without the silence at its ends: mono, 24 bits, its own rate; the same bytes where there is none to speak of.
 * In time that grows with the file: not for the parent process. Throws HIGGS_CLIP_UNREADABLE.
 */
export function trimClip(bytes: Uint8Array): Uint8Array {
  const { samples, sampleRateHz } = readWav(bytes);
  const trimmed = trimSilence(samples, sampleRateHz);
  const isWorthIt = samples.length - trimmed.length > LEAST_TRIM_SECONDS * sampleRateHz;
  return isWorthIt ? encodeWav(trimmed, { bits: 24, sampleRateHz }) : bytes;
}
