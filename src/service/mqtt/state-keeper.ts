/** Keeps on the disk what must last over restarts, and tells once where that fails. */
import { HiggsError } from '../../engine/index.js';
import type { Memory, MemoryFile } from './memory-file.js';

/** How long until it is tried again where the disk did not take it. */
const RETRY_MS = 10_000;

export class StateKeeper {
  private retry: NodeJS.Timeout | undefined;
  private isFailing = false;

  constructor(
    private readonly file: MemoryFile,
    private readonly state: () => Memory,
    private readonly onWarning: (error: HiggsError) => void,
    /** After a failure the disk takes it again. */
    private readonly onRecovered: () => void,
  ) {}

  /** Whether all there is now is on the disk. Never rejects. */
  async keep(): Promise<boolean> {
    try {
      await this.file.save(this.state);
    } catch (thrown) {
      this.failed(HiggsError.from(thrown));
      return false;
    }
    clearTimeout(this.retry);
    this.retry = undefined;
    const recovered = this.isFailing;
    this.isFailing = false;
    if (recovered) this.onRecovered();
    return true;
  }

  /** Tries no more by itself. */
  close(): void {
    clearTimeout(this.retry);
  }

  async remove(): Promise<void> {
    await this.file.remove();
  }

  private failed(error: HiggsError): void {
    if (!this.isFailing) this.onWarning(error);
    this.isFailing = true;
    this.retry ??= setTimeout(() => {
      this.retry = undefined;
      void this.keep();
    }, RETRY_MS).unref();
  }
}
