/** Where on this machine a loudspeaker in the house would find it. */
import type { NetworkInterfaceInfo } from 'node:os';

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Networks that containers, virtual machines and tunnels make; a loudspeaker is in none of them. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vboxnet|tun|tap|wg|utun|tailscale|zt|cni|flannel|podman|lxc|lxd)/i;
const EVERY_ADDRESS = new Set(['', '0.0.0.0', '::']);

/**
 * The host part of the addresses that are given to loudspeakers, where nobody configured one:
 * 1. the address that the server is bound to, unless that is all of them;
 * 2. else an IPv4 address of a real network interface, one for private networks (10/8, 172.16/12, 192.168/16) first;
 * 3. else an IPv4 address of any interface, then an IPv6 one that is not link-local;
 * 4. else 127.0.0.1: without a network only this machine can listen.
 * Where a machine is in several networks, or a container's ports are mapped, only its owner can know: configure it there.
 */
export function reachableHost(boundTo: string, interfaces: Interfaces): string {
  if (!EVERY_ADDRESS.has(boundTo)) return bracketed(boundTo);
  const outside = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? []).filter(({ internal }) => !internal).map(({ address, family }) => ({ name, address, family })),
  );
  const fourth = outside.filter(({ family, address }) => family === 'IPv4' && !address.startsWith('169.254.'));
  const real = fourth.filter(({ name }) => !VIRTUAL.test(name));
  const sixth = outside.filter(({ family, address }) => family === 'IPv6' && !/^fe[89ab]/i.test(address));
  const best = real.find(({ address }) => isPrivate(address)) ?? real[0] ?? fourth[0] ?? sixth[0];
  return bracketed(best?.address ?? '127.0.0.1');
}

function isPrivate(address: string): boolean {
  const [first = 0, second = 0] = address.split('.').map(Number);
  return first === 10 || (first === 192 && second === 168) || (first === 172 && second >= 16 && second <= 31);
}

/** An IPv6 address as URLs take it. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
