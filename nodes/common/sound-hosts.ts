/** Where sounds are served: one host for all nodes that name the same higgs-sounds node, and one for those that name none. */
import { openSoundHost, SOUND_HOST_RULES, type SoundHost, type SoundHostOptions } from '../../src/service/index.js';
import type { NumberRule } from '../../src/engine/index.js';
import { HiggsError } from '../../src/engine/index.js';
import type { Node, NodeAPI, Saved } from './node-red.js';
import { readNumber } from './readers.js';
import { leaveOut } from './values.js';

/** A node's way to the host. */
export interface SoundHostLink {
  /** Listens from the first call on. Rejects with HIGGS_OPTION_INVALID, HIGGS_ADDRESS_UNAVAILABLE. */
  host(): Promise<SoundHost>;
  /** The last one to leave ends the host. */
  leave(): Promise<void>;
}

/** What a higgs-sounds node is to those that use it. */
export interface SoundsNode extends Node {
  soundHosts: SoundHostShare;
}

export class SoundHostShare {
  private users = 0;
  private opened: Promise<SoundHost> | undefined;

  /** `options` is asked when the first sound is to be served; what it throws fails that message. */
  constructor(private readonly options: () => SoundHostOptions) {}

  join(): SoundHostLink {
    this.users += 1;
    let isIn = true;
    return {
      host: () => (isIn ? this.host() : Promise.reject(new HiggsError('HIGGS_CLOSED', 'The node was closed.'))),
      leave: async () => {
        if (!isIn) return;
        isIn = false;
        this.users -= 1;
        if (this.users === 0) await this.close();
      },
    };
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.then((host) => host.close()).catch(() => undefined);
  }

  private async host(): Promise<SoundHost> {
    this.opened ??= Promise.resolve().then(() => openSoundHost(this.options()));
    const asked = this.opened;
    try {
      return await asked;
    } catch (thrown) {
      // A port may be free the next time.
      if (this.opened === asked) this.opened = undefined;
      throw thrown;
    }
  }
}

const usual = new SoundHostShare(() => ({}));

/**
 * The host of the node `id`, or the one that all nodes without a choice share. A node that is named but missing or disabled has
 * none: no other port is opened in its place, and {@link missingSoundHost} is the error.
 */
export function soundHostsOf(red: NodeAPI, id: unknown): SoundHostShare {
  const missing = missingSoundHost(red, id);
  if (missing === undefined) return soundHostsForEditor(red, id);
  return new SoundHostShare(() => {
    throw missing;
  });
}

/** HIGGS_SOUND_HOST_MISSING where the higgs-sounds node that a node names does not run. */
export function missingSoundHost(red: NodeAPI, id: unknown): HiggsError | undefined {
  if (!isNamed(id) || deployedHosts(red, id) !== undefined) return undefined;
  const what = `The sounds node "${id}" that this node uses is missing or disabled.`;
  return new HiggsError('HIGGS_SOUND_HOST_MISSING', what);
}

/** As {@link soundHostsOf}; for a node that is not deployed yet, the one that nodes without a choice share. */
export function soundHostsForEditor(red: NodeAPI, id: unknown): SoundHostShare {
  return (isNamed(id) ? deployedHosts(red, id) : undefined) ?? usual;
}

function isNamed(id: unknown): id is string {
  return typeof id === 'string' && id !== '';
}

function deployedHosts(red: NodeAPI, id: string): SoundHostShare | undefined {
  return (red.nodes.getNode(id) as Partial<SoundsNode> | null)?.soundHosts;
}

/** From the fields `soundPort`, `soundAddress`, `soundUrl`, `keepSeconds` and `megabytes`. Throws HIGGS_OPTION_INVALID. */
export function soundHostOptions(saved: Saved): SoundHostOptions {
  const number = (name: string, rule: NumberRule) =>
    saved[name] === undefined || saved[name] === '' ? undefined : readNumber(rule)(saved[name], name);
  const text = (name: string) => {
    const value = saved[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  return leaveOut({
    port: number('soundPort', SOUND_HOST_RULES.port),
    bindAddress: text('soundAddress'),
    baseUrl: text('soundUrl'),
    keepSeconds: number('keepSeconds', SOUND_HOST_RULES.keepSeconds),
    megabytes: number('megabytes', SOUND_HOST_RULES.megabytes),
  });
}
