/** A container that podman runs, on the network of the checks. */
import path from 'node:path';
import { run } from '../demo/processes.js';
import { expect } from '../home-assistant/report.js';
import { Side } from '../home-assistant/side.js';

export const SERVER_URL = 'http://127.0.0.1:8880';
/** What Docker gives a container to end by itself. */
const STOP_LIMIT_SECONDS = 10;

export interface ContainerOptions {
  readonly image: string;
  readonly name: string;
  /** Where its log goes. */
  readonly folder: string;
  /** For `podman run`, before the image. */
  readonly flags?: readonly string[];
  /** In place of the image's own command. */
  readonly command?: readonly string[];
}

export class Container {
  private readonly side: Side;

  constructor(private readonly options: ContainerOptions) {
    const { image, name, folder, flags = [], command = [] } = options;
    // Without systemd nothing would ask for its health by itself; `health` does.
    const always = ['--replace', '--pull=never', '--network=host', '--health-interval=disable', '--name', name];
    this.side = new Side({
      name,
      command: 'podman',
      args: ['run', ...always, ...flags, image, ...command],
      logFile: path.join(folder, `${name}.log`),
      answers: async () => (await fetch(`${SERVER_URL}/healthz`)).ok,
    });
  }

  /** Gives the seconds until /healthz answered. */
  async up(): Promise<number> {
    const startedMs = performance.now();
    await this.side.up();
    return (performance.now() - startedMs) / 1000;
  }

  /** Runs a command in it, as its user. */
  exec(...command: readonly string[]): Promise<string> {
    return podman('exec', this.options.name, ...command);
  }

  /** Rejects where the image's own health check fails. */
  async health(): Promise<void> {
    await podman('healthcheck', 'run', this.options.name);
  }

  /** Ends it as `docker stop` does; gives the seconds that it took. Throws where it did not end well by itself. */
  async down(): Promise<number> {
    const startedMs = performance.now();
    await podman('stop', '--time', `${STOP_LIMIT_SECONDS}`, this.options.name);
    const seconds = (performance.now() - startedMs) / 1000;
    const status = await podman('inspect', '--format', '{{.State.ExitCode}}', this.options.name);
    expect(status === '0', `it ended with ${status} after ${seconds.toFixed(1)} s: ${this.side.log().slice(-500)}`);
    return seconds;
  }
}

/** What it printed. */
export async function podman(...args: readonly string[]): Promise<string> {
  return (await run('podman', args, {})).trim();
}
