/** Brokers for tests: Debian's mosquitto, one in this process, and a wire to either that can be cut. */
import { Aedes } from 'aedes';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import net, { type AddressInfo, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach } from 'vitest';
import { temporaryFolder } from '../../helpers/folders.js';
import { findProgram } from '../../helpers/programs.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
/** Called after the test, the last one first. */
export function afterTest(close: () => Promise<void>): void {
  closers.push(close);
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Keeps its sessions and messages over restarts, as an installed one does. Tests with it begin with `skipWithout`. */
export class Mosquitto {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly config: string,
  ) {}

  /** `lines` are added to its configuration; `listener` replaces the open one. */
  static async start(
    lines: readonly string[] = [],
    listener?: (port: number) => readonly string[],
  ): Promise<Mosquitto> {
    const folder = temporaryFolder();
    const port = await freePort();
    const config = path.join(folder, 'mosquitto.conf');
    const open = listener?.(port) ?? [`listener ${port} 127.0.0.1`, 'allow_anonymous true'];
    // As root it would change to a user who may not write here.
    const user = process.getuid?.() === 0 ? ['user root'] : [];
    fs.writeFileSync(
      config,
      [...user, ...open, 'persistence true', `persistence_location ${folder}/`, 'log_type error', ...lines, ''].join(
        '\n',
      ),
    );
    const broker = new Mosquitto(port, config);
    await broker.up();
    afterTest(() => broker.down());
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const child = spawn(findProgram('mosquitto')!, ['-c', this.config], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.process = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async down(): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A broker in this process, MQTT 3.1.1; it keeps nothing over `close`. */
export async function embeddedBroker(): Promise<{
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => broker.close(() => resolve()));
    }));
  afterTest(close);
  return { url: `mqtt://127.0.0.1:${port}`, port, close };
}

/** A wire to a broker. What it swallows is lost without either end knowing, until it is cut. */
export class Wire {
  swallowUpward = false;
  private readonly sockets = new Set<Socket>();

  private constructor(readonly port: number) {}

  static async to(brokerPort: number): Promise<Wire> {
    const server = net.createServer((near) => {
      const far = net.connect(brokerPort, '127.0.0.1');
      near.on('data', (bytes) => {
        if (!wire.swallowUpward) far.write(bytes);
      });
      far.on('data', (bytes) => near.write(bytes));
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        wire.sockets.add(one);
        one
          .on('error', () => undefined)
          .on('close', () => {
            wire.sockets.delete(one);
            other.destroy();
          });
      }
    });
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const wire = new Wire((server.address() as AddressInfo).port);
    afterTest(async () => {
      wire.cut();
      await new Promise((resolve) => server.close(resolve));
    });
    return wire;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
