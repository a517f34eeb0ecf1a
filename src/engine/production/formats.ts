/** The forms that sound is handed out in. */

import { SOUND_FORMATS, type SoundFormat } from '../options.js';

const FACTS: Readonly<Record<SoundFormat, { readonly mediaType: string; readonly extension: string }>> = {
  wav16: { mediaType: 'audio/wav', extension: '.wav' },
  wav24: { mediaType: 'audio/wav', extension: '.wav' },
  wavFloat: { mediaType: 'audio/wav', extension: '.wav' },
  pcm16: { mediaType: 'application/octet-stream', extension: '.pcm' },
  mp3: { mediaType: 'audio/mpeg', extension: '.mp3' },
  flac: { mediaType: 'audio/flac', extension: '.flac' },
  opus: { mediaType: 'audio/ogg; codecs=opus', extension: '.opus' },
  aac: { mediaType: 'audio/aac', extension: '.aac' },
};

/** What to write into a Content-Type header. Raw PCM has no type that tells its rate: it is `application/octet-stream`. */
export function mediaTypeOf(format: SoundFormat): string {
  return FACTS[format].mediaType;
}

/** A file's ending, with its dot. */
export function fileExtensionOf(format: SoundFormat): string {
  return FACTS[format].extension;
}

/** The format that a file's name asks for by its ending; undefined where it has another one. */
export function formatOf(file: string): SoundFormat | undefined {
  const ending = /\.[a-z\d]+$/i.exec(file)?.[0].toLowerCase();
  return SOUND_FORMATS.find((format) => FACTS[format].extension === ending);
}
