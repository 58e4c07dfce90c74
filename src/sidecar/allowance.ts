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

  /** How much there is. */
  left(of: string): number {
    const bucket = this.#buckets.get(of);
    return bucket === undefined ? this.rate.atOnce : this.#leftOf(bucket, this.now());
  }

  /** Takes so much. @returns false where there is less: it takes nothing then. */
  take(of: string, amount = 1): boolean {
    const now = this.now();
    const bucket = this.#buckets.get(of) ?? { left: this.rate.atOnce, filled: now };
    this.#buckets.set(of, bucket);
    bucket.left = this.#leftOf(bucket, now);
    bucket.filled = now;
    if (bucket.left < amount) return false;
    bucket.left -= amount;
    return true;
  }

  /** Forgets the buckets that are full again. */
  sweep(): void {
    const now = this.now();
    for (const [of, bucket] of this.#buckets)
      if (this.#leftOf(bucket, now) >= this.rate.atOnce) this.#buckets.delete(of);
  }

  #leftOf({ left, filled }: Bucket, now: number): number {
    return Math.min(this.rate.atOnce, left + ((now - filled) / 1_000) * this.rate.perSecond);
  }
}
