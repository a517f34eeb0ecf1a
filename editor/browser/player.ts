/** Plays sound as it arrives: chunks follow each other without a gap, and stop at once. */
export class Player {
  private readonly context: AudioContext;
  private readonly playing = new Set<AudioBufferSourceNode>();
  private endsAt = 0;
  private ended: () => void = () => undefined;

  constructor() {
    this.context = new AudioContext();
  }

  /** `channels`: samples from -1 to 1, one array a channel. */
  add(channels: readonly Float32Array<ArrayBuffer>[], sampleRateHz: number): void {
    const [first] = channels;
    if (first === undefined || first.length === 0) return;
    const buffer = this.context.createBuffer(channels.length, first.length, sampleRateHz);
    channels.forEach((samples, index) => buffer.copyToChannel(samples, index));
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    const { currentTime } = this.context;
    // A chunk that comes late is heard late, never cut.
    if (this.endsAt < currentTime) this.endsAt = currentTime + 0.05;
    source.start(this.endsAt);
    this.endsAt += buffer.duration;
    this.playing.add(source);
    source.onended = () => {
      this.playing.delete(source);
      if (this.playing.size === 0) this.ended();
    };
  }

  /** Seconds that are still to be heard. */
  get remainingSeconds(): number {
    return Math.max(0, this.endsAt - this.context.currentTime);
  }

  /** Settles when all that was added has been heard, or was stopped. */
  async heard(): Promise<void> {
    if (this.playing.size > 0) await new Promise<void>((resolve) => (this.ended = resolve));
  }

  async close(): Promise<void> {
    for (const source of this.playing) source.stop();
    this.playing.clear();
    this.ended();
    if (this.context.state !== 'closed') await this.context.close();
  }
}
