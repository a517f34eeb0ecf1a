/** The forms that sound is handed out in. */

/** WAV of 16 or 24 bits or of 32-bit floats; raw little-endian PCM of 16 bits, channels interleaved; MP3; FLAC of 16 bits; Opus in Ogg. */
export const SOUND_FORMATS = ['wav16', 'wav24', 'wavFloat', 'pcm16', 'mp3', 'flac', 'opus'] as const;
export type SoundFormat = (typeof SOUND_FORMATS)[number];

const FACTS: Readonly<Record<SoundFormat, { readonly mediaType: string; readonly extension: string }>> = {
  wav16: { mediaType: 'audio/wav', extension: '.wav' },
  wav24: { mediaType: 'audio/wav', extension: '.wav' },
  wavFloat: { mediaType: 'audio/wav', extension: '.wav' },
  pcm16: { mediaType: 'application/octet-stream', extension: '.pcm' },
  mp3: { mediaType: 'audio/mpeg', extension: '.mp3' },
  flac: { mediaType: 'audio/flac', extension: '.flac' },
  opus: { mediaType: 'audio/ogg; codecs=opus', extension: '.opus' },
};

/** What to write into a Content-Type header. Raw PCM has no type that tells its rate: it is `application/octet-stream`. */
export function mediaTypeOf(format: SoundFormat): string {
  return FACTS[format].mediaType;
}

/** A file's ending, with its dot. */
export function fileExtensionOf(format: SoundFormat): string {
  return FACTS[format].extension;
}
