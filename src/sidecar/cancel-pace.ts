/**
 * Takes calls back from the node host no faster than it bears: Node's HTTP/2 ends a connection, with every call on it,
 * after 1,000 calls that were taken back at once and 33 a second (nghttp2's stream reset rate limit). An engine that
 * goes away takes thousands back, the time of thousands may be over together, and handlers may fail as often as they
 * are called; the calls of the others on the same host must go on.
 */

/** Below the limits, for who is left alone with a host may not count as we do. */
const AT_ONCE = 800;
const PER_SECOND = 25;
/** How long a call that has failed, or whose time is over, may take to end by itself: the host knows as well. */
const LET_END_MS = 1_000;

/** Takes a call back. @returns false where it was over already, which costs the host nothing. */
export type TakeBack = () => boolean;

export class CancelPace {
  readonly #waiting: TakeBack[] = [];
  #tokens = AT_ONCE;
  #at: number;

  /** @param now in milliseconds, on a clock that nobody sets. */
  constructor(private readonly now: () => number = () => performance.now()) {
    this.#at = now();
  }

  /** At once, or after those that wait already. */
  run(takeBack: TakeBack): void {
    this.#waiting.push(takeBack);
    if (this.#waiting.length === 1) this.#next();
  }

  /** Where the host does not end it by itself. @returns what is to be called when it has. */
  runUnlessEnded(takeBack: TakeBack): () => void {
    const timer = setTimeout(() => this.run(takeBack), LET_END_MS).unref();
    return () => clearTimeout(timer);
  }

  #next(): void {
    const now = this.now();
    this.#tokens = Math.min(AT_ONCE, this.#tokens + ((now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
    while (this.#tokens >= 1 && this.#waiting.length > 0)
      if (this.#waiting.shift()?.() === true) this.#tokens--;
    if (this.#waiting.length > 0) setTimeout(() => this.#next(), 1_000 / PER_SECOND).unref();
  }
}
