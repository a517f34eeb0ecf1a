/** The renderers of the network, and one of them by its name or address. */
import net from 'node:net';
import { HiggsError } from '../../engine/index.js';
import { describeRenderer, type RendererDevice } from './description.js';
import { RENDERERS, search, type SearchAt } from './ssdp.js';

/** All that answer, by their names. Never rejects. */
export async function discoverRenderers(at?: SearchAt): Promise<readonly RendererDevice[]> {
  const locations = await search(RENDERERS, at);
  const devices = await Promise.all(locations.map((location) => describeRenderer(location).catch(() => undefined)));
  const found = new Map(
    devices.filter((device) => device !== undefined).map((device) => [device.udn || device.location, device]),
  );
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The renderer of a name, a UDN (`uuid:…`), an IP address (with the port of its SSDP after a colon, where that is not 1900),
 * or the address of its description. Throws HIGGS_PLAYER_UNREACHABLE.
 */
export async function locateRenderer(wanted: string): Promise<RendererDevice> {
  if (/^https?:\/\//i.test(wanted)) return describeRenderer(wanted);
  const [host = '', port] = wanted.split(':');
  if (net.isIPv4(host)) {
    const [device] = await discoverRenderers({ host, ...(port === undefined ? {} : { port: Number(port) }) });
    if (device !== undefined) return device;
    throw new HiggsError('HIGGS_PLAYER_UNREACHABLE', `No player answers at ${wanted}.`);
  }
  const devices = await discoverRenderers();
  const meant = devices.filter(({ udn, name }) => udn === wanted || name.toLowerCase() === wanted.toLowerCase());
  const [device, another] = meant;
  if (device !== undefined && another === undefined) return device;
  if (device !== undefined) {
    const addresses = meant.map(({ location }) => location).join(', ');
    throw new HiggsError(
      'HIGGS_OPTION_INVALID',
      `There are ${meant.length} players "${wanted}"; name one by its address: ${addresses}.`,
    );
  }
  const there = devices.length === 0 ? 'none answers' : `there are: ${devices.map(({ name }) => name).join(', ')}`;
  throw new HiggsError('HIGGS_PLAYER_UNREACHABLE', `There is no player "${wanted}" in the network; ${there}.`);
}
