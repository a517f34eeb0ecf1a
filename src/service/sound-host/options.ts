import type { NumberRule } from '../../engine/index.js';

export const SOUND_HOST_RULES = {
  port: { fallback: 0, min: 0, max: 65_535, integer: true, unit: '' },
  keepSeconds: { fallback: 3600, min: 1, max: 604_800, unit: 'seconds' },
  megabytes: { fallback: 64, min: 1, max: 4096, integer: true, unit: 'MB' },
} as const satisfies Record<string, NumberRule>;

export interface SoundHostOptions {
  /** 0: any free one. */
  readonly port?: number;
  /** The address to listen on; left out: all of this machine's. */
  readonly bindAddress?: string;
  /**
   * Where loudspeakers reach this server, such as `http://192.168.1.20:8090` or what a proxy in front of it is called;
   * left out: found by the rule of `reachableHost`, with the port that is listened on.
   */
  readonly baseUrl?: string;
  /** How long a sound can be fetched. */
  readonly keepSeconds?: number;
  /** All sounds together; the oldest make room. */
  readonly megabytes?: number;
}
