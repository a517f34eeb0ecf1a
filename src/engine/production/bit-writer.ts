/** Bits in order, the highest first: what FLAC is written in. */
export class BitWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;
  /** Bits that do not fill a byte yet, in the lowest `openCount` bits. */
  private open = 0;
  private openCount = 0;

  /** The lowest `count` (0 to 32) bits of `value`. */
  write(value: number, count: number): void {
    for (let left = count; left > 0;) {
      const take = Math.min(left, 8 - this.openCount);
      left -= take;
      this.open = (this.open << take) | ((value >>> left) & ((1 << take) - 1));
      this.openCount += take;
      if (this.openCount === 8) this.flush();
    }
  }

  /** `zeros` zeros, then a one. */
  writeUnary(zeros: number): void {
    for (let left = zeros; left > 0; left -= 32) this.write(0, Math.min(left, 32));
    this.write(1, 1);
  }

  /** Zeros up to the end of the byte. */
  align(): void {
    if (this.openCount > 0) this.write(0, 8 - this.openCount);
  }

  /** What was written, up to the last whole byte; a view. */
  view(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private flush(): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(2 * this.bytes.length);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = this.open;
    this.open = 0;
    this.openCount = 0;
  }
}
