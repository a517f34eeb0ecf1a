/** What servers of this machine are called in the network. */
import type { Interfaces } from '../sound-host/base-address.js';

/** A label of a domain name has 63 letters; what stands before and behind the machine's name needs some. */
const LONGEST_HOSTNAME = 40;

/**
 * The machine's name with four digits of the network card that has `address`: two machines in a house are often called
 * "raspberrypi" both, and Home Assistant knows a server again by its name, which therefore stays over restarts.
 */
export function machineName(hostname: string, address: string, interfaces: Interfaces): string {
  const first = (hostname.split('.', 1)[0] ?? '').replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
  const card = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .find((entry) => entry.address === address);
  const digits = card?.mac.replaceAll(':', '').slice(-4) ?? '';
  return [first.slice(0, LONGEST_HOSTNAME), digits].filter((part) => part !== '').join('-');
}
