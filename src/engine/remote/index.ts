export type { ServerKind } from './kinds.js';
export { Servers } from './servers.js';
export { checkRemoteOptions } from './settings.js';
export type { RemoteQuestion, RemoteVoice } from './types.js';
