import { inspectVoiceClip } from '@higgs-tts/node-red/engine';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMS, propertyNames } from '../../editor/forms/index.js';
import type { EditorEvent, FlowNode as DeployedNode, NodeRed } from '../../scripts/demo/node-red.js';
import { alsaConfig } from '../../scripts/hear/recorders.js';
import { startInstalled } from '../editor/installed-node-red.js';
import { ROOT, temporaryFolder } from '../engine-kit.js';
import { findProgram, skipWithout } from '../helpers/programs.js';
import { NODE_TYPES, type FlowNode } from '../nodes/node-red-kit.js';
import { TestBroker } from './mqtt-broker.js';

const FLOWS = path.join(ROOT, 'examples');
const NODE_RED = path.join(ROOT, 'node_modules', '@node-red', 'nodes', 'core');
const CORE: Record<string, string> = {
  inject: 'common/20-inject',
  debug: 'common/21-debug',
  comment: 'common/90-comment',
  catch: 'common/25-catch',
  change: 'function/15-change',
  delay: 'function/89-delay',
  function: 'function/10-function',
  rbe: 'function/rbe',
  switch: 'function/10-switch',
  'http request': 'network/21-httprequest',
  'http in': 'network/21-httpin',
  'http response': 'network/21-httpin',
  'mqtt in': 'network/10-mqtt',
  'mqtt out': 'network/10-mqtt',
  'mqtt-broker': 'network/10-mqtt',
};
/** Flows beside those that show one node each. */
const TASKS = [
  'announcements',
  'doorbell-loudspeaker',
  'doorbell-mqtt',
  'loudspeaker-in-the-network',
  '01-hello-world',
  'long-text-to-file',
  'morning-briefing',
  'speech-by-http',
  'two-priorities',
  'washing-machine-mqtt',
];
/** Buttons that lead to no speech by themselves. */
const SILENT = ['it runs (1800 W)', 'stop'];
/** What Node-RED itself keeps with each node. */
const OF_ALL_NODES = ['id', 'type', 'z', 'x', 'y', 'wires'];

type Example = (FlowNode & { name?: string; wires?: string[][] })[];
const names = fs.readdirSync(FLOWS).flatMap((file) => (file.endsWith('.json') ? [path.basename(file, '.json')] : []));
const read = (name: string) => JSON.parse(fs.readFileSync(path.join(FLOWS, `${name}.json`), 'utf8')) as Example;

