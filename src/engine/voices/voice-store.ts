/** Voices by name: the embedded ones, and those that were registered, which are files and so outlive a restart. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError, systemCode } from '../errors.js';
import { notice } from '../notices.js';
import { accentNamed } from '../options.js';
import { writeWhole } from '../output-file.js';
import { FileRefused, readRegular } from '../regular-file.js';
import type { Accent, ClipReport, RegisterVoiceRequest, VoiceInfo, VoiceSource } from '../requests.js';
import { readClip } from './clip-file.js';
import { checkVoiceName, voiceClipName, voiceFileStem, voiceKey } from './voice-name.js';

/** What a named voice stands for: a clip's file and its transcript, or a description. */
export type VoiceMaterial =
  | { readonly kind: 'clip'; readonly clip: string; readonly transcript: string; readonly accent?: Accent | undefined }
  | Extract<VoiceSource, { kind: 'described' }>;

/** A transcript and some words beside it. */
const LARGEST_BYTES = 1_000_000;

export interface StoredVoice {
  readonly info: VoiceInfo;
  readonly source: VoiceMaterial;
}

export interface VoiceFolders {
  /** Registered voices lie in its `voices` folder, which is made when the first one comes. */
  readonly dataDir: string;
  /** Holds `voices.json` and the clips that it names. */
  readonly embeddedDir: string;
}

/** An entry of `models/embedded/voices/voices.json`. */
interface EmbeddedEntry {
  readonly name: string;
  readonly description: string;
  readonly transcript: string;
  readonly file: string;
  readonly seconds: number;
  readonly accent?: Accent;
}

/** A registered voice's file; its clip lies beside it under `source.clip`. */
interface VoiceFile {
  readonly version: 1;
  readonly name: string;
  readonly source: VoiceMaterial;
  readonly durationSeconds?: number;
}

export class VoiceStore {
  private readonly voicesDir: string;
  private embedded: Promise<readonly StoredVoice[]> | undefined;

  constructor(private readonly folders: VoiceFolders) {
    this.voicesDir = path.join(folders.dataDir, 'voices');
  }

  /** The embedded voices in their own order, then the registered ones by name. */
  async list(): Promise<readonly VoiceInfo[]> {
    const registered = (await this.readRegistered()).map(({ info }) => info);
    registered.sort((a, b) => voiceKey(a.name).localeCompare(voiceKey(b.name), 'en'));
    return [...(await this.readEmbedded()).map(({ info }) => info), ...registered];
  }

  /** Throws HIGGS_VOICE_UNKNOWN, which names the voices that there are, and HIGGS_VOICE_FILE_BROKEN. */
  async get(name: string): Promise<StoredVoice> {
    const found = (await this.findEmbedded(name)) ?? (await this.readVoice(`${voiceFileStem(name)}.json`));
    if (found !== undefined) return found;
    throw await this.unknown(`There is no voice named ${JSON.stringify(name)}`);
  }

  /**
   * The name as it would be kept, where a voice may have it: to be asked before a clip is worked on.
   * Throws HIGGS_VOICE_NAME_INVALID, HIGGS_VOICE_EXISTS.
   */
  async checkFree(name: string, replace = false): Promise<string> {
    const kept = checkVoiceName(name);
    if ((await this.findEmbedded(kept)) !== undefined) {
      throw new HiggsError('HIGGS_VOICE_EXISTS', `"${kept}" is the name of an embedded voice.`);
    }
    if (!replace && (await this.hasVoice(`${voiceFileStem(kept)}.json`))) {
      throw new HiggsError('HIGGS_VOICE_EXISTS', `A voice named "${kept}" is registered already.`);
    }
    return kept;
  }

  /**
   * Keeps a voice. The clip is kept as it is given, unread: checking it is the caller's, who tells its length by `report`.
   * The clip is written first and the voice's own file, which names it, last, each of them whole or not at all: a voice is
   * there with its clip, or as it was before. Throws HIGGS_VOICE_NAME_INVALID, HIGGS_VOICE_EXISTS,
   * HIGGS_VOICE_TRANSCRIPT_MISSING, HIGGS_OPTION_INVALID for an empty description, HIGGS_CLIP_UNREADABLE, HIGGS_DISK_FULL,
   * HIGGS_OUTPUT_UNWRITABLE.
   */
  save(request: RegisterVoiceRequest, report?: Pick<ClipReport, 'durationSeconds'>): Promise<VoiceInfo> {
    return inTurn(this.voicesDir, () => this.write(request, report));
  }

