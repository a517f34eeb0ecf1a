/** The way to the broker: a thin shell around package `mqtt`. */
import {
  connect,
  ErrorWithReasonCode,
  type IClientOptions,
  type IPublishPacket,
  type ISubscriptionMap,
  type MqttClient,
} from 'mqtt';
import { HiggsError } from '../../engine/index.js';
import { settlesWithin } from '../../engine/package-api.js';
import type { Delivery } from './seen-messages.js';
import type { BrokerOptions } from './options.js';

const RECONNECT_MS = 1000;
const SLOW_RECONNECT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_LIMIT_MS = 1500;
/** MQTT 5: how long the broker keeps messages for a client that is away. In 3.1.1 the broker decides. */
const SESSION_SECONDS = 7 * 24 * 3600;
const SESSION_TAKEN_OVER = 0x8e;
/** Several times the largest command; in MQTT 5 the broker then sends nothing larger. */
const LARGEST_PACKET_BYTES = 262_144;

export interface IncomingMessage extends Delivery {
  /** It lay at the broker from earlier, and is no news. */
  readonly retained: boolean;
}

export interface ConnectionOptions {
  readonly broker: BrokerOptions;
  readonly clientId: string;
  /** Published by the broker, retained, where the connection breaks. */
  readonly will: { readonly topic: string; readonly payload: string };
  readonly subscriptions: readonly string[];
  /** A topic of which what lies there is of interest too. */
  readonly retainedSubscription: string;
  /** Before the first message of each connection. */
  readonly onSession: (resumed: boolean) => void;
  readonly onConnected: () => void;
  readonly onDisconnected: () => void;
  readonly onWarning: (error: HiggsError) => void;
  /** The broker gets its confirmation when this gives true; else it keeps the message and sends it again some time. */
  readonly onMessage: (message: IncomingMessage) => Promise<boolean>;
  /** The broker has let this connection go because another client came with its id. */
  readonly onTakenOver: () => void;
}

export interface PublishOptions {
  readonly qos: 0 | 1;
  readonly retain?: boolean;
}

interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly settle: (arrived: boolean) => void;
}

/**
 * A connection that comes back by itself. The session is the broker's to keep (`clean` is false), so messages that come
 * while this client is away wait there. Messages are taken one at a time, and their floods wait in the network.
 */
export class Connection {
  private readonly client: MqttClient;
  private closing = false;
  /** Between the event `connect` and the end of the connection; outside of it package `mqtt` may drop what it is given. */
  private ready = false;
  private outbox: Outgoing[] = [];
  private sending = false;
  private lastWarning = '';
  private unconfirmedCount = 0;

  constructor(private readonly options: ConnectionOptions) {
    this.client = open(options);
    this.client.handleMessage = (packet, done) => this.take(packet, done);
    // The event `connect` comes after the first messages may have come.
    this.client.on('packetreceive', (packet) => {
      // One that refuses says nothing about the session.
      if (packet.cmd === 'connack' && (packet.returnCode ?? packet.reasonCode) === 0) {
        options.onSession(packet.sessionPresent);
      }
      // MQTT 5 says why; 3.1.1 just ends the connection.
      if (packet.cmd === 'disconnect' && packet.reasonCode === SESSION_TAKEN_OVER) options.onTakenOver();
    });
    this.client.on('connect', () => void this.connected());
    this.client.on('close', () => {
      this.ready = false;
      if (!this.closing) options.onDisconnected();
    });
    this.client.on('error', (error) => this.warn(error));
  }

  get isConnected(): boolean {
    return this.ready && !this.closing;
  }

  /** For what is overtaken by the next of its kind: not kept where there is no connection. True once it was taken. */
  publish(topic: string, payload: string, { qos, retain = false }: PublishOptions): Promise<boolean> {
    if (!this.isConnected) return Promise.resolve(false);
    return new Promise((resolve) => this.client.publish(topic, payload, { qos, retain }, (error) => resolve(!error)));
  }

  /** How soon a connection that broke is made anew; slowly, where another client of the same id does the same. */
  setReconnect(isSlow: boolean): void {
    this.client.options.reconnectPeriod = isSlow ? SLOW_RECONNECT_MS : RECONNECT_MS;
  }

  /** Has the broker send again what was not confirmed, which it does where a client comes anew. */
  askAgain(): void {
    if (this.unconfirmedCount === 0 || this.closing) return;
    this.unconfirmedCount = 0;
    this.client.stream.destroy();
  }

  /**
   * For what must arrive, once and in order: QoS 2, and kept while the connection is broken. Done when the broker has
   * confirmed it; false where this client was closed before, or the broker will not have it.
   */
  deliver(topic: string, payload: string): Promise<boolean> {
    return new Promise((settle) => {
      this.outbox.push({ topic, payload, settle });
      this.sendOutbox();
    });
  }