/** The properties of a node type: from its form, or from the `defaults` of the core's editor. */
function propertiesOf(type: string): string[] {
  const form = FORMS.find((other) => other.type === type);
  if (form !== undefined) return [...propertyNames(form), ...(type === 'higgs-dialogue' ? ['outputs'] : [])];
  const html = fs.readFileSync(path.join(NODE_RED, `${CORE[type]!}.html`), 'utf8');
  const definition = html.slice(html.search(new RegExp(`registerType\\(["']${type}["']`)));
  const defaults = definition.slice(definition.indexOf('defaults:'));
  const block = defaults.slice(0, defaults.search(/\n {8}\}/));
  return [...block.matchAll(/^ {12}["']?(\w+)["']?\s*:/gm)].map((match) => match[1]!);
}

test('the example that comes first in the editor is the simplest', () => {
  expect(names.sort()[0]).toBe('01-hello-world');
});

test('each node has an example, and each usual task', () => {
  const own = NODE_TYPES.map((type) => type.replace('higgs-', ''));
  expect(names.sort()).toEqual([...own, ...TASKS].sort());
});

describe.each(names)('the example "%s"', (name) => {
  const flow = read(name);

  test('is one tab that opens with a comment on what to do', () => {
    expect(flow.filter((node) => node.type === 'tab')).toHaveLength(1);
    const placed = flow.filter((node) => typeof node.y === 'number');
    const first = placed.reduce((top, node) => ((node.y as number) < (top.y as number) ? node : top));
    expect(first.type).toBe('comment');
    expect(first.name).toMatch(/^(press|open) /i);
    expect(first.info).toMatch(/\w/);
  });

  test('uses only known types, and of these only known properties', () => {
    for (const node of flow.filter((other) => other.type !== 'tab')) {
      const known = propertiesOf(node.type);
      expect(known.length, node.type).toBeGreaterThan(0);
      const unknown = Object.keys(node).filter((key) => !OF_ALL_NODES.includes(key) && !known.includes(key));
      // An inject node keeps its payload among its properties too.
      expect(
        unknown.filter((key) => !(node.type === 'inject' && key.startsWith('payload'))),
        node.id,
      ).toEqual([]);
    }
  });

  test('is wired to nodes that are there, and reports its errors', () => {
    const ids = new Set(flow.map((node) => node.id));
    expect(ids.size).toBe(flow.length);
    for (const node of flow) for (const id of node.wires?.flat() ?? []) expect(ids, node.id).toContain(id);
    for (const node of flow)
      if (typeof node.engine === 'string' && node.engine !== '') expect(ids).toContain(node.engine);
    expect(flow.some((node) => node.type === 'catch')).toBe(true);
  });

  test('names clips that ship with the package, and of which nothing has to be said', async () => {
    const inPackage = (clip: unknown) => path.join(ROOT, String(clip).replace('node_modules/@higgs-tts/node-red/', ''));
    const wavs = (key: string) => flow.map((node) => node[key]).filter((clip) => String(clip).endsWith('.wav'));
    for (const bed of wavs('bed')) expect(fs.existsSync(inPackage(bed)), String(bed)).toBe(true);
    for (const clip of wavs('clip')) {
      expect((await inspectVoiceClip(fs.readFileSync(inPackage(clip)))).warnings, String(clip)).toEqual([]);
    }
  });
});

describe('in Node-RED itself, as imported,', () => {
  let nodeRed: NodeRed;
  let stopWatching: () => void;
  let broker: TestBroker;
  const events: EditorEvent[] = [];
  const waiting: (() => void)[] = [];

  beforeAll(async () => {
    broker = await TestBroker.start();
    nodeRed = await startInstalled({ env: { ALSA_CONFIG_PATH: silentDevice(temporaryFolder()) } });
    stopWatching = await nodeRed.watch((event) => {
      events.push(event);
      for (const wake of waiting.splice(0)) wake();
    });
  });

  afterAll(async () => {
    stopWatching();
    await nodeRed.stop();
    await broker.stop();
  });

  test('every node type of the package is loaded', async () => {
    expect(await nodeRed.checkPackage('@higgs-tts/node-red')).toBe(NODE_TYPES.length);
  });

  test.for(names)('every button of "%s" does what it says', async (name, context) => {
    const flow = await nodeRed.example('@higgs-tts/node-red', name);
    if (flow.some((node) => node.type === 'higgs-play')) skipWithout(context, 'aplay');
    const errorNodes = flow.filter((node) => node.type === 'catch').flatMap((node) => node.wires?.flat() ?? []);
    const subscribed = flow.some((node) => node.type === 'mqtt in') ? broker.nextSubscription() : undefined;
    await nodeRed.deploy(shortened(flow, temporaryFolder(), broker.port));
    await subscribed;
    for (const button of flow.filter((node) => node.type === 'inject')) {
      events.length = 0;
      const expected = resultsOf(flow, button);
      const shown = () => events.filter((event) => event.topic === 'debug' && typeof event.message === 'object');
      const moved = () => events.some((event) => event.topic === 'status');
      await nodeRed.press(button.id);
      if (SILENT.includes(button.name ?? '')) continue;
      while (expected === 0 ? !moved() : shown().length < expected) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      const errors = shown().filter((event) => errorNodes.includes(event.node));
      expect(errors, `${button.name ?? button.id}: ${JSON.stringify(errors)}`).toEqual([]);
    }
  });

  test('a player is given a WAV file by HTTP, and a request without a text an error', async () => {
    const flow = await nodeRed.example('@higgs-tts/node-red', 'speech-by-http');
    await nodeRed.deploy(shortened(flow, temporaryFolder(), broker.port));
    const ask = (query: string) => fetch(`${nodeRed.address}speak${query}`);
    let answer = await ask('?text=Yes.');
    // A deploy answers before its nodes are there.
    while (answer.status === 404) answer = await ask('?text=Yes.');
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 4)).toBe('RIFF');
    expect((await ask('')).status).toBe(400);
  });
});

/** The flow with a limit on its speech, and with its files where they do no harm. */
function shortened(flow: readonly DeployedNode[], folder: string, brokerPort: number): DeployedNode[] {
  return flow.map((node) => {
    if (node.type === 'mqtt-broker') return { ...node, broker: '127.0.0.1', port: String(brokerPort) };
    if (node.type === 'tab') return { ...node, env: [{ name: 'HIGGS_OUTPUT_DIR', value: folder, type: 'str' }] };
    if (node.type === 'higgs-play') return { ...node, player: 'loudspeaker', program: 'aplay', device: 'heard' };
    return 'maxSeconds' in node ? { ...node, maxSeconds: '0.8' } : node;
  });
}

/** The device `heard` for aplay, which makes no noise; gives the configuration's file. */
function silentDevice(folder: string): string {
  return findProgram('aplay') === undefined ? '' : alsaConfig(folder, 'type null');
}

/** How many results a button leads to; none where it only moves the switch of a music node. */
function resultsOf(flow: readonly DeployedNode[], button: DeployedNode): number {
  const props = button.props as { p: string }[];
  if (props.some(({ p }) => p === 'music') && !props.some(({ p }) => p === 'payload')) return 0;
  const next = (node: DeployedNode): DeployedNode[] =>
    node.type === 'mqtt out'
      ? flow.filter((other) => other.type === 'mqtt in' && other.topic === node.topic)
      : (node.wires?.flat() ?? []).map((id) => flow.find((other) => other.id === id)!);
  const paths = (node: DeployedNode): number =>
    node.type === 'debug' ? 1 : next(node).reduce((sum, other) => sum + paths(other), 0);
  return paths(button);
}
