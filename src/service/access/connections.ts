/** How many of a server's connections one address may have. */
import type { Server, Socket } from 'node:net';

/** So much of all that a server takes one address may have: others always find room. */
const LARGEST_SHARE = 0.75;

/** Limits the connections of `server`, of all together and of each address; what comes beyond is ended at once. */
export function limitConnections(server: Server, connectionLimit: number): void {
  const most = Math.max(1, Math.floor(connectionLimit * LARGEST_SHARE));
  const open = new Map<string, number>();
  server.maxConnections = connectionLimit;
  server.on('connection', (socket: Socket) => {
    const address = neighbourhoodOf(socket.remoteAddress ?? '');
    const count = open.get(address) ?? 0;
    if (count >= most) {
      socket.destroy();
      return;
    }
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}

/** An IPv4 address as it is; of an IPv6 address its network (/64), for one machine has all of the addresses in it. */
export function neighbourhoodOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
