/** Chimes and recordings that are kept in the user directory and called by name: `sound:doorbell`. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { CHIMES, defaultDataDir, encodeSound, HiggsError, ringChime, SAMPLE_RATE_HZ } from '../../src/engine/index.js';
import { openRegular, writeWhole } from '../../src/engine/package-api.js';
import { containerOf } from '../../src/players/index.js';
import type { NodeAPI } from './node-red.js';
import { readFileBytes } from './read-file-bytes.js';
import { invalid } from './readers.js';

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} _-]{0,63}$/u;
const REFERENCE = /^sound:(.*)$/su;
/** Half an hour of WAV. */
const LIMIT_BYTES = 100_000_000;

export interface StoredSound {
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
}

/** The name in `sound:<name>`; undefined for any other text. */
export function soundNameIn(text: unknown): string | undefined {
  return typeof text === 'string' ? REFERENCE.exec(text.trim())?.[1]?.trim() : undefined;
}

export function storedSoundsOf(red: NodeAPI): StoredSounds {
  const { userDir } = red.settings;
  const home = userDir === undefined ? defaultDataDir() : path.resolve(userDir, 'higgs-tts');
  return new StoredSounds(path.join(home, 'sounds'));
}

/** One file each, `<name>.<extension>`; what somebody puts there by hand counts as well. */
export class StoredSounds {
  constructor(private readonly folder: string) {}

  async list(): Promise<readonly StoredSound[]> {
    const names = await this.names();
    const sounds = await Promise.all(names.map((name) => this.look(name)));
    return sounds.filter((sound) => sound !== undefined);
  }

  /** A chime that the engine can ring counts as stored, as long as no other sound has its name. Throws HIGGS_SOUND_MISSING that lists those that are there. */
  async read(name: string): Promise<Uint8Array> {
    const file = await this.fileOf(name);
    if (file !== undefined) return readFileBytes(file, { code: 'HIGGS_SOUND_MISSING' });
    const chime = CHIMES.find((known) => known === name);
    if (chime !== undefined)
      return encodeSound({ channels: [ringChime(chime)], sampleRateHz: SAMPLE_RATE_HZ }, 'wav16');
    const names = [...(await this.names()).map(nameOf), ...CHIMES];
    const what = `There is no stored sound "${name.slice(0, 80)}"; there are: ${names.join(', ')}.`;
    throw new HiggsError('HIGGS_SOUND_MISSING', what);
  }

  /** In place of the one of that name. Throws HIGGS_OPTION_INVALID, HIGGS_SOUND_UNPLAYABLE, HIGGS_OUTPUT_UNWRITABLE, HIGGS_DISK_FULL. */
  async put(name: string, bytes: Uint8Array): Promise<void> {
    if (!NAME.test(name)) throw invalid('name', name, '1 to 64 letters, digits, spaces, "-" or "_"');
    const container = containerOf(bytes);
    if (container === undefined || bytes.byteLength > LIMIT_BYTES) {
      const what = container === undefined ? 'is no sound file that is known' : `has more than ${LIMIT_BYTES / 1e6} MB`;
      throw new HiggsError('HIGGS_SOUND_UNPLAYABLE', `The file for "${name}" ${what}.`);
    }
    await fs.mkdir(this.folder, { recursive: true }).catch((cause: unknown) => {
      throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The folder "${this.folder}" cannot be made.`, { cause });
    });
    const before = await this.fileOf(name);
    const file = path.join(this.folder, `${name}.${container.extension}`);
    await writeWhole(file, bytes);
    if (before !== undefined && before !== file) await fs.rm(before, { force: true });
  }

  /** Throws HIGGS_SOUND_MISSING. */
  async remove(name: string): Promise<void> {
    const file = await this.fileOf(name);
    if (file === undefined)
      throw new HiggsError('HIGGS_SOUND_MISSING', `There is no stored sound "${name.slice(0, 80)}".`);
    await fs.rm(file, { force: true });
  }

  private async look(fileName: string): Promise<StoredSound | undefined> {
    // Between the list and this it may have become something else, or gone.
    const file = await openRegular(path.join(this.folder, fileName)).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      const head = Buffer.alloc(16);
      await file.read(head, 0, head.length, 0);
      const container = containerOf(head);
      if (container === undefined) return undefined;
      return { name: nameOf(fileName), bytes: (await file.stat()).size, mediaType: container.mediaType };
    } finally {
      await file.close();
    }
  }

  /** By the list of what is there, so that no name leads out of the folder. */
  private async fileOf(name: string): Promise<string | undefined> {
    const found = (await this.names()).find((fileName) => nameOf(fileName) === name);
    return found === undefined ? undefined : path.join(this.folder, found);
  }

  /** Of files; empty where there is no folder yet. */
  private async names(): Promise<readonly string[]> {
    const entries = await fs.readdir(this.folder, { withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile() && NAME.test(nameOf(entry.name)));
    return files.map(({ name }) => name).sort((a, b) => a.localeCompare(b));
  }
}

function nameOf(fileName: string): string {
  return path.parse(fileName).name;
}
