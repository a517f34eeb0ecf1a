/** The pronunciation file that ships, and texts to read with it. */
import path from 'node:path';
import { Pronunciation } from '../../../src/engine/pronunciation/index.js';

export const SHIPPED_FILE = path.join(__dirname, '../../../models/embedded/model/pronunciation.bin');

let shipped: Promise<Pronunciation> | undefined;

export function openShipped(): Promise<Pronunciation> {
  return (shipped ??= Pronunciation.open(SHIPPED_FILE));
}
