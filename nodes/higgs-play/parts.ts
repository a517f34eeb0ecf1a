/** A sound that comes in many messages: the parts of a stream, as Node-RED's own sequences have them. */
import type { NodeMessageInFlow } from '../common/node-red.js';
import { isRecord } from '../common/values.js';

export interface Part {
  /** The same in all parts of a stream. */
  readonly id: string;
  readonly isLast: boolean;
  readonly bytes: Uint8Array;
}

/** Undefined for a message that is a sound by itself. */
export function partOf(msg: NodeMessageInFlow): Part | undefined {
  const { parts, payload } = msg as { parts?: unknown; payload?: unknown };
  if (!isRecord(parts) || parts.type !== 'buffer' || typeof parts.id !== 'string') return undefined;
  if (!(payload instanceof Uint8Array)) return undefined;
  const { index, count, last } = parts;
  const isLast = last === true || (typeof count === 'number' && index === count - 1);
  return { id: parts.id, isLast, bytes: payload };
}

/** A stream from which nothing more has come for so long is over. */
const SILENT_LIMIT_MS = 120_000;

/** Parts that were put in, for one reader. */
export class PartQueue implements AsyncIterable<Uint8Array> {
  private readonly waiting: Uint8Array[] = [];
  private isOver = false;
  private wake: () => void = () => undefined;
  private timer: NodeJS.Timeout;

  constructor() {
    this.timer = this.alarm();
  }

  push(bytes: Uint8Array): void {
    clearTimeout(this.timer);
    this.timer = this.alarm();
    if (bytes.byteLength > 0) this.waiting.push(bytes);
    this.wake();
  }

  /** No more will come; what is there is read to its end. */
  end(): void {
    clearTimeout(this.timer);
    this.isOver = true;
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.waiting.shift();
      if (next !== undefined) yield next;
      else if (this.isOver) return;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private alarm(): NodeJS.Timeout {
    return setTimeout(() => this.end(), SILENT_LIMIT_MS).unref();
  }
}
