/** A budget that refills with time: bursts up to its size, in the long run no more than its rate. */

/** How much may be spent. */
export interface BucketLimits {
  readonly perSecond: number;
  /** What may be spent at once after a rest. */
  readonly burst: number;
}

export class TokenBucket {
  #tokens: number;
  #filledAt: number;

  /** @param now milliseconds of any clock; the later calls' `now` are of the same one. */
  constructor(
    private readonly limits: BucketLimits,
    now: number,
  ) {
    this.#tokens = limits.burst;
    this.#filledAt = now;
  }

  /** Spends one, if there is one. A clock that was set back neither gives nor takes. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Takes one spending back. */
  giveBack(): void {
    this.#tokens = Math.min(this.limits.burst, this.#tokens + 1);
  }

  /** How long until there is one to spend, in milliseconds, as of the last look. */
  nextAfterMs(): number {
    return Math.ceil((Math.max(0, 1 - this.#tokens) * 1_000) / this.limits.perSecond);
  }

  /** Whether nothing was spent for so long that a new bucket would be the same. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.limits.burst;
  }

  #fill(now: number): void {
    const elapsed = Math.max(0, now - this.#filledAt);
    this.#tokens = Math.min(this.limits.burst, this.#tokens + (elapsed * this.limits.perSecond) / 1_000);
    this.#filledAt = now;
  }
}
