/** Engines of one's own, and engines shared by everyone who asks for the same one. */
import type { EngineOptions } from '../options.js';
import type { EngineLease, OwnEngine } from '../speech-engine.js';
import { Engine, EngineCore, PrivateEngine } from './engine.js';
import { checkEngineOptions } from './settings.js';

interface SharedEngine {
  readonly core: EngineCore;
  leases: number;
}

const sharedEngines = new Map<string, SharedEngine>();

/** An engine of one's own: nothing is started before the first call, and `close` ends it. Throws HIGGS_OPTION_INVALID. */
export function createEngine(options: EngineOptions = {}): OwnEngine {
  return new PrivateEngine(new EngineCore(checkEngineOptions(options)));
}

/**
 * A share in the engine of these options; equal options, once filled in, give the same worker and queue. Nothing is started
 * before the first call. An engine that has given up is not shared any further: who acquires it anew gets a new one. Throws
 * HIGGS_OPTION_INVALID.
 */
export function acquireEngine(options: EngineOptions = {}): EngineLease {
  const settings = checkEngineOptions(options);
  const key = JSON.stringify(settings);
  let shared = sharedEngines.get(key);
  if (shared === undefined || shared.core.info().state === 'given-up') {
    shared = { core: new EngineCore(settings), leases: 0 };
    sharedEngines.set(key, shared);
  }
  const share = shared;
  share.leases += 1;
  let released: Promise<void> | undefined;
  return {
    engine: new Engine(share.core, () => released !== undefined),
    release: () => (released ??= release(key, share)),
  };
}

async function release(key: string, share: SharedEngine): Promise<void> {
  share.leases -= 1;
  if (share.leases > 0) return;
  if (sharedEngines.get(key) === share) sharedEngines.delete(key);
  await share.core.close();
}
