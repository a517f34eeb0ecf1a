export type { WyomingOptions } from './options.js';
export { WYOMING_RULES } from './rules.js';
export { openWyomingServer, type WyomingContext, type WyomingServer } from './server.js';
