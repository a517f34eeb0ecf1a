/** MP3 by LAME, which the optional package wasm-media-encoders brings along as WebAssembly. */
import { HiggsError } from '../errors.js';
import { checkChoice, checkNumber, ENCODER_RULES } from '../options.js';
import type { SoundEncoder, SoundShape } from './types.js';

/** What MPEG-1 and MPEG-2 layer 3 know. Up to 24 kHz it is MPEG-2, whose bit rate goes up to 160 kbit/s. */
export const MP3_RATES_HZ = [16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;
const BITRATES_KBPS = [32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320] as const;
const MPEG_2_UP_TO_HZ = 24_000;
const MPEG_2_MOST_KBPS = 160;
const USUAL_KBPS = { mono: 96, stereo: 160 } as const;

type Bitrate = (typeof BITRATES_KBPS)[number];

export interface Mp3Options {
  /** The nearest one that the format knows is taken. Left out: 96 for one channel, 160 for two. */
  readonly mp3BitrateKbps?: number;
  /** Some loudspeakers play nothing but 44,100. Left out: the sound's own rate, or 44,100 where MP3 does not have that. */
  readonly mp3SampleRateHz?: number;
}

/**
 * LAME also changes the rate, where another one is wanted. Throws HIGGS_OPTION_INVALID for more than two channels,
 * HIGGS_FORMAT_UNAVAILABLE where the package is not installed.
 */
export async function openMp3Encoder(shape: SoundShape, options: Mp3Options): Promise<SoundEncoder> {
  const { channelCount, sampleRateHz } = shape;
  if (channelCount !== 1 && channelCount !== 2) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `MP3 has one or two channels, not ${channelCount}.`);
  }
  const rateHz = mp3RateOf(sampleRateHz, options);
  const usual = channelCount === 1 ? USUAL_KBPS.mono : USUAL_KBPS.stereo;
  const wanted = checkNumber('mp3BitrateKbps', options.mp3BitrateKbps, ENCODER_RULES.mp3BitrateKbps) ?? usual;
  const bitrate = nearestBitrate(wanted, rateHz <= MPEG_2_UP_TO_HZ ? MPEG_2_MOST_KBPS : BITRATES_KBPS.at(-1)!);
  const { createMp3Encoder } = await loadLame();
  const lame = await createMp3Encoder();
  lame.configure({ sampleRate: sampleRateHz, outputSampleRate: rateHz, channels: channelCount, bitrate });
  return {
    // The arrays that come back are views on the encoder's memory.
    push: (channels) => (channels[0]!.length === 0 ? new Uint8Array(0) : lame.encode(channels).slice()),
    end: () => lame.finalize().slice(),
  };
}

/** The rate of the MP3 that a sound of `sampleRateHz` becomes. Throws HIGGS_OPTION_INVALID. */
export function mp3RateOf(sampleRateHz: number, { mp3SampleRateHz }: Mp3Options): (typeof MP3_RATES_HZ)[number] {
  if (mp3SampleRateHz !== undefined) return checkChoice('mp3SampleRateHz', mp3SampleRateHz, MP3_RATES_HZ);
  return MP3_RATES_HZ.find((rate) => rate === sampleRateHz) ?? 44_100;
}

async function loadLame() {
  try {
    return await import('wasm-media-encoders');
  } catch (cause) {
    throw new HiggsError('HIGGS_FORMAT_UNAVAILABLE', 'MP3 needs the package "wasm-media-encoders".', { cause });
  }
}

function nearestBitrate(wanted: number, most: number): Bitrate {
  let best: Bitrate = BITRATES_KBPS[0];
  for (const kbps of BITRATES_KBPS) {
    if (kbps <= most && Math.abs(kbps - wanted) < Math.abs(best - wanted)) best = kbps;
  }
  return best;
}
