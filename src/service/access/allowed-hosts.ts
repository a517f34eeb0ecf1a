/**
 * Which names a server answers to that knows no keys. A web page may give its own name the address of this machine (DNS
 * rebinding); to a browser this server is then the page's own, and CORS keeps nothing from it. But each request tells
 * the name it was made with, in `Host`.
 */
import net from 'node:net';

export interface AllowedHosts {
  /** The address that is listened at. */
  readonly host: string;
  /** What else the server is called. */
  readonly names: readonly string[];
}

/** Endings that no name on the internet has, so that no page can be called that (RFC 6762, 8375, and ICANN's list). */
const LOCAL_ENDING = /\.(local|lan|home|corp|internal|localdomain|home\.arpa)$/;

/**
 * Whether a request with this `Host` header is for this server. At the loopback address: 127.0.0.1, ::1, localhost and
 * the names that were listed. Elsewhere every address and every name that the internet does not know as well: a page
 * reaches it by these only where it knew the address anyway. Ports do not matter. Without a header nothing is refused:
 * every browser sends one.
 */
export function answersTo(hostHeader: string | undefined, { host, names }: AllowedHosts): boolean {
  if (hostHeader === undefined) return true;
  const name = nameIn(hostHeader);
  if (name === undefined) return false;
  if (['localhost', '127.0.0.1', '::1', plain(host), ...names.map(plain)].includes(name)) return true;
  if (isLoopback(host)) return false;
  return net.isIP(name) !== 0 || !name.includes('.') || LOCAL_ENDING.test(name);
}

/** Whether nobody but this machine reaches it. */
export function isLoopback(host: string): boolean {
  return plain(host) === 'localhost' || plain(host) === '::1' || /^127\./.test(host);
}

/** `name:port` or `[address]:port` without the port; undefined where it is neither. */
function nameIn(hostHeader: string): string | undefined {
  const found = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/i.exec(hostHeader);
  return found === null ? undefined : plain(found[1] ?? found[2] ?? '');
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}
