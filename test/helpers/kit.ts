/** The reference's results for its small random-weight models: test/fixtures/reference/<kit>. */
import path from 'node:path';
import { readKit, type Kit } from '../../scripts/parity/kit.js';

export type { Kit } from '../../scripts/parity/kit.js';
export const KITS = ['small', 'wide-heads', 'twelve-books'] as const;
export type KitName = (typeof KITS)[number];
/** The folder that holds the kits. */
export const KITS_DIR = path.join(__dirname, '..', 'fixtures', 'reference');

const loaded = new Map<KitName, Kit>();

/** Loads a kit once a test file. */
export function loadKit(name: KitName): Kit {
  let kit = loaded.get(name);
  if (kit === undefined) loaded.set(name, (kit = readKit(path.join(KITS_DIR, name))));
  return kit;
}

/** How the kit `small` turns its positions: llama3's way with its usual numbers. */
export const SMALL_ROPE = llama3(500_000, 32, { high: 0.5, low: 0.125 }, 1024);

function llama3(
  theta: number,
  factor: number,
  { high, low }: { high: number; low: number },
  originalMaxPositions: number,
) {
  const factors = { highFrequencyFactor: high, lowFrequencyFactor: low };
  return { type: 'llama3', theta, factor, ...factors, originalMaxPositions } as const;
}
