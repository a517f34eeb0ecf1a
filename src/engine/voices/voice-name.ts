/** Names of voices, and the files that they become. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { HiggsError } from '../errors.js';

const LONGEST = 64;
const ALLOWED = /^[\p{L}\p{N}_-][\p{L}\p{M}\p{N} _-]*$/u;

/**
 * The name as it is kept: trimmed, runs of spaces as one, composed letters.
 * 1 to 64 letters of any script, digits, spaces, "-" and "_"; throws HIGGS_VOICE_NAME_INVALID for others.
 */
export function checkVoiceName(name: string): string {
  const kept = tidy(name);
  if (Array.from(kept).length > LONGEST || !ALLOWED.test(kept)) {
    throw new HiggsError(
      'HIGGS_VOICE_NAME_INVALID',
      `The voice cannot be named ${JSON.stringify(name.slice(0, 100))}.`,
    );
  }
  return kept;
}

/** Names with equal keys are one name: "Ella" and "ELLA" are the same voice. */
export function voiceKey(name: string): string {
  return tidy(name).normalize('NFKC').toLowerCase();
}

/** A file name without its ending, safe on every system: what of the name is ASCII to be read, a hash to be unlike others. */
export function voiceFileStem(name: string): string {
  const key = voiceKey(name);
  const readable = key.replace(/[^a-z0-9]+/g, '-').slice(0, 32);
  return `voice-${readable}-${createHash('sha256').update(key).digest('hex').slice(0, 12)}`;
}

/** The name of a registered voice's clip, which says what is in it. */
export function voiceClipName(name: string, clip: Uint8Array): string {
  return `${voiceFileStem(name)}.${clipHash(clip)}.wav`;
}

/** Whether `file` is called like a registered voice's clip. */
export function isVoiceClip(file: string): boolean {
  return hashIn(file) !== undefined;
}

/** True where `file` is called like a registered voice's clip but holds something else. */
export function isOtherClip(file: string, clip: Uint8Array): boolean {
  const hash = hashIn(file);
  return hash !== undefined && hash !== clipHash(clip);
}

function hashIn(file: string): string | undefined {
  return /^voice-[a-z0-9-]*-[0-9a-f]{12}\.([0-9a-f]{16})\.wav$/.exec(path.basename(file))?.[1];
}

function clipHash(clip: Uint8Array): string {
  return createHash('sha256').update(clip).digest('hex').slice(0, 16);
}

function tidy(name: string): string {
  return name.normalize('NFC').trim().replace(/ +/g, ' ');
}