  /**
   * Gives a registered voice another name; the other may be the same in other letters. Killed in between, it leaves both.
   * Throws what {@link save} does, and HIGGS_VOICE_UNKNOWN.
   */
  rename(name: string, to: string): Promise<VoiceInfo> {
    return inTurn(this.voicesDir, async () => {
      const found = await this.readVoice(`${voiceFileStem(name)}.json`);
      if (found === undefined) throw await this.unknown(`There is no registered voice named ${JSON.stringify(name)}`);
      const { info, source } = found;
      const isSame = voiceKey(name) === voiceKey(to);
      const length = info.durationSeconds === undefined ? undefined : { durationSeconds: info.durationSeconds };
      const renamed = await this.write({ name: to, source, replace: isSame }, length);
      if (!isSame) await this.erase(name);
      return renamed;
    });
  }

  /** Throws HIGGS_VOICE_UNKNOWN where no registered voice has the name, HIGGS_OUTPUT_UNWRITABLE where it cannot be removed. */
  remove(name: string): Promise<void> {
    return inTurn(this.voicesDir, () => this.erase(name));
  }

  private async write(
    { name, source, replace }: RegisterVoiceRequest,
    report?: Pick<ClipReport, 'durationSeconds'>,
  ): Promise<VoiceInfo> {
    const kept = await this.checkFree(name, replace);
    checkWords(kept, source);
    const bytes = source.kind === 'clip' ? await readClip(source.clip) : undefined;
    await makeFolder(this.voicesDir);
    const stem = voiceFileStem(kept);
    const material = source.kind === 'clip' ? { ...source, clip: voiceClipName(kept, bytes!) } : source;
    const duration = report === undefined ? {} : { durationSeconds: report.durationSeconds };
    const file: VoiceFile = { version: 1, name: kept, source: material, ...duration };
    if (material.kind === 'clip') await writeWhole(path.join(this.voicesDir, material.clip), bytes!);
    await writeWhole(path.join(this.voicesDir, `${stem}.json`), Buffer.from(JSON.stringify(file, undefined, 1)));
    await this.removeClips(stem, material.kind === 'clip' ? material.clip : undefined);
    return this.toStored(file).info;
  }

  private async erase(name: string): Promise<void> {
    const stem = voiceFileStem(name);
    try {
      await fs.rm(path.join(this.voicesDir, `${stem}.json`));
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') {
        throw await this.unknown(`There is no registered voice named ${JSON.stringify(name)}`);
      }
      throw folderError(this.voicesDir, thrown);
    }
    await this.removeClips(stem);
  }

  /** Clips of a voice that no file names any more. One that cannot be removed does no harm. */
  private async removeClips(stem: string, except?: string): Promise<void> {
    for (const file of await fs.readdir(this.voicesDir).catch(() => [])) {
      const isOld = file.startsWith(`${stem}.`) && file.endsWith('.wav') && file !== except;
      if (isOld) await fs.rm(path.join(this.voicesDir, file), { force: true }).catch(() => undefined);
    }
  }

  private async findEmbedded(name: string): Promise<StoredVoice | undefined> {
    const key = voiceKey(name);
    return (await this.readEmbedded()).find(({ info }) => voiceKey(info.name) === key);
  }

  private readEmbedded(): Promise<readonly StoredVoice[]> {
    return (this.embedded ??= readEmbeddedVoices(this.folders.embeddedDir));
  }

  private async readRegistered(): Promise<StoredVoice[]> {
    const files = await fs.readdir(this.voicesDir).catch(() => []);
    const voices = await Promise.all(
      files
        .filter((file) => file.endsWith('.json'))
        .map((file) =>
          this.readVoice(file).catch((thrown: unknown) => {
            // The others are there all the same.
            notice(HiggsError.from(thrown).message);
            return undefined;
          }),
        ),
    );
    return voices.filter((voice) => voice !== undefined);
  }

  /** A damaged file keeps no name from being used. */
  private async hasVoice(file: string): Promise<boolean> {
    return (await this.readVoice(file).catch(() => undefined)) !== undefined;
  }

  /** Undefined where there is no such file. Throws HIGGS_VOICE_FILE_BROKEN where it is no voice. */
  private async readVoice(name: string): Promise<StoredVoice | undefined> {
    const file = path.join(this.voicesDir, name);
    const broken = (why: string, cause?: unknown): HiggsError =>
      new HiggsError('HIGGS_VOICE_FILE_BROKEN', `The file of a registered voice, "${file}", ${why}.`, { cause });
    let text: string;
    try {
      text = (await readRegular(file, LARGEST_BYTES, { within: this.voicesDir })).toString('utf8');
    } catch (thrown) {
      if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') return undefined;
      throw broken(thrown instanceof FileRefused ? thrown.message : 'cannot be read', thrown);
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (thrown) {
      throw broken('is damaged: it is not JSON', thrown);
    }
    if (isVoiceFile(parsed)) return this.toStored(parsed);
    throw broken('is damaged: it holds no voice');
  }

  private toStored({ name, source, durationSeconds }: VoiceFile): StoredVoice {
    const duration = durationSeconds === undefined ? {} : { durationSeconds };
    if (source.kind === 'described') {
      return { info: { name, origin: 'registered', description: source.description }, source };
    }
    const { transcript, accent } = source;
    const clip = path.join(this.voicesDir, path.basename(source.clip));
    return {
      info: { name, origin: 'registered', transcript, ...duration },
      source: { kind: 'clip', clip, transcript, ...(accent && { accent }) },
    };
  }

  private async unknown(what: string): Promise<HiggsError> {
    const names = (await this.list()).map(({ name }) => name).join(', ');
    return new HiggsError('HIGGS_VOICE_UNKNOWN', `${what}; the voices are: ${names}.`);
  }
}

