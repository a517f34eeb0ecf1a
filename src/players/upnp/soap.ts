/** The actions of a UPnP service, called by SOAP. */
import { HiggsError } from '../../engine/index.js';
import { askDevice } from './http.js';
import { escapeXml, readXml, textOf } from './xml.js';

export interface Service {
  /** Such as urn:schemas-upnp-org:service:AVTransport:1. */
  readonly type: string;
  readonly controlUrl: string;
  /** What the service's own description has; undefined where the device names none. */
  readonly descriptionUrl?: string;
}

const LIMIT_MS = 5000;

/** What the action gives, by the names of its values. Throws HIGGS_PLAYER_UNREACHABLE, or HIGGS_PLAYER_FAILED with the device's reason. */
export async function call(
  { type, controlUrl }: Service,
  action: string,
  values: Readonly<Record<string, string | number>> = {},
): Promise<(name: string) => string> {
  const given = Object.entries({ InstanceID: 0, ...values });
  const inner = given.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
  const body =
    '<?xml version="1.0" encoding="utf-8"?>' +
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
    `<s:Body><u:${action} xmlns:u="${type}">${inner}</u:${action}></s:Body></s:Envelope>`;
  const headers = { 'Content-Type': 'text/xml; charset="utf-8"', SOAPACTION: `"${type}#${action}"` };
  const { status, text } = await askDevice(controlUrl, { method: 'POST', headers, body, limitMs: LIMIT_MS });
  const answer = readXml(text);
  if (status >= 200 && status < 300 && answer !== undefined) return (name) => textOf(answer, name);
  const reason =
    answer === undefined ? '' : [textOf(answer, 'errorCode'), textOf(answer, 'errorDescription')].join(' ').trim();
  const why = reason === '' ? `status ${status}` : reason;
  const { host } = new URL(controlUrl);
  throw new HiggsError('HIGGS_PLAYER_FAILED', `The player at ${host} refused ${action}: ${why}.`);
}
