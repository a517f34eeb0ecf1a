/**
 * AAC-LC in ADTS frames by libavcodec, which the packages mediabunny and @mediabunny/aac-encoder (MPL-2.0) bring along as
 * WebAssembly. They take 16 MB, so that only those install them who want AAC.
 */
import { HiggsError } from '../errors.js';
import { checkChoice } from '../options.js';
import { resample } from '../resample.js';
import { ConstantRate } from './adts-padding.js';
import type { SoundEncoder, SoundShape } from './types.js';

export const AAC_RATES_HZ = [22_050, 24_000, 44_100, 48_000] as const;
/** Samples of a channel in a frame. */
const FRAME = 1024;
/**
 * ADTS cannot tell that the encoder begins with a frame of its own, nor where the last frame's sound ends. At twice the
 * rate, half as much time is added: 21 to 43 ms at 48 kHz.
 */
const DOUBLED_UP_TO_HZ = 24_000;
/** Good speech of one channel, good music of two. */
const BITRATE = { 1: 64_000, 2: 128_000 } as const;
/** What nearly all frames of these rates fit into; 64 kbit/s at 48 kHz are 178 bytes at the mean. */
const FRAME_BYTES = { 1: 256, 2: 448 } as const;
/** Samples on each side that a doubled one is made of, and more. */
const DOUBLER_REACH = 8;

type Mediabunny = Awaited<ReturnType<typeof loadMediabunny>>;
type Handle = ReturnType<typeof openHandle>;

/** An encoder whose stream was given up has a thread. */
const abandoned = new FinalizationRegistry<Handle>(({ output }) => void output.cancel().catch(() => undefined));

/**
 * Throws HIGGS_OPTION_INVALID for other rates or more than two channels, HIGGS_FORMAT_UNAVAILABLE where the packages are
 * not installed.
 */
export async function openAacEncoder({ sampleRateHz, channelCount }: SoundShape): Promise<SoundEncoder> {
  if (channelCount !== 1 && channelCount !== 2) {
    throw new HiggsError('HIGGS_OPTION_INVALID', `AAC has one or two channels here, not ${channelCount}.`);
  }
  const rateHz = checkChoice('sampleRateHz', sampleRateHz, AAC_RATES_HZ);
  const library = await loadMediabunny();
  const handle = openHandle(library, channelCount);
  await handle.output.start();
  return new AacEncoder(library, handle, rateHz, channelCount);
}

/** Nothing here knows the encoder, so that it can be noticed when that one is given up. */
function openHandle(
  { Output, AdtsOutputFormat, NullTarget, AudioSampleSource, Quality }: Mediabunny,
  channelCount: keyof typeof BITRATE,
) {
  const frames: Uint8Array[] = [];
  const rate = new ConstantRate(FRAME_BYTES[channelCount]);
  const format = new AdtsOutputFormat({ onFrame: (frame) => void frames.push(rate.next(frame)) });
  const output = new Output({ format, target: new NullTarget() });
  const source = new AudioSampleSource({
    codec: 'aac',
    quality: new Quality({ bitrate: BITRATE[channelCount] }),
    onEncoderConfig: hideWorkerForNow,
  });
  output.addAudioTrack(source);
  return { output, source, frames };
}

/**
 * Where there is a global `Worker` (onnxruntime-web for one makes it node:worker_threads'), the encoder takes it for a
 * browser's and hands it a blob that Node cannot start. It looks for it, and starts its thread, before the code that calls this
 * gives way to any other.
 */
function hideWorkerForNow(): void {
  const worker = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  if (worker === undefined) return;
  Reflect.deleteProperty(globalThis, 'Worker');
  queueMicrotask(() => Object.defineProperty(globalThis, 'Worker', worker));
}

/** The work is done in a thread: a push gives what earlier ones made ready. */
class AacEncoder implements SoundEncoder {
  private readonly doublers: readonly Doubler[] | undefined;
  private readonly encodedRateHz: number;
  private taken = 0;
  private queue: Promise<void> = Promise.resolve();
  private failure: HiggsError | undefined;

