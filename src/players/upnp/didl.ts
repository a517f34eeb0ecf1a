/** What a renderer is told of a sound: DIDL-Lite, UPnP's own description of media. */
import { escapeXml } from './xml.js';

export interface Described {
  readonly url: string;
  readonly title: string;
  readonly mediaType: string;
  readonly seconds?: number;
  readonly byteCount?: number;
}

export function didlOf({ url, title, mediaType, seconds, byteCount }: Described): string {
  const size = byteCount === undefined ? '' : ` size="${byteCount}"`;
  const duration = seconds === undefined ? '' : ` duration="${clockOf(seconds)}"`;
  return (
    '<DIDL-Lite xmlns="urn:schemas-upnp-org:metadata-1-0/DIDL-Lite/" xmlns:dc="http://purl.org/dc/elements/1.1/"' +
    ' xmlns:upnp="urn:schemas-upnp-org:metadata-1-0/upnp/">' +
    '<item id="0" parentID="-1" restricted="1">' +
    `<dc:title>${escapeXml(title)}</dc:title>` +
    '<upnp:class>object.item.audioItem.musicTrack</upnp:class>' +
    `<res protocolInfo="http-get:*:${escapeXml(mediaType)}:*"${size}${duration}>${escapeXml(url)}</res>` +
    '</item></DIDL-Lite>'
  );
}

/** H:MM:SS.mmm. */
export function clockOf(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${hours}:${two(minutes)}:${two(rest)}.${String(ms % 1000).padStart(3, '0')}`;
}

/** Seconds of a clock; 0 where it is none, such as NOT_IMPLEMENTED. */
export function secondsOf(clock: string): number {
  const found = /^[+-]?(\d+):(\d{1,2}):(\d{1,2})(\.\d+)?/.exec(clock);
  if (found === null) return 0;
  return Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3]) + Number(found[4] ?? 0);
}
