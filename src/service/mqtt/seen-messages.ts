/**
 * Which messages were taken before, so that none is announced twice.
 *
 * A broker that does not know whether a message arrived sends it again (QoS 1). Two things tell that it is the same one:
 *
 * - An **id in the command** names the announcement. It counts once among the last 1000, whoever sends it again: the
 *   broker, a client that was not sure either, a person who presses twice. This holds over any failure.
 * - **Without an id** (plain text) the MQTT session does. A message that is sent again within a session carries the DUP
 *   flag and, by the standard (MQTT 3.1.1 and 5, section 4.4), the packet identifier that it had. So a message with DUP
 *   set that has the packet identifier, topic and bytes of one that was taken in the same session is that one. A packet
 *   identifier that comes without DUP is a new message: the broker knows that it may use it anew. When the broker says
 *   that there is no session any more (CONNACK without "session present"), no message of it can come again, and what was
 *   remembered is forgotten. What cannot be told: a broker that crashed and lost what it knew of the session, or a client
 *   that published the same text twice because it was not sure; these texts need an id, or a cooldown.
 */
import { createHash } from 'node:crypto';

/** A broker has far fewer messages under way to one client (mosquitto: 20) than this. */
const REMEMBERED = 1000;

/** One PUBLISH packet as far as it tells which message it is. */
export interface Delivery {
  /** Left out for QoS 0, which is never sent again. */
  readonly packetId?: number;
  readonly dup: boolean;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** As it lies in the file. */
export interface SeenState {
  readonly ids: readonly string[];
  readonly deliveries: readonly (readonly [packetId: number, digest: string])[];
}

export class SeenMessages {
  private readonly ids: Set<string>;
  private readonly deliveries: Map<number, string>;

  constructor(state: SeenState = { ids: [], deliveries: [] }) {
    this.ids = new Set(state.ids);
    this.deliveries = new Map(state.deliveries);
  }

  get state(): SeenState {
    return { ids: [...this.ids], deliveries: [...this.deliveries] };
  }

  /** Whether this packet brings a message of this session once more; if it does not, it is remembered. */
  isRedelivery({ packetId, dup, topic, payload }: Delivery): boolean {
    if (packetId === undefined) return false;
    const digest = createHash('sha256').update(topic).update('\0').update(payload).digest('base64url').slice(0, 22);
    if (dup && this.deliveries.get(packetId) === digest) return true;
    this.deliveries.delete(packetId);
    this.deliveries.set(packetId, digest);
    dropOldest(this.deliveries);
    return false;
  }

  /** Whether an announcement of this id was taken before; if it was not, it is remembered. */
  isKnown(id: string): boolean {
    if (this.ids.has(id)) return true;
    this.ids.add(id);
    dropOldest(this.ids);
    return false;
  }

  /** So that an announcement that was refused can be sent again. */
  forgetId(id: string): void {
    this.ids.delete(id);
  }

  /** The broker began a new session. */
  sessionLost(): void {
    this.deliveries.clear();
  }
}

function dropOldest(remembered: Set<string> | Map<number, string>): void {
  for (const oldest of remembered.keys()) {
    if (remembered.size <= REMEMBERED) return;
    remembered.delete(oldest as never);
  }
}
