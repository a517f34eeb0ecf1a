/** Opus in Ogg (RFC 7845) by libopus, which the optional package libopus-wasm brings along as WebAssembly. */
import { randomBytes } from 'node:crypto';
import { HiggsError } from '../errors.js';
import { checkChoice } from '../options.js';
import type { SoundEncoder, SoundShape } from './types.js';
import { OggWriter } from './ogg-writer.js';

export const OPUS_RATES_HZ = [8000, 12_000, 16_000, 24_000, 48_000] as const;
/** Positions count samples at this rate, whatever the sound's own. */
const POSITION_RATE_HZ = 48_000;
const FRAME_SECONDS = 0.02;
/** Good speech of one channel, good music of two. */
const BITRATE = { 1: 32_000, 2: 96_000 } as const;

type Handle = Awaited<ReturnType<Awaited<ReturnType<typeof loadOpus>>['createEncoder']>>;

/** An encoder whose stream was given up holds memory outside of JavaScript's. */
const abandoned = new FinalizationRegistry<Handle>((handle) => handle.free());

/**
 * Throws HIGGS_OPTION_INVALID for other rates or more than two channels, HIGGS_FORMAT_UNAVAILABLE where the package is
 * not installed.
 */
export async function openOpusEncoder({ sampleRateHz, channelCount }: SoundShape): Promise<SoundEncoder> {
  if (channelCount !== 1 && channelCount !== 2) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `Opus has one or two channels here, not ${channelCount}.`);
  }
  const sampleRate = checkChoice('sampleRateHz', sampleRateHz, OPUS_RATES_HZ);
  const { createEncoder, Application } = await loadOpus();
  const frameSize = FRAME_SECONDS * sampleRate;
  const bitrate = BITRATE[channelCount];
  const application = channelCount === 1 ? Application.Voip : Application.Audio;
  return new OpusEncoder(await createEncoder({ channels: channelCount, sampleRate, frameSize, bitrate, application }));
}

class OpusEncoder implements SoundEncoder {
  private readonly ogg = new OggWriter(randomBytes(4).readUInt32LE());
  private readonly frame: Float32Array;
  private filled = 0;
  /** Samples of a channel, at the sound's rate, that came and that went. */
  private taken = 0;
  private encoded = 0;
  private hasHead = false;
  /** Samples at the sound's rate that come out before its first one. */
  private readonly preSkip: number;

  constructor(private readonly opus: Handle) {
    this.preSkip = opus.getLookahead();
    this.frame = new Float32Array(opus.frameSize * opus.channels);
    abandoned.register(this, opus, this);
  }

  push(channels: readonly Float32Array[]): Uint8Array {
    this.taken += channels[0]!.length;
    const head = this.takeHead();
    const packets = this.encode(channels, channels[0]!.length);
    return Buffer.concat([head, this.ogg.pages(packets, this.positionsOf(packets.length))]);
  }

  /** What comes out first are the encoder's own samples, so as many more have to go in; the last page says where the sound ends. */
  end(): Uint8Array {
    const { channels, frameSize } = this.opus;
    const head = this.takeHead();
    const missing = Math.max(1, this.taken + this.preSkip - this.encoded);
    const length = Math.ceil(missing / frameSize) * frameSize - this.filled;
    const packets = this.encode(
      Array.from({ length: channels }, () => new Float32Array(length)),
      length,
    );
    const positions = [...this.positionsOf(packets.length).slice(0, -1), this.position(this.taken + this.preSkip)];
    abandoned.unregister(this);
    this.opus.free();
    return Buffer.concat([head, this.ogg.pages(packets, positions, true)]);
  }

  private encode(channels: readonly Float32Array[], length: number): Uint8Array[] {
    const packets: Uint8Array[] = [];
    const count = channels.length;
    for (let at = 0; at < length; at += 1) {
      for (let channel = 0; channel < count; channel += 1) {
        this.frame[this.filled * count + channel] = channels[channel]![at]!;
      }
      this.filled += 1;
      if (this.filled < this.opus.frameSize) continue;
      packets.push(this.opus.encodeFloat(this.frame).slice());
      this.encoded += this.filled;
      this.filled = 0;
    }
    return packets;
  }

  /** Where each of the last `count` packets ends. */
  private positionsOf(count: number): bigint[] {
    const { frameSize } = this.opus;
    return Array.from({ length: count }, (_, index) => this.position(this.encoded - (count - 1 - index) * frameSize));
  }

  private position(samples: number): bigint {
    return BigInt(Math.round((samples * POSITION_RATE_HZ) / this.opus.sampleRate));
  }

  private takeHead(): Uint8Array {
    if (this.hasHead) return new Uint8Array(0);
    this.hasHead = true;
    const head = Buffer.alloc(19);
    head.write('OpusHead', 0, 'latin1');
    head.writeUInt8(1, 8);
    head.writeUInt8(this.opus.channels, 9);
    head.writeUInt16LE(Number(this.position(this.preSkip)), 10);
    head.writeUInt32LE(this.opus.sampleRate, 12);
    const vendor = 'higgs-tts';
    const tags = Buffer.alloc(8 + 4 + vendor.length + 4);
    tags.write('OpusTags', 0, 'latin1');
    tags.writeUInt32LE(vendor.length, 8);
    tags.write(vendor, 12, 'latin1');
    return Buffer.concat([this.ogg.pages([head], [0n]), this.ogg.pages([tags], [0n])]);
  }
}

async function loadOpus() {
  try {
    return await import('libopus-wasm');
  } catch (cause) {
    throw new HiggsError('HIGGS_FORMAT_UNAVAILABLE', 'Opus needs the package "libopus-wasm".', { cause });
  }
}
