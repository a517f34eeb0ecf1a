export { HTTP_RULES, type HttpOptions } from './options.js';
export { openHttpServer, type HttpServer, type HttpServerContext } from './server.js';