  constructor(
    private readonly library: Mediabunny,
    private readonly handle: Handle,
    sampleRateHz: number,
    private readonly channelCount: number,
  ) {
    const isDoubled = sampleRateHz <= DOUBLED_UP_TO_HZ;
    this.encodedRateHz = isDoubled ? 2 * sampleRateHz : sampleRateHz;
    if (isDoubled) this.doublers = Array.from({ length: channelCount }, () => new Doubler());
    abandoned.register(this, handle, this);
  }

  push(channels: readonly Float32Array[]): Uint8Array {
    const { doublers } = this;
    this.encode(doublers === undefined ? channels : doublers.map((doubler, index) => doubler.push(channels[index]!)));
    return this.takeFrames();
  }

  async end(): Promise<Uint8Array> {
    if (this.doublers !== undefined) this.encode(this.doublers.map((doubler) => doubler.end()));
    // A file without a frame is none.
    if (this.taken === 0) this.encode(Array.from({ length: this.channelCount }, () => new Float32Array(FRAME)));
    await this.queue;
    const { output } = this.handle;
    abandoned.unregister(this);
    try {
      if (this.failure !== undefined) throw this.failure;
      await output.finalize();
    } catch (thrown) {
      await output.cancel();
      throw HiggsError.from(thrown);
    }
    return this.takeFrames();
  }

  private encode(channels: readonly Float32Array[]): void {
    const length = channels[0]!.length;
    if (length === 0) return;
    const data = new Float32Array(this.channelCount * length);
    for (const [index, channel] of channels.entries()) {
      // The encoder refuses what is no number.
      for (let at = 0; at < length; at += 1) data[index * length + at] = Math.max(-1, Math.min(1, channel[at]!)) || 0;
    }
    const sample = new this.library.AudioSample({
      data,
      format: 'f32-planar',
      numberOfChannels: this.channelCount,
      sampleRate: this.encodedRateHz,
      timestamp: this.taken / this.encodedRateHz,
    });
    this.taken += length;
    this.queue = this.queue.then(() => this.add(sample));
  }

  /** Never rejects: what went wrong is thrown at the end. */
  private async add(sample: InstanceType<Mediabunny['AudioSample']>): Promise<void> {
    try {
      await this.handle.source.add(sample);
    } catch (thrown) {
      this.failure ??= HiggsError.from(thrown);
    } finally {
      sample.close();
    }
  }

  private takeFrames(): Uint8Array {
    return Buffer.concat(this.handle.frames.splice(0));
  }
}

/** One channel at twice its rate; the same samples in whatever parts it comes. */
class Doubler {
  private held = new Float32Array(0);
  /** How many of those held were doubled before and are only kept for their neighbours. */
  private doubledCount = 0;

  push(samples: Float32Array): Float32Array {
    const all = new Float32Array(this.held.length + samples.length);
    all.set(this.held);
    all.set(samples, this.held.length);
    return this.double(all, Math.max(this.doubledCount, all.length - DOUBLER_REACH));
  }

  end(): Float32Array {
    return this.double(this.held, this.held.length);
  }

  private double(all: Float32Array<ArrayBuffer>, until: number): Float32Array {
    const doubled = resample(all, 1, 2).subarray(2 * this.doubledCount, 2 * until);
    const from = Math.max(0, until - DOUBLER_REACH);
    this.held = all.slice(from);
    this.doubledCount = until - from;
    return doubled;
  }
}

async function loadMediabunny() {
  try {
    const [library, { registerAacEncoder }] = await Promise.all([
      import('mediabunny'),
      import('@mediabunny/aac-encoder'),
    ]);
    registerAacEncoder();
    return library;
  } catch (cause) {
    const command = 'npm install mediabunny @mediabunny/aac-encoder';
    const why = `AAC needs two more packages: "${command}" in the folder that this package is installed in (~/.node-red).`;
    throw new HiggsError('HIGGS_FORMAT_UNAVAILABLE', why, { cause });
  }
}
