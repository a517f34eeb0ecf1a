/** Packets as pages of an Ogg stream (RFC 3533). */

const HEADER_BYTES = 27;
/** A page's packets are told as segments of up to 255 bytes, 255 segments at most. */
const MOST_SEGMENTS = 255;
const SEGMENT_BYTES = 255;

const FIRST_PAGE = 2;
const LAST_PAGE = 4;

export class OggWriter {
  private pageCount = 0;

  constructor(private readonly serial: number) {}

  /** Pages that hold `packets`, whole ones; `positions[i]` is the sample behind packet i as the codec counts them. */
  pages(packets: readonly Uint8Array[], positions: readonly bigint[], isLast = false): Uint8Array {
    const pages: Uint8Array[] = [];
    for (let from = 0; from < packets.length;) {
      let to = from;
      let segments = 0;
      while (to < packets.length && segments + segmentsOf(packets[to]!) <= MOST_SEGMENTS) {
        segments += segmentsOf(packets[to]!);
        to += 1;
      }
      const ends = isLast && to === packets.length;
      pages.push(this.page(packets.slice(from, to), positions[to - 1]!, ends));
      from = to;
    }
    return Buffer.concat(pages);
  }

  private page(packets: readonly Uint8Array[], position: bigint, isLast: boolean): Uint8Array {
    const lacing = packets.flatMap((packet) => [
      ...Array.from({ length: segmentsOf(packet) - 1 }, () => SEGMENT_BYTES),
      packet.length % SEGMENT_BYTES,
    ]);
    const header = Buffer.alloc(HEADER_BYTES + lacing.length);
    header.write('OggS', 0, 'latin1');
    header.writeUInt8((this.pageCount === 0 ? FIRST_PAGE : 0) | (isLast ? LAST_PAGE : 0), 5);
    header.writeBigInt64LE(position, 6);
    header.writeUInt32LE(this.serial, 14);
    header.writeUInt32LE(this.pageCount, 18);
    header.writeUInt8(lacing.length, 26);
    header.set(lacing, HEADER_BYTES);
    this.pageCount += 1;
    const page = Buffer.concat([header, ...packets]);
    page.writeUInt32LE(crc32(page), 22);
    return page;
  }
}

function segmentsOf(packet: Uint8Array): number {
  return Math.floor(packet.length / SEGMENT_BYTES) + 1;
}

/** 0x04c11db7, not reflected, nothing inverted: Ogg's own. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ byte) & 0xff]!) >>> 0;
  return crc;
}
