export {
  openWyomingServer,
  WYOMING_RULES,
  type WyomingContext,
  type WyomingOptions,
  type WyomingServer,
} from './server.js';