  /** Publishes `last`, leaves and is done within 1.5 s, whatever the broker does. No message is taken any more. */
  async close(last: readonly { readonly topic: string; readonly payload: string }[], forget: boolean): Promise<void> {
    // A session without subscriptions keeps nothing for a client that never comes back.
    const { subscriptions, retainedSubscription } = this.options;
    if (forget && this.isConnected) {
      this.client.unsubscribe([...subscriptions, retainedSubscription], () => undefined);
    }
    const said = this.isConnected ? last.map((message) => this.retainLast(message)) : [];
    this.closing = true;
    for (const { settle } of this.outbox) settle(false);
    this.outbox = [];
    await settlesWithin(CLOSE_LIMIT_MS / 2, Promise.all(said));
    // Without force it waits for what the broker has yet to confirm.
    const ended = new Promise<void>((resolve) => this.client.end(!this.client.connected, () => resolve()));
    if (await settlesWithin(CLOSE_LIMIT_MS / 2, ended)) return;
    await settlesWithin(CLOSE_LIMIT_MS / 4, new Promise<void>((resolve) => this.client.end(true, () => resolve())));
    this.client.stream.destroy();
  }

  private retainLast({ topic, payload }: { readonly topic: string; readonly payload: string }): Promise<void> {
    return new Promise((resolve) => this.client.publish(topic, payload, { qos: 1, retain: true }, () => resolve()));
  }

  /** One at a time: brokers limit what may be unconfirmed, and some lose what goes beyond. */
  private sendOutbox(): void {
    const [message] = this.outbox;
    if (message === undefined || this.sending || !this.isConnected) return;
    this.sending = true;
    const qos = this.client.serverProperties?.maximumQoS === 1 ? 1 : 2;
    this.client.publish(message.topic, message.payload, { qos }, (error) => {
      this.sending = false;
      // What package `mqtt` gave up because the connection broke is sent again; what the broker refuses is not.
      const refused = error instanceof ErrorWithReasonCode && error.code >= 0x80;
      if (refused) this.warn(error);
      if (!error || refused) {
        this.outbox.shift();
        message.settle(!error);
        this.sendOutbox();
      } else {
        setTimeout(() => this.sendOutbox(), RECONNECT_MS).unref();
      }
    });
  }

  private take(packet: IPublishPacket, done: (error?: Error) => void): void {
    // Not confirmed: the broker keeps it for the next time. What comes behind it may be a confirmation.
    if (this.closing) {
      done(new Error('closing'));
      return;
    }
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    const message: IncomingMessage = {
      topic: packet.topic,
      payload,
      dup: packet.dup,
      retained: packet.retain,
      ...(packet.messageId === undefined || packet.qos === 0 ? {} : { packetId: packet.messageId }),
    };
    this.options
      .onMessage(message)
      .catch((thrown: unknown) => {
        this.options.onWarning(HiggsError.from(thrown));
        return false;
      })
      .then((isConfirmed) => {
        if (!isConfirmed) this.unconfirmedCount += 1;
        done(isConfirmed ? undefined : new Error('not kept'));
      })
      .catch(() => undefined);
  }

  private async connected(): Promise<void> {
    this.lastWarning = '';
    try {
      const v5 = this.options.broker.protocolVersion === 5;
      // In MQTT 5 the broker need not even send what was retained: none of it is a command.
      const { subscriptions, retainedSubscription } = this.options;
      await this.client.subscribeAsync([...subscriptions], { qos: 1, ...(v5 ? { rh: 1 } : {}) });
      // Package `mqtt` would not ask again in a session that knows of it, and then nothing that lies there would come.
      await this.client.subscribeAsync({ [retainedSubscription]: { qos: 1 }, resubscribe: true } as ISubscriptionMap);
      this.ready = this.client.connected;
      this.options.onConnected();
      this.sendOutbox();
    } catch (thrown) {
      // A connection that broke meanwhile comes back, and with it this.
      if (!this.closing && this.client.connected)
        this.warn(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  /** A broker that stays away is worth one warning, not one a second. */
  private warn(cause: Error): void {
    const why = cause instanceof AggregateError ? String(cause.errors[0]) : cause.message;
    if (this.closing || why === this.lastWarning) return;
    this.lastWarning = why;
    const what = `The MQTT broker ${placeOf(this.options.broker.url)} does not answer as it should: ${why}.`;
    this.options.onWarning(new HiggsError('HIGGS_BROKER_UNREACHABLE', what, { cause }));
  }
}

function open({ broker, clientId, will }: ConnectionOptions): MqttClient {
  const { url, protocolVersion = 4, ...rest } = broker;
  const options: IClientOptions = {
    ...rest,
    protocolVersion,
    clientId,
    clean: false,
    ...(protocolVersion === 5
      ? { properties: { sessionExpiryInterval: SESSION_SECONDS, maximumPacketSize: LARGEST_PACKET_BYTES } }
      : {}),
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    reconnectPeriod: RECONNECT_MS,
    // A broker that refuses today (it starts, its users change) may not do so tomorrow.
    reconnectOnConnackError: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    resubscribe: false,
    queueQoSZero: false,
  };
  try {
    if (!/^(mqtts?|wss?|tcp|ssl):$/.test(new URL(url).protocol)) throw new Error('its protocol is not known');
    return connect(url, options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const what = `The option "broker" is ${JSON.stringify(placeOf(url))}; it takes an address such as "mqtt://host:1883" (${why}).`;
    throw new HiggsError('HIGGS_OPTION_INVALID', what, { cause });
  }
}

/** An address without the user and password that may be in it. */
function placeOf(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
