/** How much one address may ask, and how many speeches are taken on. */
import { RETRY_SECONDS, tooMany } from './api-error.js';

/** Addresses remembered before those that have asked little are forgotten. */
const KEPT_ADDRESSES = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** A bucket of tokens for each address: `perMinute` at once, and as many a minute on average. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perMinute: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Takes one request of `address`; throws a 429 that tells when the next one may come. */
  take(address: string): void {
    const bucket = this.fill(address);
    if (bucket.tokens < 1) {
      const seconds = ((1 - bucket.tokens) * 60) / this.perMinute;
      throw tooMany('rate_limit_exceeded', `More than ${this.perMinute} requests a minute.`, seconds);
    }
    bucket.tokens -= 1;
  }

  private fill(address: string): Bucket {
    const now = this.nowMs();
    const known = this.buckets.get(address) ?? { tokens: this.perMinute, atMs: now };
    known.tokens = Math.min(this.perMinute, known.tokens + ((now - known.atMs) * this.perMinute) / 60_000);
    known.atMs = now;
    // Written last again, so that the first ones are those that have not asked for the longest time.
    this.buckets.delete(address);
    this.buckets.set(address, known);
    if (this.buckets.size > KEPT_ADDRESSES) this.buckets.delete(this.buckets.keys().next().value!);
    return known;
  }
}

/** Places for speeches that wait or run. */
export class Places {
  private taken = 0;

  /** `onChange` hears how many are taken each time that changes. */
  constructor(
    private readonly limit: number,
    private readonly onChange: (count: number) => void = () => undefined,
  ) {}

  get count(): number {
    return this.taken;
  }

  /** Takes a place, to be given back by the function returned, once; throws a 429 where there is none. */
  take(): () => void {
    if (this.taken >= this.limit) {
      throw tooMany('queue_full', 'Too many requests wait already.', RETRY_SECONDS);
    }
    this.set(this.taken + 1);
    let held = true;
    return () => {
      if (held) this.set(this.taken - 1);
      held = false;
    };
  }

  private set(taken: number): void {
    this.taken = taken;
    this.onChange(taken);
  }
}
