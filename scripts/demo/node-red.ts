/** The real Node-RED, headless, as a child process; spoken to by its admin API and the editor's own websocket. */
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end, start } from './processes.js';

/** What the editor would show: a node's status, or a line of the debug sidebar. */
export type EditorEvent =
  | { readonly topic: 'status'; readonly node: string; readonly text: string }
  | { readonly topic: 'debug'; readonly node: string; readonly message: unknown };

export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly wires?: readonly (readonly string[])[];
  readonly [property: string]: unknown;
}

/** Which Node-RED runs on which Node.js. */
export interface Runtime {
  /** The program of Node.js. */
  readonly node: string;
  /** Node-RED's `red.js`. */
  readonly main: string;
}

/** The Node-RED of this checkout on the Node.js that runs this. */
const OWN_RUNTIME: Runtime = { node: process.execPath, main: createRequire(__filename).resolve('node-red/red.js') };

export interface StartOptions {
  readonly runtime?: Runtime;
  /** Settings beside or instead of the usual ones; only what JSON can hold. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

interface WebSocketLike {
  on(event: string, listener: (data: unknown) => void): void;
  send(text: string): void;
  close(): void;
}

const START_LIMIT_MS = 60_000;
const DEPLOY_LIMIT_MS = 10_000;

export class NodeRed {
  /** Rejects when Node-RED ends, with the last lines of its log. */
  readonly gone: Promise<never>;

  private constructor(
    private readonly child: ChildProcess,
    readonly address: string,
    private readonly log: () => string,
  ) {
    this.gone = new Promise((_resolve, reject) => {
      child.once('exit', (status, signal) => {
        reject(new Error(`Node-RED ended (${signal ?? String(status)}).\n${log()}`));
      });
    });
    // It ends when it is stopped, and then nobody waits for this.
    this.gone.catch(() => undefined);
  }

  /** Starts Node-RED in `userDir` on a free port of this machine alone, and waits until its editor answers. */
  static async start(
    userDir: string,
    { settings: extra = {}, env = {}, runtime = OWN_RUNTIME }: StartOptions = {},
  ): Promise<NodeRed> {
    const port = await freePort();
    const settings = path.join(userDir, 'settings.js');
    await fs.writeFile(settings, `module.exports = ${JSON.stringify({ ...settingsFor(port), ...extra }, null, 2)};\n`);
    const args = [runtime.main, '--settings', settings, '--userDir', userDir];
    const child = start(runtime.node, args, {
      cwd: userDir,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        log = (log + bytes.toString()).slice(-10_000);
      });
    }
    const nodeRed = new NodeRed(child, `http://127.0.0.1:${port}/`, () => log);
    await nodeRed.untilReady();
    return nodeRed;
  }

  /** Each node type of the package must have loaded. */
  async checkPackage(name: string): Promise<number> {
    const sets = (await this.get('nodes')) as readonly {
      module: string;
      name: string;
      err?: string;
      types: string[];
    }[];
    const own = sets.filter((set) => set.module === name);
    const broken = own.filter((set) => set.err !== undefined);
    if (own.length === 0) throw new Error(`Node-RED did not load ${name}.\n${this.log()}`);
    if (broken.length > 0) throw new Error(`Node-RED could not load: ${JSON.stringify(broken)}`);
    return own.flatMap((set) => set.types).length;
  }

  /** An example flow, taken from where the editor's import dialog takes it. */
  async example(packageName: string, name: string): Promise<FlowNode[]> {
    return (await this.get(`library/examples/flows/${packageName}/${name}`)) as FlowNode[];
  }

  async deploy(flow: readonly FlowNode[]): Promise<void> {
    await this.post('flows', flow);
  }

  /** Presses an inject node's button; a deploy answers before its nodes are there. */
  async press(id: string): Promise<void> {
    const limit = Date.now() + DEPLOY_LIMIT_MS;
    for (;;) {
      try {
        await this.post(`inject/${id}`, {});
        return;
      } catch (thrown) {
        if (Date.now() > limit) throw thrown;
        await sleep(100);
      }
    }
  }

  /** Calls `listener` with what the editor would show, until the given function is called. */
  async watch(listener: (event: EditorEvent) => void): Promise<() => void> {
    const socket = openSocket(`${this.address.replace('http', 'ws')}comms`);
    await new Promise<void>((resolve, reject) => {
      socket.on('open', () => resolve());
      socket.on('error', (error) => reject(error instanceof Error ? error : new Error(String(error))));
    });
    socket.on('message', (data) => {
      for (const event of eventsOf(String(data))) listener(event);
    });
    socket.send(JSON.stringify({ subscribe: 'status/#' }));
    socket.send(JSON.stringify({ subscribe: 'debug' }));
    return () => socket.close();
  }

  stop(): Promise<void> {
    return end(this.child);
  }

  private async untilReady(): Promise<void> {
    const limit = Date.now() + START_LIMIT_MS;
    for (;;) {
      // The page itself, for the API may ask for a login.
      const started = await fetch(this.address).then(
        (response) => response.ok,
        () => false,
      );
      if (started) return;
      if (this.child.exitCode !== null || Date.now() > limit) throw new Error(`Node-RED did not start.\n${this.log()}`);
      await sleep(200);
    }
  }

  /** An answer of the admin API that is no JSON, such as the nodes' editor files. */
  async text(pathname: string): Promise<string> {
    const response = await fetch(this.address + pathname, { headers: { accept: 'text/html' } });
    if (!response.ok) throw new Error(`GET ${pathname}: ${response.status}`);
    return response.text();
  }

  async get(pathname: string): Promise<unknown> {
    const response = await fetch(this.address + pathname, { headers: { accept: 'application/json' } });
    if (!response.ok) throw new Error(`GET ${pathname}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  private async post(pathname: string, body: unknown): Promise<void> {
    const response = await fetch(this.address + pathname, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`POST ${pathname}: ${response.status} ${await response.text()}`);
  }
}

function settingsFor(port: number) {
  return {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, projects: { enabled: false } },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  };
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Node-RED's own websocket library: Node.js 20 has no client of its own. */
function openSocket(address: string): WebSocketLike {
  const nodeRedRequire = createRequire(createRequire(__filename).resolve('node-red/red.js'));
  const editorRequire = createRequire(nodeRedRequire.resolve('@node-red/editor-api/package.json'));
  const WebSocket = editorRequire('ws') as new (address: string) => WebSocketLike;
  return new WebSocket(address);
}

function eventsOf(text: string): EditorEvent[] {
  const parsed: unknown = JSON.parse(text);
  const batch = Array.isArray(parsed) ? (parsed as readonly unknown[]) : [parsed];
  return batch.flatMap((entry): EditorEvent[] => {
    const { topic, data } = entry as { topic?: string; data?: { id?: string; msg?: string; text?: string } };
    if (topic?.startsWith('status/') === true) {
      return [{ topic: 'status', node: topic.slice('status/'.length), text: data?.text ?? '' }];
    }
    if (topic !== 'debug' || data?.id === undefined) return [];
    return [{ topic: 'debug', node: data.id, message: parseOr(data.msg) }];
  });
}

function parseOr(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return text;
  }
}
