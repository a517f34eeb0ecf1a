/** A segment's sound, which waits until someone listens: it may be made before its turn. */
export class BufferedSound<End> {
  readonly end: Promise<End>;
  private waiting: Float32Array[] = [];
  private listener: ((samples: Float32Array) => void) | undefined;

  constructor(speak: (onSound: (samples: Float32Array) => void) => Promise<End>) {
    this.end = speak((samples) => {
      if (this.listener) this.listener(samples);
      else this.waiting.push(samples);
    });
    // Whoever listens is told; until then nobody may be there.
    this.end.catch(() => undefined);
  }

  /** `onSound` is given what has waited, at once, and then all that comes. */
  listen(onSound: (samples: Float32Array) => void): void {
    for (const samples of this.waiting.splice(0)) onSound(samples);
    this.listener = onSound;
  }
}
