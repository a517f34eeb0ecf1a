/** Flows for tests: the built nodes in Node-RED's real runtime, with the real engine. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, afterEach } from 'vitest';
import { ROOT, temporaryFolder } from '../engine-kit.js';

export interface Message {
  payload?: unknown;
  [property: string]: unknown;
}

export interface CaughtMessage extends Message {
  error: { message: string; code?: string; source: { id: string } };
}

export interface Status {
  fill?: string;
  shape?: string;
  text?: string;
}

interface RuntimeNode {
  id: string;
  receive(msg: Message): void;
  close(removed: boolean): Promise<void>;
  on(event: string, listener: (argument: never) => void): void;
  /** A spy that the helper puts in the log's place. */
  readonly warn: { readonly args: readonly (readonly unknown[])[] };
}

export interface FlowNode {
  id: string;
  type: string;
  [property: string]: unknown;
}

/** Secrets of nodes, by the nodes' ids. */
type Credentials = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Helper {
  settings(settings: object): void;
  load(nodes: readonly unknown[], flow: readonly FlowNode[], credentials: Credentials): Promise<void>;
  unload(): Promise<void>;
  setFlows(flow: readonly FlowNode[], type?: string): Promise<void>;
  getNode(id: string): RuntimeNode;
  startServer(done: () => void): void;
  stopServer(done: () => void): void;
  request(): Record<'get' | 'post', (path: string) => Promise<{ status: number; body: unknown }>>;
}

const requireHere = createRequire(__filename);
const helper = requireHere('node-red-node-test-helper') as Helper;

export const NODE_TYPES = [
  'higgs-engine',
  'higgs-voice',
  'higgs-synthesize',
  'higgs-dialogue',
  'higgs-music',
  'higgs-server',
  'higgs-announce',
  'higgs-play',
  'higgs-sounds',
] as const;

const nodes = NODE_TYPES.map(
  (type) => requireHere(path.join(ROOT, 'dist', 'nodes', type, `${type}.js`)) as (red: unknown) => void,
);
/** Node-RED's own nodes of sequences, of which tests use Join. */
const sequences = requireHere('@node-red/nodes/core/sequence/17-split.js') as (red: unknown) => void;

/** Of Node-RED's own MQTT nodes, tests use the broker's. */
const mqtt = requireHere('@node-red/nodes/core/network/10-mqtt.js') as (red: unknown) => void;
/** What has no place on a tab. */
const CONFIG_TYPES = ['higgs-engine', 'higgs-sounds', 'mqtt-broker'];

/** What became of one message at one node: sent on, caught as an error, or complete without either. */
export type Outcome = { readonly sent: Message } | { readonly caught: CaughtMessage } | { readonly completed: Message };

/**
 * Deploys `flow` on one tab; `watched` nodes get an output, a Catch and a Complete node. All is taken down after each
 * test, and the user directory is the same for a whole file.
 */
export class Bench {
  readonly statuses = new Map<string, Status[]>();
  readonly sent: Message[] = [];
  readonly caught: CaughtMessage[] = [];
  readonly completed: Message[] = [];
  /** What the watched nodes warned of. */
  readonly warnings: string[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly watched: readonly string[]) {}

  static async deploy(flow: readonly FlowNode[], credentials: Credentials = {}): Promise<Bench> {
    const watched = flow.filter((node) => node.type.startsWith('higgs-') && !CONFIG_TYPES.includes(node.type));
    const bench = new Bench(watched.map((node) => node.id));
    await helper.load([...nodes, sequences, mqtt], bench.wire(flow), credentials);
    bench.listen();
    return bench;
  }

  /** Deploys anew as the editor's button does: all nodes are closed, then made again. */
  async redeploy(flow: readonly FlowNode[]): Promise<void> {
    await helper.setFlows(this.wire(flow), 'full');
    this.listen();
  }

  /** Ends the runtime's flows, as a restart of Node-RED would; the user directory stays. */
  async stop(): Promise<void> {
    await helper.unload();
  }

  /** Closes one node as a deploy of the changed nodes alone would. */
  async stopOne(id: string): Promise<void> {
    await helper.getNode(id).close(true);
  }

