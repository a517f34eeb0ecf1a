/**
 * What `higgs-tts gpu-check` found best on this machine, remembered in a cache folder: which device `auto` takes, and how each
 * is used.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from './errors.js';
import { defaultCacheDir } from './folders.js';
import type { Device } from './options.js';
import { replaceFile } from './output-file.js';

/** How a device that keeps keys and values itself is used. */
export interface DeviceSettings {
  /** One graph for text and audio, or one for each: then attention's weights are on the device twice. */
  readonly graphs: 'one' | 'two';
  /** Keys and values come in new buffers from each run, or are written into the same ones. */
  readonly buffers: 'new' | 'same';
  /** The most new positions that a run takes at once. */
  readonly longestRunPositions: number;
}

/** A device as it was found. */
export interface CheckedDevice {
  readonly device: Exclude<Device, 'auto'>;
  /** Of the card, as the system tells it. */
  readonly name: string;
  readonly driver?: string;
  readonly memoryMegabytes?: number;
  /** Left out where the device cannot be used; then `failure` says why. */
  readonly settings?: DeviceSettings;
  readonly failure?: string;
  /** Seconds of sound for a second of work, of one sequence, by the model that was measured. */
  readonly timesRealTime?: number;
  /** Of eight sequences at the same time. */
  readonly timesRealTimeOfEight?: number;
}

export interface RememberedCheck {
  readonly version: typeof VERSION;
  /** The settings hold for this release of onnxruntime. */
  readonly onnxruntime: string;
  /** ISO 8601 */
  readonly checkedAt: string;
  /** What was measured: a folder, or the published shapes at random. */
  readonly model: string;
  /** What `auto` takes for a large model; left out where a small one was measured. */
  readonly auto?: Exclude<Device, 'auto'>;
  readonly devices: readonly CheckedDevice[];
}

const FILE = 'gpu-check.json';
/** Goes up when the file can no longer be read as before. */
const VERSION = 1;

export const CHECK_VERSION: typeof VERSION = VERSION;

export function checkFile(cacheDir: string): string {
  return path.join(cacheDir, FILE);
}

/**
 * That of an engine's own cache folder, else that of the platform's, where the command line puts it. Undefined where none was
 * made, or where the file is not one that this version reads. Throws the system's errors.
 */
export async function rememberedCheck(cacheDir = defaultCacheDir()): Promise<RememberedCheck | undefined> {
  return (await checkIn(cacheDir)) ?? (await checkIn(defaultCacheDir()));
}

async function checkIn(cacheDir: string): Promise<RememberedCheck | undefined> {
  try {
    const found = JSON.parse(await readFile(checkFile(cacheDir), 'utf8')) as Partial<RememberedCheck> | null;
    return found?.version === VERSION && Array.isArray(found.devices) ? (found as RememberedCheck) : undefined;
  } catch (error) {
    // A file that is no JSON, or not there: a check brings a new one. The system's other refusals are told.
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Throws the system's errors. */
export async function rememberCheck(cacheDir: string, check: RememberedCheck): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  await replaceFile(checkFile(cacheDir), Buffer.from(`${JSON.stringify(check, undefined, 2)}\n`));
}