async function readEmbeddedVoices(embeddedDir: string): Promise<readonly StoredVoice[]> {
  const list = path.join(embeddedDir, 'voices.json');
  try {
    const entries = JSON.parse(await fs.readFile(list, 'utf8')) as EmbeddedEntry[];
    return entries.map(({ name, description, transcript, file, seconds, accent }) => ({
      info: { name, origin: 'embedded', description, transcript, durationSeconds: seconds },
      source: { kind: 'clip', clip: path.join(embeddedDir, file), transcript, ...(accent && { accent }) },
    }));
  } catch (cause) {
    throw new HiggsError('HIGGS_CHECKPOINT_BROKEN', `The list of embedded voices, "${list}", cannot be read.`, {
      cause,
    });
  }
}

function checkWords(name: string, source: RegisterVoiceRequest['source']): void {
  if (source.kind === 'clip' && source.transcript.trim() === '') {
    throw new HiggsError('HIGGS_VOICE_TRANSCRIPT_MISSING', `The voice "${name}" has a clip without a transcript.`);
  }
  if (source.kind === 'described' && source.description.trim() === '') {
    throw new HiggsError('HIGGS_OPTION_INVALID', `The option "description" of the voice "${name}" is empty.`);
  }
}

/** What is done last in each folder of voices; the next change waits for it. */
const lastChanges = new Map<string, Promise<unknown>>();

/** Two changes at once could each take a name that was free, or remove the clip of the other. */
function inTurn<T>(folder: string, change: () => Promise<T>): Promise<T> {
  const done = (lastChanges.get(folder) ?? Promise.resolve()).then(change, change);
  lastChanges.set(folder, done);
  return done;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw folderError(folder, thrown);
  }
}

function folderError(folder: string, cause: unknown): HiggsError {
  const code = systemCode(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new HiggsError('HIGGS_DISK_FULL', `The disk is full: nothing could be written in "${folder}".`, { cause });
  }
  return new HiggsError(
    'HIGGS_OUTPUT_UNWRITABLE',
    `The folder "${folder}" cannot be written (${code ?? 'why is unknown'}).`,
    {
      cause,
    },
  );
}

function isVoiceFile(value: unknown): value is VoiceFile {
  if (typeof value !== 'object' || value === null) return false;
  const { version, name, source } = value as Readonly<Record<string, unknown>>;
  if (version !== 1 || typeof name !== 'string' || typeof source !== 'object' || source === null) return false;
  const { kind, clip, transcript, description, accent } = source as Readonly<Record<string, unknown>>;
  if (kind === 'described') return typeof description === 'string';
  if (kind !== 'clip' || typeof clip !== 'string' || typeof transcript !== 'string') return false;
  return accent === undefined || accentNamed(accent) !== undefined;
}