  send(id: string, msg: Message): void {
    helper.getNode(id).receive(msg);
  }

  /** Sends a message and waits for what becomes of it; a message that is passed on is complete too. */
  async take(id: string, msg: Message): Promise<Outcome> {
    const [sent, caught, completed] = [this.sent.length, this.caught.length, this.completed.length];
    this.send(id, msg);
    await this.until(() => this.caught.length > caught || this.completed.length > completed);
    // Done is called after send, but the two may arrive in either order.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const [error, message, complete] = [this.caught[caught], this.sent[sent], this.completed[completed]];
    if (error !== undefined) return { caught: error };
    return message === undefined ? { completed: complete! } : { sent: message };
  }

  /** What the node gives for a message; fails with the error's text where it gives an error. */
  async result(id: string, msg: Message): Promise<Message> {
    const outcome = await this.take(id, msg);
    if ('sent' in outcome) return outcome.sent;
    throw new Error('caught' in outcome ? outcome.caught.error.message : 'The message was not passed on.');
  }

  /** The error that a message ends with. */
  async error(id: string, msg: Message): Promise<CaughtMessage['error']> {
    const outcome = await this.take(id, msg);
    if ('caught' in outcome) return outcome.caught.error;
    throw new Error(`There is no error, but ${Object.keys(outcome).join()}.`);
  }

  lastStatus(id: string): Status | undefined {
    return this.statuses.get(id)?.at(-1);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private wire(flow: readonly FlowNode[]): FlowNode[] {
    const placed = [
      ...flow.filter((node) => !CONFIG_TYPES.includes(node.type)).map((node) => ({ wires: [['out']], ...node })),
      { id: 'out', type: 'helper', wires: [] },
      { id: 'catch', type: 'catch', scope: null, uncaught: false, wires: [['caught']] },
      { id: 'caught', type: 'helper', wires: [] },
      { id: 'complete', type: 'complete', scope: this.watched, wires: [['completed']] },
      { id: 'completed', type: 'helper', wires: [] },
    ];
    return [
      { id: 'tab', type: 'tab', label: 'test' },
      ...flow.filter((node) => CONFIG_TYPES.includes(node.type)),
      // What has no place on the tab is a configuration node to Node-RED.
      ...placed.map((node, index) => ({ ...node, z: 'tab', x: 100, y: 50 * index })),
    ];
  }

  private listen(): void {
    this.collect('out', this.sent);
    this.collect('caught', this.caught);
    this.collect('completed', this.completed);
    for (const id of this.watched) {
      helper.getNode(id).on('call:warn', (call: { args: [string] }) => this.warnings.push(call.args[0]));
      helper.getNode(id).on('call:status', (call: { args: [Status] }) => {
        this.statuses.set(id, [...(this.statuses.get(id) ?? []), call.args[0]]);
        this.tell();
      });
    }
  }

  private collect(id: string, into: Message[]): void {
    helper.getNode(id).on('input', (msg: Message) => {
      into.push(msg);
      this.tell();
    });
  }

  private tell(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}

/** Node-RED with a user directory of its own; gives that directory. Call once in a test file, at its top. */
export function nodeRed(): string {
  const userDir = temporaryFolder();
  helper.settings({ userDir });
  afterEach(async () => {
    await helper.unload();
  });
  afterAll(() => helper.settings({}));
  return userDir;
}

/** The admin API of the running flow. */
export async function adminGet(pathname: string): Promise<{ status: number; body: unknown }> {
  await new Promise<void>((resolve) => helper.startServer(resolve));
  try {
    return await helper.request().get(pathname);
  } finally {
    await new Promise<void>((resolve) => helper.stopServer(resolve));
  }
}

interface PostAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly text: string;
}

export async function adminPost(pathname: string, body?: object): Promise<PostAnswer> {
  await new Promise<void>((resolve) => helper.startServer(resolve));
  try {
    // The helper's own types know of no body.
    const request = helper.request().post(pathname) as unknown as { send(body?: object): Promise<PostAnswer> };
    return await request.send(body);
  } finally {
    await new Promise<void>((resolve) => helper.stopServer(resolve));
  }
}
