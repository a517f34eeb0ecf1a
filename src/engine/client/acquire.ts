/** Engines shared by everyone who asks for the same one. */
import type { EngineOptions } from '../options.js';
import type { EngineLease } from '../speech-engine.js';
import { LocalEngine } from './engine.js';
import { checkEngineOptions } from './settings.js';

interface SharedEngine {
  readonly engine: LocalEngine;
  leases: number;
}

const sharedEngines = new Map<string, SharedEngine>();

/**
 * A share in the engine of these options; equal options, once filled in, give the same engine. Nothing is started
 * before the first call. An engine that has given up or was closed is not shared any further: who acquires it anew
 * gets a new one. Throws HIGGS_OPTION_INVALID.
 */
export function acquireEngine(options: EngineOptions = {}): EngineLease {
  const settings = checkEngineOptions(options);
  const key = JSON.stringify(settings);
  let shared = sharedEngines.get(key);
  if (shared === undefined || ['given-up', 'closed'].includes(shared.engine.info().state)) {
    shared = { engine: new LocalEngine(settings), leases: 0 };
    sharedEngines.set(key, shared);
  }
  const share = shared;
  share.leases += 1;
  let released: Promise<void> | undefined;
  return { engine: share.engine, release: () => (released ??= release(key, share)) };
}

async function release(key: string, share: SharedEngine): Promise<void> {
  share.leases -= 1;
  if (share.leases > 0) return;
  if (sharedEngines.get(key) === share) sharedEngines.delete(key);
  await share.engine.close();
}
