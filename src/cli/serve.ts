/** `higgs-tts serve`: speech for other programs until it is told to stop. */
import { acquireEngine, type SpeechEngine } from '../engine/index.js';
import {
  advertise,
  isLoopback,
  openHttpServer,
  openWyomingServer,
  type AdvertisedServer,
  type HttpOptions,
} from '../service/index.js';
import { numberOf, textOf, textsOf, UsageError, type Values } from './command-line.js';
import { engineOptions, withCtrlC } from './engine-session.js';
import { forgetMqtt, serveMqtt } from './serve-mqtt.js';

/** Something that serves, already open. */
interface Service {
  /** What it is and where, for people. */
  readonly what: string;
  /** What others may find in the network. */
  readonly server?: AdvertisedServer;
  close(): Promise<void>;
}

export async function serve(values: Values, texts: readonly string[]): Promise<void> {
  if (texts.length > 0) throw new UsageError('serve takes no texts.');
  if (values.http === undefined && values.wyoming === undefined && values.mqtt === undefined) {
    throw new UsageError('serve needs --http [ADDR:]PORT, --wyoming [ADDR:]PORT or --mqtt URL.');
  }
  if (values.forget === true) {
    const broker = textOf(values, 'mqtt');
    if (broker === undefined) throw new UsageError('--forget needs --mqtt URL.');
    process.stderr.write(`higgs-tts: ${await forgetMqtt(values, broker)}\n`);
    return;
  }
  const lease = acquireEngine(engineOptions(values));
  const services: Service[] = [];
  try {
    await withCtrlC(async (signal) => {
      await openServices(values, lease.engine, services);
      for (const { what } of services) process.stderr.write(`higgs-tts: ${what}\n`);
      await aborted(signal);
    });
  } finally {
    await Promise.all(services.map((service) => service.close()));
    await lease.release();
  }
}

/** Opens what was asked for, each into `opened`, so that a failure leaves none of them open. */
async function openServices(values: Values, engine: SpeechEngine, opened: Service[]): Promise<void> {
  const http = textOf(values, 'http');
  if (http !== undefined) opened.push(await serveHttp(engine, { ...addressOf('http', http), ...httpOptions(values) }));
  const wyoming = textOf(values, 'wyoming');
  if (wyoming !== undefined) opened.push(await serveWyoming(values, engine, addressOf('wyoming', wyoming)));
  const mqtt = textOf(values, 'mqtt');
  const sounds = addressOf('sounds', textOf(values, 'sounds') ?? '0');
  if (mqtt !== undefined) opened.push(await serveMqtt(values, engine, mqtt, sounds));
  if (values['no-zeroconf'] === true) return;
  const advertisement = await advertise(
    opened.flatMap(({ server }) => server ?? []),
    (warning) => process.stderr.write(`higgs-tts: ${warning}\n`),
  );
  if (advertisement.names.length === 0) return;
  const names = advertisement.names.map((name) => `"${name}"`).join(', ');
  opened.push({ what: `announced in the network (zeroconf) as ${names}`, close: () => advertisement.close() });
}

async function serveHttp(engine: SpeechEngine, options: HttpOptions): Promise<Service> {
  const server = await openHttpServer({ engine: () => engine, owner: 'http' }, options);
  const open = (options.apiKeys ?? []).length === 0 && !isLoopback(options.host ?? '127.0.0.1');
  const warning = open ? '; whoever reaches this address may use it, for there is no HIGGS_API_KEY' : '';
  return {
    what: `speech by HTTP at ${server.url}${warning}`,
    server: { kind: 'http', host: options.host ?? '127.0.0.1', port: server.port },
    close: () => server.close(),
  };
}

async function serveWyoming(
  values: Values,
  engine: SpeechEngine,
  address: { readonly host?: string; readonly port: number },
): Promise<Service> {
  const languages = tagsOf(textOf(values, 'languages') ?? '');
  const context = { engine: () => engine, owner: 'wyoming' };
  const server = await openWyomingServer(context, { ...address, ...(languages.length === 0 ? {} : { languages }) });
  return {
    what: `speech for voice assistants (Wyoming) at ${server.url}`,
    server: { kind: 'wyoming', host: address.host ?? '127.0.0.1', port: server.port },
    close: () => server.close(),
  };
}

function httpOptions(values: Values): HttpOptions {
  // A key on the command line could be read by every user of the machine.
  const apiKeys = (process.env.HIGGS_API_KEY ?? '').split(',').filter((key) => key !== '');
  const perMinute = numberOf(values, 'rate');
  return {
    apiKeys,
    corsOrigins: textsOf(values, 'cors-origin'),
    allowedHosts: textsOf(values, 'allow-host'),
    strictVoices: values['strict-voices'] === true,
    ...(perMinute === undefined ? {} : { requestsPerMinute: perMinute }),
  };
}

/** `8880`, `0.0.0.0:8880`, `[::1]:8880`. */
export function addressOf(flag: string, text: string): { readonly host?: string; readonly port: number } {
  const found = /^(?:(\[[^\]]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text);
  if (found === null) throw new UsageError(`--${flag} takes PORT or ADDRESS:PORT, not "${text}".`);
  const [, host, port] = found;
  return { ...(host === undefined ? {} : { host: host.replaceAll(/[[\]]/g, '') }), port: Number(port) };
}

/** `en,de`, with spaces or without. */
export function tagsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
