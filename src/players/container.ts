/** What kind of sound file bytes are, by how they begin. */

export interface Container {
  readonly mediaType: string;
  /** Without a dot. */
  readonly extension: string;
}

export const WAV: Container = { mediaType: 'audio/wav', extension: 'wav' };

const STARTS: readonly (readonly [start: string, at: number, mediaType: string, extension: string])[] = [
  ['WAVE', 8, 'audio/wav', 'wav'],
  ['ID3', 0, 'audio/mpeg', 'mp3'],
  ['OggS', 0, 'audio/ogg', 'ogg'],
  ['fLaC', 0, 'audio/flac', 'flac'],
  ['AIFF', 8, 'audio/aiff', 'aiff'],
  ['AIFC', 8, 'audio/aiff', 'aiff'],
  ['ftyp', 4, 'audio/mp4', 'm4a'],
  ['\u001aE\u00df\u00a3', 0, 'audio/webm', 'webm'],
];

/** So many bytes are enough to tell. */
export const TELLING_BYTES = 12;

/** Undefined for what is no sound file that is known. */
export function containerOf(bytes: Uint8Array): Container | undefined {
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  const found = STARTS.find(([start, at]) => text(at, start.length) === start);
  if (found !== undefined) return { mediaType: found[2], extension: found[3] };
  // Frames of MPEG audio begin with 11 bits set; the next ones tell the layer, of which 0 stands for AAC's frames.
  const [first = 0, second = 0] = bytes;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return { mediaType: 'audio/aac', extension: 'aac' };
  return (second & 0x06) === 0 ? undefined : { mediaType: 'audio/mpeg', extension: 'mp3' };
}
