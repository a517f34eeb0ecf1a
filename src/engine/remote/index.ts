export { Servers } from './servers.js';
export { checkRemoteOptions, type RemoteSettings } from './settings.js';
export type { RemoteQuestion, RemoteVoice } from './types.js';
