/** Which file a sound goes into, and that no two sounds go into one by accident. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../../src/engine/index.js';
import { checkWritable, FileRefused, readRegular, systemCode, writeWhole } from '../../src/engine/package-api.js';
import type { OVERWRITE_RULES } from './catalogue.js';
import { numbered } from './file-pattern.js';
import { leaveOut } from './values.js';

export type OverwriteRule = (typeof OVERWRITE_RULES)[number];

/** A day of speech has some 2 MB of them. */
const LARGEST_SUBTITLES_BYTES = 10e6;

/** A place for a sound, and for its subtitles beside it. */
export interface OutputFile {
  readonly file: string;
  /** Of the same stem, where there are to be subtitles. */
  readonly subtitleFile?: string;
  /** The sound is there and stays as it is: there is nothing to speak. */
  readonly isKept: boolean;
  /** What lies in `subtitleFile` beside a sound that is kept. */
  readonly keptSubtitles?: string;
  /** Writes the whole of it, or nothing. Throws HIGGS_DISK_FULL or HIGGS_OUTPUT_UNWRITABLE. */
  write(bytes: Uint8Array, subtitleText?: string): Promise<void>;
  /** Gives the names back; to be called once, whether or not they were written. */
  release(): void;
}

/** Names that this process will write: a file that is not there yet is taken all the same. */
const claimed = new Map<string, number>();

/**
 * Takes `file` by `rule`: `replace` writes over it, `number` takes the next free `name-2`, `keep` leaves one that is
 * there, `error` refuses it. Where `subtitles` says how their file ends (`vtt`), the rule holds for both, but whether there is
 * something to keep the sound says alone. Folders below `existingFolder` are made. Throws HIGGS_OUTPUT_UNWRITABLE, before any work.
 */
export async function claimFile(
  file: string,
  rule: OverwriteRule,
  existingFolder: string,
  subtitles?: string,
): Promise<OutputFile> {
  const folder = path.dirname(file);
  if (path.relative(existingFolder, folder) !== '') {
    await checkWritable(path.join(existingFolder, 'probe'));
    await fs.mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The folder "${folder}" cannot be made.`, { cause });
    });
  }
  for (const name of together(file, subtitles)) await checkWritable(name);
  const names = rule === 'number' ? await freeNames(file, subtitles) : claim(together(file, subtitles));
  const [name, subtitleFile] = names;
  try {
    if (rule === 'error') await refuseTaken(names);
    const isKept = rule === 'keep' && (await exists(name));
    return {
      file: name,
      isKept,
      ...leaveOut({ subtitleFile, keptSubtitles: isKept ? await readSubtitles(subtitleFile) : undefined }),
      write: async (bytes, text) => {
        // Another message may have been quicker; what it wrote is what was asked for.
        if (rule === 'keep' && (await exists(name))) return;
        await writeTogether(name, bytes, subtitleFile, text);
      },
      release: () => release(names),
    };
  } catch (thrown) {
    release(names);
    throw thrown;
  }
}

/** The sound's, and that of its subtitles where it has some. */
type Names = readonly [sound: string, ...subtitles: string[]];

function together(file: string, subtitles: string | undefined): Names {
  if (subtitles === undefined) return [file];
  const { dir, name, ext } = path.parse(file);
  if (ext.toLowerCase() !== `.${subtitles}`) return [file, path.join(dir, `${name}.${subtitles}`)];
  const what = `The file "${file}" is named as its subtitles would be; a sound's name ends otherwise.`;
  throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', what);
}

async function freeNames(file: string, subtitles: string | undefined): Promise<Names> {
  for (let number = 1; ; number++) {
    const names = together(number === 1 ? file : numbered(file, number), subtitles);
    // Claimed before the disk is asked, so that nobody else asks for the same name meanwhile.
    if (names.some((name) => claimed.has(name))) continue;
    claim(names);
    if (!(await anyExists(names))) return names;
    release(names);
  }
}

async function refuseTaken(names: readonly string[]): Promise<void> {
  for (const name of names) {
    if (claimed.get(name)! > 1 || (await exists(name)))
      throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The file "${name}" is there already.`);
  }
}

/** The subtitles first: whoever finds the sound finds them too, and a sound that is kept was not left without them. */
async function writeTogether(file: string, bytes: Uint8Array, subtitleFile?: string, text?: string): Promise<void> {
  if (subtitleFile === undefined || text === undefined) return writeWhole(file, bytes);
  await writeWhole(subtitleFile, Buffer.from(text));
  try {
    await writeWhole(file, bytes);
  } catch (thrown) {
    // They are of a sound that is not there.
    await fs.rm(subtitleFile, { force: true }).catch(() => undefined);
    throw thrown;
  }
}

async function readSubtitles(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return (await readRegular(file, LARGEST_SUBTITLES_BYTES)).toString('utf8');
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined;
    const why = cause instanceof FileRefused ? cause.message : 'cannot be read';
    throw new HiggsError('HIGGS_OUTPUT_UNWRITABLE', `The file "${file}" ${why}.`, { cause });
  }
}

function claim(names: Names): Names {
  for (const name of names) claimed.set(name, (claimed.get(name) ?? 0) + 1);
  return names;
}

function release(names: readonly string[]): void {
  for (const name of names) {
    const others = (claimed.get(name) ?? 1) - 1;
    if (others > 0) claimed.set(name, others);
    else claimed.delete(name);
  }
}

async function anyExists(names: readonly string[]): Promise<boolean> {
  return (await Promise.all(names.map((name) => exists(name)))).some(Boolean);
}

async function exists(file: string): Promise<boolean> {
  return fs.access(file).then(
    () => true,
    () => false,
  );
}
