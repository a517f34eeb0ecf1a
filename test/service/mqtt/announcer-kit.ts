/** An announcer under test: the real engine, a client that listens, and a count of what was spoken. */
import {
  openAnnouncer,
  type AnnouncementResult,
  type Announcer,
  type AnnouncerOptions,
} from '@higgs-tts/node-red/service';
import type { HiggsError, SpeakRequest, SpeechEngine } from '@higgs-tts/node-red/engine';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { beforeAll } from 'vitest';
import { engineOpener, SMALL_MODEL, temporaryFolder, until } from '../../engine-kit.js';
import { afterTest, embeddedBroker } from './brokers.js';

export const BASE = 'higgs-tts/test';
/** Speaks until it is stopped, as far as a test is concerned. */
export const LONG_STORY = 'A very long story. '.repeat(200);

export async function client(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const connected = await connectAsync(url, { reconnectPeriod: 100, reconnectOnConnackError: true, ...options });
  connected.on('error', () => undefined);
  afterTest(() => connected.endAsync(true));
  return connected;
}

/** Everything that was published beneath `#`, as text; retained messages that lay there before included. */
export class Listener {
  readonly messages: { readonly topic: string; readonly text: string; readonly retained: boolean }[] = [];

  private constructor(readonly client: MqttClient) {}

  static async on(url: string, options: IClientOptions = {}): Promise<Listener> {
    const listener = new Listener(await client(url, options));
    listener.client.on('message', (topic, payload, { retain }) => {
      listener.messages.push({ topic, text: payload.toString(), retained: retain });
    });
    await listener.client.subscribeAsync('#', { qos: 2 });
    return listener;
  }

  get results(): AnnouncementResult[] {
    return this.texts(`${BASE}/result`).map((text) => JSON.parse(text) as AnnouncementResult);
  }

  /** The states of one announcement, in the order in which they were told. */
  statesOf(id: string): string[] {
    return this.results.filter((result) => result.id === id).map(({ state }) => state);
  }

  withState(state: string): AnnouncementResult[] {
    return this.results.filter((result) => result.state === state);
  }

  texts(topic: string): string[] {
    return this.messages.filter((message) => message.topic === topic).map(({ text }) => text);
  }

  async say(command: string | object, topic = `${BASE}/say`, qos: 0 | 1 | 2 = 1, retain = false): Promise<void> {
    await this.client.publishAsync(topic, typeof command === 'string' ? command : JSON.stringify(command), {
      qos,
      retain,
    });
  }
}

export interface Bench {
  readonly announcer: Announcer;
  /** The texts that the engine was asked to speak, in order. */
  readonly spoken: string[];
  readonly requests: SpeakRequest[];
  readonly warnings: HiggsError[];
  readonly folder: string;
}

/** The engine's own speech, kept short; everything else passes through. */
export function counted(engine: SpeechEngine, count: (request: SpeakRequest) => void): SpeechEngine {
  return new Proxy(engine, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (property === 'speak') {
        return (request: SpeakRequest, options: object) => {
          count(request);
          const maxSeconds = request.text === LONG_STORY ? 600 : 0.4;
          return target.speak({ maxSeconds, seed: 1, ...request }, options);
        };
      }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

export async function bench(
  engine: SpeechEngine,
  url: string,
  options: Partial<AnnouncerOptions> = {},
): Promise<Bench> {
  const [requests, spoken]: [SpeakRequest[], string[]] = [[], []];
  const speaking = counted(engine, (request) => {
    requests.push(request);
    spoken.push(request.text);
  });
  const warnings: HiggsError[] = [];
  const folder = options.folder ?? temporaryFolder();
  const announcer = await openAnnouncer({
    engine: () => speaking,
    broker: { url },
    id: 'test',
    folder,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  afterTest(() => announcer.close());
  return {
    announcer,
    spoken,
    requests,
    warnings,
    folder,
  };
}

export async function online(listener: Listener): Promise<void> {
  await until(() => listener.texts(`${BASE}/availability`).at(-1) === 'online');
}

/** For the tests of a file: one engine that is loaded before them, and a house with a broker, a listener and an announcer. */
export function announcingHouse() {
  const open = engineOpener({ model: SMALL_MODEL });
  let engine: SpeechEngine | undefined;
  beforeAll(async () => {
    engine = open();
    await engine.preload();
  });
  const engineOf = () => engine!;
  const house = async (options: Parameters<typeof bench>[2] = {}) => {
    const broker = await embeddedBroker();
    const listener = await Listener.on(broker.url);
    const announcing = await bench(engineOf(), broker.url, options);
    await online(listener);
    return { broker, listener, ...announcing };
  };
  return { engineOf, house };
}
