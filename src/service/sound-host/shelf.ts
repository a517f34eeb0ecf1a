/** The sounds that loudspeakers may fetch: in memory, for a while, up to a size. */
import { randomBytes } from 'node:crypto';

export interface ShelvedSound {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly expiresAtMs: number;
  /** Somebody has asked for it. */
  wasFetched: boolean;
}

export class Shelf {
  /** In the order they were put there, so that the first is the oldest. */
  private readonly sounds = new Map<string, ShelvedSound>();
  private byteCount = 0;

  constructor(
    private readonly keepMs: number,
    private readonly limitBytes: number,
  ) {}

  /**
   * Gives the sound's name: 22 letters of chance (128 bits) and the extension, so that whoever was not told it cannot
   * find it. Where there is no room the oldest go first; undefined for a sound that is larger than the whole shelf.
   */
  put(bytes: Uint8Array, mediaType: string, extension: string, nowMs: number): string | undefined {
    if (bytes.byteLength > this.limitBytes) return undefined;
    this.dropExpired(nowMs);
    for (const oldest of this.sounds.keys()) {
      if (this.byteCount + bytes.byteLength <= this.limitBytes) break;
      this.drop(oldest);
    }
    const name = `${randomBytes(16).toString('base64url')}.${extension}`;
    this.sounds.set(name, { bytes, mediaType, expiresAtMs: nowMs + this.keepMs, wasFetched: false });
    this.byteCount += bytes.byteLength;
    return name;
  }

  find(name: string, nowMs: number): ShelvedSound | undefined {
    const sound = this.sounds.get(name);
    return sound !== undefined && sound.expiresAtMs > nowMs ? sound : undefined;
  }

  dropExpired(nowMs: number): void {
    for (const [name, { expiresAtMs }] of this.sounds) {
      if (expiresAtMs > nowMs) return;
      this.drop(name);
    }
  }

  clear(): void {
    this.sounds.clear();
    this.byteCount = 0;
  }

  private drop(name: string): void {
    this.byteCount -= this.sounds.get(name)?.bytes.byteLength ?? 0;
    this.sounds.delete(name);
  }
}
