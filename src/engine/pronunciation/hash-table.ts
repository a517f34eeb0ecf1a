/**
 * What is known of many texts in few bytes: a place for each by its hash, 16 other bits of it to tell texts apart, and a
 * byte. Of absent texts one in some 50,000 is taken for another one. It is used as it lies in a file: nothing is built.
 */
export class HashTable {
  /** Places, a power of two, at most 65,536. */
  readonly size: number;

  /** `checks` are 0 where nothing lies; both arrays are as long as there are places. */
  constructor(
    readonly checks: Uint16Array,
    readonly values: Uint8Array,
  ) {
    this.size = checks.length;
    if (this.size === 0 || (this.size & (this.size - 1)) !== 0 || values.length !== this.size) {
      throw new RangeError(`A table of ${checks.length} checks and ${values.length} values is none.`);
    }
  }

  /** From the bytes of the checks, little-endian, and those of the values behind them. */
  static over(bytes: Uint8Array): HashTable {
    const size = bytes.length / 3;
    if (!Number.isInteger(size)) throw new RangeError(`A table of ${bytes.length} bytes is none.`);
    // Copied, for 16 bits must lie at even addresses.
    return new HashTable(new Uint16Array(new Uint8Array(bytes.subarray(0, 2 * size)).buffer), bytes.subarray(2 * size));
  }

  /** Where `text` lies, or -1. */
  place(text: string): number {
    const hash = hashOf(text);
    const check = checkOf(hash);
    const mask = this.size - 1;
    for (let at = hash & mask, tried = 0; tried < this.size; at = (at + 1) & mask, tried++) {
      const found = this.checks[at]!;
      if (found === check) return at;
      if (found === 0) return -1;
    }
    return -1;
  }

  valueAt(place: number): number {
    return this.values[place]!;
  }

  /** Lays `text` into a free place; for those who make a file. Returns the place. */
  add(text: string, value: number): number {
    const mask = this.size - 1;
    const hash = hashOf(text);
    let at = hash & mask;
    while (this.checks[at] !== 0) at = (at + 1) & mask;
    this.checks[at] = checkOf(hash);
    this.values[at] = value;
    return at;
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Never 0, which stands for an empty place. */
function checkOf(hash: number): number {
  return hash >>> 16 || 1;
}
