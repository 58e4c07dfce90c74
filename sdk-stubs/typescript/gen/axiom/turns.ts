/**
 * When connections hand on what came: a little at once, and what is more one after the other, a slice in each turn of the
 * event loop. Where there are several, most turns are for whoever sends little.
 */

/** A connection of which something waits. */
export interface Waiting {
  handOn(): void;
}

/** Between two slices, where other connections may have something to say. */
const REST_MS = 1;

export class Turns {
  readonly #open = new Set<Waiting>();
  /** Those that have handed something on at once in this turn. */
  readonly #served = new Set<Waiting>();
  readonly #waiting = new Set<Waiting>();
  #isWaiting = false;

  opened(connection: Waiting): void {
    this.#open.add(connection);
  }

  closed(connection: Waiting): void {
    this.#open.delete(connection);
    this.#waiting.delete(connection);
  }

  /** @returns whether it may hand something on at once. */
  takeAtOnce(connection: Waiting): boolean {
    if (this.#served.has(connection)) return false;
    if (this.#served.size === 0) setImmediate(() => this.#served.clear());
    this.#served.add(connection);
    return true;
  }

  /** Has it hand on a slice when it is its turn. */
  wait(connection: Waiting): void {
    this.#waiting.add(connection);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    if (this.#open.size > 1) setTimeout(this.#next, REST_MS);
    else setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#isWaiting = false;
    const [first, second] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    if (second !== undefined) this.wait(second);
    first.handOn();
  };
}
