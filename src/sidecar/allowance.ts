/** A token bucket for each of many: so much at once, and then so much a second. */

export interface Rate {
  readonly atOnce: number;
  readonly perSecond: number;
}

interface Bucket {
  left: number;
  /** By performance.now(). */
  filled: number;
}

export class Allowance {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly rate: Rate,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes one. @returns false where there is none. */
  take(of: string): boolean {
    const now = this.now();
    const bucket = this.#buckets.get(of) ?? { left: this.rate.atOnce, filled: now };
    this.#buckets.set(of, bucket);
    bucket.left = Math.min(this.rate.atOnce, bucket.left + this.#gained(bucket, now));
    bucket.filled = now;
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }

  /** Forgets the buckets that are full again. */
  sweep(): void {
    const now = this.now();
    for (const [of, bucket] of this.#buckets)
      if (bucket.left + this.#gained(bucket, now) >= this.rate.atOnce) this.#buckets.delete(of);
  }

  #gained(bucket: Bucket, now: number): number {
    return ((now - bucket.filled) / 1_000) * this.rate.perSecond;
  }
}
