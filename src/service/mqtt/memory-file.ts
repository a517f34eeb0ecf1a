/** What the announcer keeps over restarts, in one small file. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { HiggsError } from '../../engine/index.js';
import { systemCode, writeWhole } from '../../engine/package-api.js';
import type { SeenState } from './seen-messages.js';
import type { Settings } from './settings.js';
import type { WaitingEntry } from './waiting-list.js';

const VERSION = 1;

export interface Memory {
  readonly settings?: Settings;
  readonly waiting: readonly WaitingEntry[];
  readonly seen: SeenState;
}

const NOTHING: Memory = { waiting: [], seen: { ids: [], deliveries: [] } };

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
      const kept = JSON.parse(text) as Memory & { version: number };
      if (kept.version !== VERSION) throw new Error(`it is of version ${kept.version}`);
      if (!Array.isArray(kept.waiting) || !Array.isArray(kept.seen.ids) || !Array.isArray(kept.seen.deliveries)) {
        throw new Error('parts of it are missing');
      }
      return kept;
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
    return new HiggsError('HIGGS_INTERNAL', what, { cause });
  }
}
