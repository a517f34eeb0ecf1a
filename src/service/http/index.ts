export type { HttpOptions } from './options.js';
export { HTTP_RULES } from './rules.js';
export { openHttpServer, type HttpServer, type HttpServerContext } from './server.js';
