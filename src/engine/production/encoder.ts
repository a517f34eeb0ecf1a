/** Sound as bytes: the whole of it, or while it still comes. */
import { HiggsError } from '../errors.js';
import { checkChoice, checkNumber, ENCODER_RULES, SOUND_FORMATS, type SoundFormat } from '../options.js';
import { openAacEncoder } from './aac-encoder.js';
import { openFlacEncoder, writeFlac } from './flac-encoder.js';
import { mp3RateOf, openMp3Encoder, type Mp3Options } from './mp3-encoder.js';
import { withInfoFrame } from './mp3-info-frame.js';
import { openOpusEncoder } from './opus-encoder.js';
import { soundOf, type AnySound, type SoundEncoder, type SoundShape } from './types.js';
import { openPcmEncoder, openWavEncoder } from './wav-encoder.js';

export interface EncoderOptions extends Mp3Options {
  readonly sampleRateHz: number;
  readonly channelCount: number;
}

/**
 * An encoder for sound that is still being made: WAV with its lengths left unknown (all players go on to the end), FLAC
 * without length and check sum. Throws HIGGS_OPTION_INVALID, or HIGGS_FORMAT_UNAVAILABLE where the format's package is missing.
 */
export async function openSoundEncoder(format: SoundFormat, options: EncoderOptions): Promise<SoundEncoder> {
  return openEncoder(format, options, options);
}

/** A sound, or speech as the engine gives it, as the bytes of a whole file, its lengths told. Throws as {@link openSoundEncoder} does. */
export async function encodeSound(given: AnySound, format: SoundFormat, options: Mp3Options = {}): Promise<Uint8Array> {
  const sound = soundOf(given);
  const { channels, sampleRateHz } = sound;
  const frameCount = channels[0]?.length ?? 0;
  if (channels.some((channel) => channel.length !== frameCount)) {
    throw new HiggsError('HIGGS_OPTION_INVALID', 'The channels of a sound must all have the same length.');
  }
  const shape = { sampleRateHz, channelCount: channels.length, frameCount };
  checkShape(format, shape);
  if (format === 'flac') return writeFlac(sound);
  const encoder = await openEncoder(format, shape, options);
  const bytes = Buffer.concat([encoder.push(channels), await encoder.end()]);
  if (format !== 'mp3') return bytes;
  return withInfoFrame(bytes, Math.round((frameCount * mp3RateOf(sampleRateHz, options)) / sampleRateHz));
}

async function openEncoder(format: SoundFormat, shape: SoundShape, options: Mp3Options): Promise<SoundEncoder> {
  checkShape(format, shape);
  switch (format) {
    case 'pcm16':
      return openPcmEncoder();
    case 'wav16':
      return openWavEncoder(16, shape);
    case 'wav24':
      return openWavEncoder(24, shape);
    case 'wavFloat':
      return openWavEncoder('float', shape);
    case 'flac':
      return openFlacEncoder(shape);
    case 'mp3':
      return openMp3Encoder(shape, options);
    case 'opus':
      return openOpusEncoder(shape);
    case 'aac':
      return openAacEncoder(shape);
  }
}

function checkShape(format: SoundFormat, { sampleRateHz, channelCount }: SoundShape): void {
  checkChoice('format', format, SOUND_FORMATS);
  checkNumber('sampleRateHz', sampleRateHz, ENCODER_RULES.sampleRateHz);
  checkNumber('channelCount', channelCount, ENCODER_RULES.channelCount);
}
