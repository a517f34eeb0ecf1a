/** A player of the network: what it did before is looked at, the sound is played, and at last all is put back. */
import { wholeOf } from '../collect.js';
import type { Player, PlayOptions, PublishedSound, SoundSource } from '../types.js';
import type { RendererDevice } from './description.js';
import { clockOf, didlOf, type Described } from './didl.js';
import { typeOfAddress } from './media-type.js';
import { Transport, type Media, type Position } from './transport.js';
import { checkGoesOn, USUAL_TIMING, watch, type Timing } from './watch.js';

/** What the renderer was about before its first sound of ours. */
interface Before {
  readonly isPlaying: boolean;
  readonly media: Media;
  readonly position: Position;
  /** Undefined where it has none. */
  readonly volume: number | undefined;
}

interface Address extends Described {
  readonly published?: PublishedSound;
}

export class Renderer implements Player {
  private readonly transport: Transport;
  private before: Before | undefined;
  /** What was set here last; another value was set by somebody else. */
  private volumeSet: number | undefined;
  private urlSet = '';

  constructor(
    private readonly device: RendererDevice,
    private readonly timing: Timing = USUAL_TIMING,
  ) {
    this.transport = new Transport(device);
  }

  get key(): string {
    return this.device.udn || this.device.location;
  }

  get name(): string {
    return this.device.name;
  }

  async play(source: SoundSource, options: PlayOptions): Promise<void> {
    const { signal, volume } = options;
    const address = await this.addressOf(source, options);
    checkGoesOn(signal);
    this.before ??= await this.look();
    checkGoesOn(signal);
    if (this.before.isPlaying) await this.transport.stop().catch(() => undefined);
    if (volume !== undefined && this.before.volume !== undefined) {
      await this.transport.setVolume(volume);
      this.volumeSet = volume;
    }
    this.urlSet = address.url;
    try {
      await this.transport.load(address.url, didlOf(address));
      await this.transport.play();
      await watch(this.transport, this.name, { ...address, signal }, this.timing);
    } catch (thrown) {
      // It must not play on, nor begin late, behind the back of whoever was told that it is over.
      await this.transport.stop().catch(() => undefined);
      throw thrown;
    }
  }

  async rest(): Promise<void> {
    const { before } = this;
    this.before = undefined;
    if (before === undefined) return;
    try {
      await this.restoreVolume(before);
      // Somebody has put something else on: that is what shall be heard.
      const { url } = await this.transport.media();
      if (url !== '' && url !== this.urlSet) return;
      await this.resume(before);
    } catch {
      // The sound has been heard. A device that has gone meanwhile, or does not take back what it played, has nothing to go on with.
    }
  }

  private async look(): Promise<Before> {
    const { state } = await this.transport.state();
    // What follows is for the way back alone; a renderer that does not tell has none.
    const nothing: Media = { url: '', metadata: '', trackCount: 0 };
    const media = await this.transport.media().catch(() => nothing);
    const position = await this.transport.position().catch(() => ({ track: 0, seconds: 0, trackSeconds: 0 }));
    const volume = await this.transport.volume().catch(() => undefined);
    return { isPlaying: state === 'playing' || state === 'beginning', media, position, volume };
  }

  private async restoreVolume({ volume }: Before): Promise<void> {
    const { volumeSet } = this;
    this.volumeSet = undefined;
    if (volume === undefined || volumeSet === undefined) return;
    const now = await this.transport.volume();
    // Whoever turned it meanwhile wants it so. Steps of a renderer can be coarse.
    if (now !== undefined && Math.abs(now - volumeSet) < this.timing.volumeTolerance)
      await this.transport.setVolume(volume);
  }

  private async resume({ isPlaying, media, position }: Before): Promise<void> {
    if (media.url === '') return;
    await this.transport.load(media.url, media.metadata);
    if (!isPlaying) return;
    const ignored = () => undefined;
    if (media.trackCount > 1) await this.transport.seek('TRACK_NR', String(position.track)).catch(ignored);
    await this.transport.play();
    // What has no end, a radio, begins again; so does a renderer that cannot seek.
    if (position.trackSeconds > 0)
      await this.transport.seek('REL_TIME', clockOf(position.seconds).slice(0, -4)).catch(ignored);
  }

  private async addressOf(source: SoundSource, { publish, signal, title = 'Node-RED' }: PlayOptions): Promise<Address> {
    if (source.kind === 'url') return { url: source.url, title, mediaType: await typeOfAddress(source.url, signal) };
    const { bytes, mediaType, extension, seconds } = await wholeOf(source, signal);
    const published = await publish(bytes, mediaType, extension);
    return {
      url: published.url,
      published,
      title,
      mediaType,
      byteCount: bytes.byteLength,
      ...(seconds === undefined ? {} : { seconds }),
    };
  }
}
