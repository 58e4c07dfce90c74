/**
 * Takes calls back from the node host no faster than it bears: Node's HTTP/2 ends a connection, with every call on it,
 * after 1,000 calls that were taken back at once and 33 a second (nghttp2's stream reset rate limit). An engine that
 * goes away takes thousands back, and the calls of the others on the same host must go on.
 */

/** Below the limits, for calls whose time is over end on both sides and may count too. */
const AT_ONCE = 800;
const PER_SECOND = 25;

export class CancelPace {
  readonly #waiting: (() => void)[] = [];
  #tokens = AT_ONCE;
  #at: number;

  /** @param now in milliseconds, on a clock that nobody sets. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#at = now();
  }

  /** Cancels at once, or after those that wait already. */
  run(cancel: () => void): void {
    this.#waiting.push(cancel);
    if (this.#waiting.length === 1) this.#next();
  }

  #next(): void {
    const now = this.now();
    this.#tokens = Math.min(AT_ONCE, this.#tokens + ((now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
    while (this.#tokens >= 1 && this.#waiting.length > 0) {
      this.#tokens--;
      this.#waiting.shift()?.();
    }
    if (this.#waiting.length > 0) setTimeout(() => this.#next(), 1_000 / PER_SECOND).unref();
  }
}
