/** What kind of sound lies at an address that somebody gave. */
const LIMIT_MS = 4000;
const BY_ENDING: Readonly<Record<string, string>> = {
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  flac: 'audio/flac',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
};
/** What radios send, and what every renderer takes. */
const USUAL = 'audio/mpeg';

/** By its ending, else by what the server says, else MPEG audio. Never rejects. */
export async function typeOfAddress(url: string, signal: AbortSignal): Promise<string> {
  const ending = /\.(\w+)$/.exec(URL.canParse(url) ? new URL(url).pathname : '')?.[1]?.toLowerCase();
  const known = ending === undefined ? undefined : BY_ENDING[ending];
  if (known !== undefined) return known;
  const told = await fetch(url, { method: 'HEAD', signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) })
    .then((response) => response.headers.get('content-type'))
    .catch(() => null);
  const type = told?.split(';')[0]?.trim() ?? '';
  return type.startsWith('audio/') ? type : USUAL;
}
