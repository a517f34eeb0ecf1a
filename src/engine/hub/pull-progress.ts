/** What a pull tells while it works. */
import type { HubFile } from './file-list.js';
import type { Retry } from './retry.js';

export type PullEvent =
  /** The hub is asked what the repository holds. */
  | { readonly phase: 'listing'; readonly repo: string }
  /** What came before the last cut is read again for its checksum. */
  | { readonly phase: 'checking'; readonly repo: string; readonly file: string }
  /** Another process downloads this file. */
  | { readonly phase: 'waiting'; readonly repo: string; readonly file: string }
  | {
      readonly phase: 'retrying';
      readonly repo: string;
      readonly file: string;
      readonly why: string;
      readonly pauseMs: number;
    }
  | {
      readonly phase: 'downloading';
      readonly repo: string;
      readonly file: string;
      /** Of all files of the repository, those that were there already included. */
      readonly bytesDone: number;
      readonly bytesTotal: number;
      /** Over the network, since the pull began. */
      readonly bytesPerSecond: number;
    };

export type OnPull = (event: PullEvent) => void;

const EVERY_MS = 250;

/** Counts bytes, and tells a few times a second. */
export class PullProgress {
  /** What came over the network. */
  downloadedBytes = 0;
  /** Of files that are whole. */
  private wholeBytes = 0;
  private bytesTotal = 0;
  /** Of the file that is downloaded. */
  private current: { readonly name: string; bytes: number } | undefined;
  private beganMs: number | undefined;
  private toldMs = -Infinity;

  constructor(
    private readonly repo: string,
    private readonly onPull: OnPull | undefined,
  ) {}

  listing(): void {
    this.tell({ phase: 'listing', repo: this.repo });
  }

  checking(file: string): void {
    this.tell({ phase: 'checking', repo: this.repo, file });
  }

  waiting(file: string): void {
    this.tell({ phase: 'waiting', repo: this.repo, file });
  }

  retrying(file: string, { why, pauseMs }: Retry): void {
    this.tell({ phase: 'retrying', repo: this.repo, file, why, pauseMs });
  }

  total(files: readonly HubFile[]): void {
    this.bytesTotal = files.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** A whole file is there. */
  have(byteLength: number): void {
    this.wholeBytes += byteLength;
    this.current = undefined;
  }

  /** `bytes` of the file `name` are there. */
  file(name: string, bytes: number): void {
    if (this.current?.name === name) this.downloadedBytes += Math.max(0, bytes - this.current.bytes);
    this.current = { name, bytes };
    const now = performance.now();
    this.beganMs ??= now;
    if (now - this.toldMs < EVERY_MS) return;
    this.toldMs = now;
    this.tellBytes(name, now);
  }

  end(): void {
    if (this.beganMs !== undefined) this.tellBytes('', performance.now());
  }

  private tellBytes(file: string, now: number): void {
    const seconds = (now - (this.beganMs ?? now)) / 1000;
    this.tell({
      phase: 'downloading',
      repo: this.repo,
      file,
      bytesDone: this.wholeBytes + (this.current?.bytes ?? 0),
      bytesTotal: this.bytesTotal,
      bytesPerSecond: seconds > 0 ? this.downloadedBytes / seconds : 0,
    });
  }

  /** A caller's mistake must not break a download. */
  private tell(event: PullEvent): void {
    try {
      this.onPull?.(event);
    } catch {
      // Told once is told enough.
    }
  }
}
