/** What the announcer keeps over restarts, in one small file. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../../engine/index.js';
import { checkNumber, isObject, systemCode, writeWhole } from '../../engine/package-api.js';
import { parseJsonObject } from '../access/json.js';
import { readAnnouncement } from './command.js';
import { ANNOUNCER_RULES } from './rules.js';
import type { SeenState } from './seen-messages.js';
import type { Settings } from './settings.js';
import type { WaitingEntry } from './waiting-list.js';

const VERSION = 1;
/** Times in milliseconds that a Date can hold. */
const LATEST_MS = 8.64e15;

export interface Memory {
  readonly settings?: Settings;
  readonly waiting: readonly WaitingEntry[];
  readonly seen: SeenState;
}

const NOTHING: Memory = { waiting: [], seen: { ids: [], deliveries: [] } };

/** What others may have written into the file is looked at as closely as a command. Throws where a part is wrong. */
function readMemory({ version, settings, waiting, seen }: Readonly<Record<string, unknown>>): Memory {
  if (version !== VERSION) throw new Error(`it is of version ${JSON.stringify(version)}`);
  if (!Array.isArray(waiting) || !isObject(seen)) throw new Error('parts of it are missing');
  return {
    ...(settings === undefined ? {} : { settings: readSettings(settings) }),
    waiting: waiting.map(readEntry),
    seen: readSeen(seen),
  };
}

function readSettings(value: unknown): Settings {
  if (!isObject(value)) throw new Error('its settings are no settings');
  const { voice, music, volume } = value;
  if (typeof music !== 'boolean' || (voice !== undefined && typeof voice !== 'string')) {
    throw new Error('its settings are wrong');
  }
  return {
    ...(voice === undefined ? {} : { voice }),
    music,
    volume: checkNumber('volume', volume, ANNOUNCER_RULES.volume),
  };
}

function readEntry(value: unknown): WaitingEntry {
  if (!isObject(value) || !isObject(value.announcement)) throw new Error('an announcement in it is none');
  const { announcement, dueAtMs, spokenCount } = value;
  return {
    announcement: readAnnouncement(announcement),
    dueAtMs: checkNumber('dueAtMs', dueAtMs ?? null, { fallback: 0, min: 0, max: LATEST_MS, unit: 'ms' }),
    spokenCount: checkNumber('spokenCount', spokenCount ?? null, { ...ANNOUNCER_RULES.times, min: 0 }),
  };
}

function readSeen({ ids, deliveries }: Readonly<Record<string, unknown>>): SeenState {
  const isDelivery = (one: unknown): one is readonly [number, string] =>
    Array.isArray(one) && Number.isInteger(one[0]) && typeof one[1] === 'string';
  const isId = (one: unknown): one is string => typeof one === 'string';
  if (!Array.isArray(ids) || !ids.every(isId)) throw new Error('its ids are none');
  if (!Array.isArray(deliveries) || !deliveries.every(isDelivery)) throw new Error('its deliveries are none');
  return { ids, deliveries };
}

export class MemoryFile {
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(private readonly file: string) {}

  /** What was kept, or nothing; a file that cannot be read is told to `onWarning`, and its announcements are lost. */
  async load(onWarning: (error: HiggsError) => void): Promise<Memory> {
    let text: string;
    try {
      await fs.mkdir(path.dirname(this.file), { recursive: true });
      text = await fs.readFile(this.file, 'utf8');
    } catch (thrown) {
      if (systemCode(thrown) !== 'ENOENT') onWarning(this.unreadable(thrown));
      return NOTHING;
    }
    try {
      return readMemory(parseJsonObject(Buffer.from(text)));
    } catch (thrown) {
      onWarning(this.unreadable(thrown));
      return NOTHING;
    }
  }

  /**
   * Writes what `memory` gives when it is this write's turn; calls that come while another write goes on share the next
   * one. The file is whole at any time, and on the disk when this settles.
   */
  save(memory: () => Memory): Promise<void> {
    this.next ??= this.writing
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        this.writing = writeWhole(this.file, Buffer.from(JSON.stringify({ version: VERSION, ...memory() })));
        return this.writing;
      });
    return this.next;
  }

  async remove(): Promise<void> {
    await this.writing.catch(() => undefined);
    await fs.rm(this.file, { force: true }).catch(() => undefined);
  }

  private unreadable(cause: unknown): HiggsError {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `What the announcer kept in "${this.file}" cannot be read (${why}); it begins anew.`;
    return new HiggsError('HIGGS_ANNOUNCER_FILE_BROKEN', what, { cause });
  }
}
