/** Listening at an address, with errors that say what to do. */
import type { Server } from 'node:net';
import { HiggsError } from '../../engine/index.js';
import { systemCode } from '../../engine/package-api.js';

/**
 * The port that `server` listens at; an empty `host` stands for all addresses of this machine. Throws HIGGS_ADDRESS_UNAVAILABLE for one that is taken,
 * forbidden or not here.
 */
export function listenAt(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) => {
      server.off('listening', succeed);
      const where = host === '' ? `Port ${port}` : `The address ${host}:${port}`;
      reject(new HiggsError('HIGGS_ADDRESS_UNAVAILABLE', `${where} ${reasonOf(cause)}.`, { cause }));
    };
    const succeed = () => {
      server.off('error', fail);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    };
    server.once('error', fail).once('listening', succeed).listen(port, host);
  });
}

function reasonOf(error: Error): string {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return 'is in use already';
    case 'EACCES':
      return 'may not be used by this user';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'is none of this machine';
    case undefined:
    default:
      return `cannot be listened at: ${error.message}`;
  }
}
