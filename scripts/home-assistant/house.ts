/** A house for the checks: a broker, this checkout's server, and Home Assistant in its root, which find each other. */
import fs from 'node:fs';
import path from 'node:path';
import { broker } from './broker.js';
import { Home } from './home.js';
import { Results } from './results.js';
import { Side } from './side.js';

/** The network is the checks' own, so that no port is taken. */
const PORTS = { broker: 1883, http: 8880, wyoming: 10_200, sounds: 8090, home: 8123 } as const;
/** Those that docs/announcements.md has as `media_player.<name>`. */
export const PLAYERS = ['kitchen', 'hall'] as const;
export const ANNOUNCER = 'hall';
export const WYOMING_PORT = PORTS.wyoming;
export const BROKER_PORT = PORTS.broker;
export const SERVER_URL = `http://127.0.0.1:${PORTS.http}`;

const checkout = path.join(__dirname, '..', '..', '..');
export const COMMAND_LINE = path.join(checkout, 'dist', 'src', 'cli', 'main.js');

export interface House {
  /** Debian's root with Home Assistant in it. */
  readonly root: string;
  readonly broker: Side;
  readonly server: Side;
  readonly homeAssistant: Side;
  readonly home: Home;
  readonly results: Results;
  /** What the command line is called with to be this announcer. */
  readonly announcerArgs: readonly string[];
}

/** `folder`: empty, for what the three write. */
export function buildHouse(root: string, folder: string): House {
  const logFile = (name: string) => path.join(folder, `${name}.log`);
  const home = new Home(`http://127.0.0.1:${PORTS.home}`);
  const announcerArgs = ['--mqtt', `mqtt://127.0.0.1:${PORTS.broker}`, '--mqtt-id', ANNOUNCER];
  const places = ['--http', `0.0.0.0:${PORTS.http}`, '--wyoming', `0.0.0.0:${PORTS.wyoming}`];
  const dataDir = ['--data-dir', path.join(folder, 'data')];
  const inRoot = ['HOME=/root', 'LC_ALL=C.UTF-8', 'PATH=/ha/bin:/usr/local/bin:/usr/bin:/bin'];
  return {
    root,
    home,
    results: new Results(`mqtt://127.0.0.1:${PORTS.broker}`, ANNOUNCER),
    announcerArgs: [...announcerArgs, ...dataDir],
    broker: broker(folder, PORTS.broker),
    server: new Side({
      name: 'higgs-tts serve',
      command: process.execPath,
      args: [COMMAND_LINE, 'serve', ...places, ...announcerArgs, ...dataDir, '--sounds', `${PORTS.sounds}`],
      logFile: logFile('higgs-tts'),
      answers: async () => (await fetch(`${SERVER_URL}/healthz`)).ok,
    }),
    homeAssistant: new Side({
      name: 'Home Assistant',
      command: 'chroot',
      args: [root, 'env', ...inRoot, '/ha/bin/hass', '-c', homeConfig(root), '--skip-pip', '--log-no-color'],
      logFile: logFile('home-assistant'),
      answers: () => home.answers(),
    }),
  };
}

/** A new configuration, with the automation of our page on announcements; gives its folder as the root sees it. */
function homeConfig(root: string): string {
  const folder = path.join(root, 'cfg');
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder);
  fs.writeFileSync(
    path.join(folder, 'configuration.yaml'),
    [
      `http: { server_port: ${PORTS.home} }`,
      ...['frontend:', 'config:', 'zeroconf:', 'tts:', 'conversation:', 'assist_pipeline:'],
      'logger: { default: info }',
      // Players that keep what they were given last where the checks can read it.
      'media_player:',
      ...PLAYERS.map((name) => `  - ${player(name)}`),
      'input_text:',
      ...PLAYERS.map((name) => `  ${name}: { max: 255 }`),
      'automation: !include automations.yaml',
      '',
    ].join('\n'),
  );
  const [first, ...more] = documentedAutomation().split('\n');
  fs.writeFileSync(
    path.join(folder, 'automations.yaml'),
    [`- ${first!}`, ...more.map((line) => `  ${line}`)].join('\n'),
  );
  return '/cfg';
}

function player(name: string): string {
  const keep = `{ action: input_text.set_value, target: { entity_id: input_text.${name} }, data: { value: '{{ media_content_id }}' } }`;
  return `{ platform: universal, name: ${name}, commands: { play_media: ${keep} } }`;
}

function documentedAutomation(): string {
  const page = fs.readFileSync(path.join(checkout, 'docs', 'announcements.md'), 'utf8');
  const found = /```yaml\n(alias: Play announcements\n.*?)```/s.exec(page)?.[1];
  if (found === undefined) throw new Error('docs/announcements.md has no automation called "Play announcements".');
  return found.trimEnd();
}
