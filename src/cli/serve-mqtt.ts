/** `higgs-tts serve --mqtt`: announcements, and the sound host that loudspeakers fetch them from. */
import os from 'node:os';
import { defaultDataDir, HiggsError, type SpeechEngine } from '../engine/index.js';
import { settlesWithin } from '../engine/package-api.js';
import { openAnnouncer, openSoundHost, type AdvertisedServer, type BrokerOptions } from '../service/index.js';
import { numberOf, textOf, type Values } from './command-line.js';

export interface ServedAnnouncer {
  /** What it is and where, for people. */
  readonly what: string;
  /** Where loudspeakers fetch the sounds. */
  readonly server: AdvertisedServer;
  close(): Promise<void>;
}

export async function serveMqtt(
  values: Values,
  engine: SpeechEngine,
  broker: string,
  soundAddress: { readonly host?: string; readonly port: number },
): Promise<ServedAnnouncer> {
  const soundUrl = textOf(values, 'sounds-url');
  const soundHost = await openSoundHost({
    port: soundAddress.port,
    ...(soundAddress.host === undefined ? {} : { bindAddress: soundAddress.host }),
    ...(soundUrl === undefined ? {} : { baseUrl: soundUrl }),
  });
  const id = textOf(values, 'mqtt-id') ?? defaultId(os.hostname());
  const [cooldownSeconds, quietHours] = [numberOf(values, 'cooldown'), textOf(values, 'quiet-hours')];
  try {
    const announcer = await openAnnouncer({
      engine: () => engine,
      broker: brokerOf(broker, process.env.HIGGS_MQTT_PASSWORD),
      id,
      name: `Announcer ${id}`,
      folder: textOf(values, 'data-dir') ?? defaultDataDir(),
      soundHost,
      ...(cooldownSeconds === undefined ? {} : { cooldownSeconds }),
      ...(quietHours === undefined ? {} : { quietHours }),
      onWarning: (warning) => process.stderr.write(`higgs-tts: ${warning.toString().replaceAll('\n', ' ')}\n`),
    });
    return {
      what: `announcements at higgs-tts/${id}/say, sounds at ${soundHost.baseUrl}`,
      server: { kind: 'sounds', host: soundAddress.host ?? '', port: soundHost.port },
      close: async () => {
        await announcer.close();
        await soundHost.close();
      },
    };
  } catch (thrown) {
    await soundHost.close();
    throw thrown;
  }
}

/** How long the broker may take. */
const FORGET_LIMIT_MS = 15_000;

/**
 * Takes the announcer of `--mqtt-id` away: its device at Home Assistant, what lies retained at the broker, and what waits here.
 * Gives what was done, for people. Rejects with HIGGS_BROKER_UNREACHABLE.
 */
export async function forgetMqtt(values: Values, broker: string): Promise<string> {
  const id = textOf(values, 'mqtt-id') ?? defaultId(os.hostname());
  let tell: () => void = () => undefined;
  const connected = new Promise<void>((resolve) => (tell = resolve));
  const announcer = await openAnnouncer({
    engine: () => {
      throw new HiggsError('HIGGS_CLOSED', 'The announcer is about to be forgotten.');
    },
    broker: brokerOf(broker, process.env.HIGGS_MQTT_PASSWORD),
    id,
    folder: textOf(values, 'data-dir') ?? defaultDataDir(),
    onChange: (state) => {
      if (state.connected) tell();
    },
  });
  const isThere = announcer.state.connected || (await settlesWithin(FORGET_LIMIT_MS, connected));
  await announcer.close({ forget: isThere });
  if (isThere) return `forgot the announcer ${id}`;
  throw new HiggsError('HIGGS_BROKER_UNREACHABLE', `The broker did not answer within ${FORGET_LIMIT_MS / 1000} s.`);
}

/** The user comes with the address; the password from the environment, where not every user of the machine reads it. */
export function brokerOf(address: string, password: string | undefined): BrokerOptions {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const username = plain(url?.username ?? '');
  const its = password ?? plain(url?.password ?? '');
  return {
    url: address.replace(/\/\/[^@/]*@/, '//'),
    ...(username === '' ? {} : { username }),
    ...(its === '' ? {} : { password: its }),
  };
}

/** Without the signs that stand for others in an address; a "%" that stands for none is one. */
function plain(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (signs) => {
    try {
      return decodeURIComponent(signs);
    } catch {
      return signs;
    }
  });
}

/** The machine's name, as topics take it. */
export function defaultId(hostname: string): string {
  const letters = hostname.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return letters === '' ? 'announcer' : letters.slice(0, 64);
}
