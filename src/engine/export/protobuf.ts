/** Protobuf's wire format, as far as ONNX files need it. Source: https://protobuf.dev/programming-guides/encoding */

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** A message being written: fields in the order of the calls. */
export class ProtobufMessage {
  private readonly pieces: Uint8Array[] = [];
  private byteLength = 0;

  /** An int64, int32, enum or bool field; negative numbers take ten bytes, as the format has it. */
  integer(field: number, value: number | bigint): this {
    return this.varint((field << 3) | VARINT).varint(value);
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.varint((field << 3) | FIXED32).append(bytes);
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.varint((field << 3) | LENGTH_DELIMITED)
      .varint(value.byteLength)
      .append(value);
  }

  message(field: number, value: ProtobufMessage): this {
    this.varint((field << 3) | LENGTH_DELIMITED).varint(value.byteLength);
    for (const piece of value.pieces) this.append(piece);
    return this;
  }

  /** The whole message. */
  finish(): Uint8Array {
    return Buffer.concat(this.pieces, this.byteLength);
  }

  private varint(value: number | bigint): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
    bytes.push(Number(rest));
    return this.append(Uint8Array.from(bytes));
  }

  private append(piece: Uint8Array): this {
    this.pieces.push(piece);
    this.byteLength += piece.byteLength;
    return this;
  }
}
