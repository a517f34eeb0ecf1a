/** From what the engine gives to the file that a loudspeaker plays. */
import {
  encodeSound,
  fileExtensionOf,
  mediaTypeOf,
  produce,
  type Production,
  type Sound,
  type SpeakResult,
} from '../../engine/index.js';
import { volumeGain } from '../../engine/package-api.js';
import type { Announcement } from './announcement.js';
import type { AnnouncerFormat } from './options.js';

/** The rate that every loudspeaker plays. */
const MP3_RATE_HZ = 44_100;

export interface FinishedSound {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Without a dot. */
  readonly extension: string;
  readonly seconds: number;
}

/** `volume` 0 to 100 %. */
export async function finishSound(
  result: SpeakResult,
  announcement: Announcement,
  volume: number,
  production: Production,
  format: AnnouncerFormat,
): Promise<FinishedSound> {
  const spoken: Sound = { channels: [result.samples], sampleRateHz: result.sampleRateHz };
  const { sound } = await produce(spoken, productionOf(announcement, production));
  const bytes = await encodeSound(atVolume(sound, volume), format, { mp3SampleRateHz: MP3_RATE_HZ });
  return {
    bytes,
    mediaType: mediaTypeOf(format),
    extension: fileExtensionOf(format).slice(1),
    seconds: (sound.channels[0]?.length ?? 0) / sound.sampleRateHz,
  };
}

function productionOf({ speed, chime }: Announcement, usual: Production): Production {
  const { chimeBefore, ...rest } = usual;
  const before =
    chime === undefined ? chimeBefore : chime === false ? undefined : ({ kind: 'builtin', name: chime } as const);
  return {
    ...rest,
    ...(speed === undefined ? {} : { speed }),
    ...(before === undefined ? {} : { chimeBefore: before }),
  };
}

function atVolume(sound: Sound, percent: number): Sound {
  if (percent === 100) return sound;
  const gain = volumeGain(percent);
  return { ...sound, channels: sound.channels.map((channel) => channel.map((sample) => sample * gain)) };
}
