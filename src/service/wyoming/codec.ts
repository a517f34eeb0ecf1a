/**
 * The Wyoming protocol's events as bytes: a line of JSON, `{type, data?, data_length?, payload_length?}`, then as many bytes
 * of JSON (merged into `data`) and of payload as it says (https://github.com/OHF-Voice/wyoming).
 */
import { isObject } from '../../engine/package-api.js';
import { parseJsonObject } from '../access/json.js';

export interface WyomingEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly payload?: Uint8Array;
}

const NEWLINE = 0x0a;
const MOST_PARTS = 1000;

export function encodeEvent(type: string, data: object = {}, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const json = Buffer.from(JSON.stringify(data));
  const head = {
    type,
    ...(Object.keys(data).length === 0 ? {} : { data_length: json.length }),
    ...(payload.length === 0 ? {} : { payload_length: payload.length }),
  };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...('data_length' in head ? [json] : []), payload]);
}

interface Head {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataLength: number;
  readonly payloadLength: number;
}

/** What is no event of the protocol, or larger than one may be; the connection is of no more use after it. */
export class ProtocolError extends Error {}

/** Takes bytes as they come and gives the events that are whole, in time that is linear in the bytes. */
export class EventReader {
  /** What came and is not taken yet; joined only where a whole line or body is there. */
  private parts: Buffer[] = [];
  private byteCount = 0;
  private head: Head | undefined;

  /** `limitBytes`: the largest line, data or payload. */
  constructor(private readonly limitBytes: number) {}

  /** Whether a part of an event is there. */
  get isWithinEvent(): boolean {
    return this.byteCount > 0 || this.head !== undefined;
  }

  /** Throws a ProtocolError. */
  push(bytes: Buffer): WyomingEvent[] {
    const events: WyomingEvent[] = [];
    // Whether a line ends is looked for in what is new alone.
    let newlineAt = bytes.indexOf(NEWLINE);
    if (newlineAt >= 0) newlineAt += this.byteCount;
    this.parts.push(bytes);
    this.byteCount += bytes.length;
    // A part weighs more than the single byte that may be in it.
    if (this.parts.length > MOST_PARTS) this.joined();
    for (;;) {
      this.head ??= this.takeHead(newlineAt);
      if (this.head === undefined) return events;
      const { type, data, dataLength, payloadLength } = this.head;
      if (this.byteCount < dataLength + payloadLength) return events;
      const more = dataLength === 0 ? {} : parseObject(this.cut(dataLength));
      const payload = this.cut(payloadLength);
      this.head = undefined;
      events.push({ type, data: { ...data, ...more }, ...(payload.length === 0 ? {} : { payload }) });
      newlineAt = this.joined().indexOf(NEWLINE);
    }
  }

  private takeHead(newlineAt: number): Head | undefined {
    if (newlineAt > this.limitBytes || (newlineAt < 0 && this.byteCount > this.limitBytes)) {
      throw new ProtocolError('The line of an event is too long.');
    }
    if (newlineAt < 0) return undefined;
    const { type, data: given, data_length = 0, payload_length = 0 } = parseObject(this.cut(newlineAt + 1));
    // Some write what there is not as null.
    const data = given ?? {};
    if (typeof type !== 'string' || !isObject(data)) throw new ProtocolError('An event has no type, or wrong data.');
    return { type, data, dataLength: this.checkLength(data_length), payloadLength: this.checkLength(payload_length) };
  }

  private checkLength(length: unknown): number {
    if (length === null) return 0;
    if (typeof length === 'number' && Number.isInteger(length) && length >= 0 && length <= this.limitBytes)
      return length;
    throw new ProtocolError('A length of an event is none, or too large.');
  }

  private cut(length: number): Buffer {
    const whole = this.joined();
    this.parts = [whole.subarray(length)];
    this.byteCount -= length;
    return whole.subarray(0, length);
  }

  private joined(): Buffer {
    if (this.parts.length !== 1) this.parts = [Buffer.concat(this.parts)];
    return this.parts[0]!;
  }
}

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    return parseJsonObject(bytes);
  } catch (cause) {
    throw new ProtocolError('An event is no object of JSON.', { cause });
  }
}
