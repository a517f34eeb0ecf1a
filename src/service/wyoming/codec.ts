/**
 * The Wyoming protocol's events as bytes: a line of JSON, `{type, data?, data_length?, payload_length?}`, then as many bytes
 * of JSON (merged into `data`) and of payload as it says (https://github.com/OHF-Voice/wyoming).
 */

export interface WyomingEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly payload?: Uint8Array;
}

const NEWLINE = 0x0a;

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

/** Takes bytes as they come and gives the events that are whole. */
export class EventReader {
  private pending: Buffer = Buffer.alloc(0);
  private head: Head | undefined;

  /** `limitBytes`: the largest line, data or payload. */
  constructor(private readonly limitBytes: number) {}

  /** Throws a ProtocolError. */
  push(bytes: Buffer): WyomingEvent[] {
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes]);
    const events: WyomingEvent[] = [];
    for (;;) {
      const event = this.take();
      if (event === undefined) return events;
      events.push(event);
    }
  }

  private take(): WyomingEvent | undefined {
    this.head ??= this.takeHead();
    if (this.head === undefined) return undefined;
    const { type, data, dataLength, payloadLength } = this.head;
    if (this.pending.length < dataLength + payloadLength) return undefined;
    const more = dataLength === 0 ? {} : parseObject(this.cut(dataLength));
    const payload = this.cut(payloadLength);
    this.head = undefined;
    return { type, data: { ...data, ...more }, ...(payload.length === 0 ? {} : { payload }) };
  }

  private takeHead(): Head | undefined {
    const end = this.pending.indexOf(NEWLINE);
    if (end > this.limitBytes || (end < 0 && this.pending.length > this.limitBytes)) {
      throw new ProtocolError('The line of an event is too long.');
    }
    if (end < 0) return undefined;
    const { type, data = {}, data_length = 0, payload_length = 0 } = parseObject(this.cut(end + 1));
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
    const part = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    return part;
  }
}

function parseObject(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ProtocolError('An event is no JSON.');
  }
  if (!isObject(value)) throw new ProtocolError('An event is no object of JSON.');
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
