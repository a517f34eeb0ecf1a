/** What a device tells of itself. */
import { HiggsError } from '../../engine/index.js';
import { askDevice } from './http.js';
import type { Service } from './soap.js';
import { allNamed, readXml, textOf, type XmlElement } from './xml.js';

export interface RendererDevice {
  /** Where its description lies. */
  readonly location: string;
  /** Unique, and the same after a restart. */
  readonly udn: string;
  readonly name: string;
  /** Manufacturer and model. */
  readonly model: string;
  readonly transport: Service;
  /** Volume; a device may have none. */
  readonly rendering?: Service;
}

const LIMIT_MS = 4000;

/** Throws HIGGS_PLAYER_UNREACHABLE where there is no renderer. */
export async function describeRenderer(location: string): Promise<RendererDevice> {
  const { status, text } = await askDevice(location, { method: 'GET', limitMs: LIMIT_MS });
  const root = status === 200 ? readXml(text) : undefined;
  const device = root === undefined ? undefined : rendererIn(root, location);
  if (device !== undefined) return device;
  const what = `The address ${location} has no description of a player (status ${status}).`;
  throw new HiggsError('HIGGS_PLAYER_UNREACHABLE', what);
}

/** Undefined where no device in it plays. */
export function rendererIn(root: XmlElement, location: string): RendererDevice | undefined {
  const base = textOf(root, 'URLBase') || location;
  for (const device of allNamed(root, 'device')) {
    const services = allNamed(device, 'service').flatMap((service) => serviceIn(service, base, location));
    const transport = services.find(({ type }) => /:service:AVTransport:\d+$/.test(type));
    if (transport === undefined) continue;
    const rendering = services.find(({ type }) => /:service:RenderingControl:\d+$/.test(type));
    // A device may have others within; what is its own comes first.
    return {
      location,
      udn: textOf(device, 'UDN'),
      name: textOf(device, 'friendlyName') || new URL(location).host,
      model: [textOf(device, 'manufacturer'), textOf(device, 'modelName')].filter((text) => text !== '').join(' '),
      transport,
      ...(rendering === undefined ? {} : { rendering }),
    };
  }
  return undefined;
}

/** None where its address leads to another host: whoever answered speaks for itself alone. */
function serviceIn(service: XmlElement, base: string, location: string): Service[] {
  const url = (name: string) => {
    const path = textOf(service, name);
    return path !== '' && URL.canParse(path, base) ? new URL(path, base) : undefined;
  };
  const controlUrl = url('controlURL');
  const descriptionUrl = url('SCPDURL');
  const { hostname } = new URL(location);
  if (controlUrl?.hostname !== hostname || controlUrl.protocol !== 'http:') return [];
  const described = descriptionUrl?.hostname === hostname ? { descriptionUrl: descriptionUrl.href } : {};
  return [{ type: textOf(service, 'serviceType'), controlUrl: controlUrl.href, ...described }];
}
