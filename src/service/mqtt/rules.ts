import type { NumberRule } from '../../engine/index.js';

/** Every number that the announcer takes, in its options or in a command. */
export const ANNOUNCER_RULES = {
  queueLimit: { fallback: 100, min: 1, max: 10_000, integer: true, unit: 'announcements' },
  cooldownSeconds: { fallback: 0, min: 0, max: 86_400, unit: 'seconds' },
  /** Announcements of this priority and higher are spoken in quiet hours too. */
  quietPriority: { fallback: 10, min: -100, max: 100, integer: true, unit: '' },
  priority: { fallback: 0, min: -100, max: 100, integer: true, unit: '' },
  volume: { fallback: 100, min: 0, max: 100, unit: '%' },
  speed: { fallback: 1, min: 0.25, max: 4, unit: 'times' },
  everySeconds: { fallback: 60, min: 1, max: 86_400, unit: 'seconds' },
  times: { fallback: 10, min: 1, max: 1000, integer: true, unit: 'times' },
} as const satisfies Record<string, NumberRule>;
