/**
 * Calls on connections that have proved nothing are taken up a few in each turn of the event loop, each address in turn:
 * thousands that come at once would keep everybody waiting until the last of them is refused.
 */

/** Some two milliseconds of work. */
const A_TURN = 16;

export class UnprovenTurns {
  /** By address. A Map iterates in order of insertion: an address that had its turn goes to the end. */
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Resolves when it is the request's turn. */
  next(source: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) setImmediate(this.#give);
      const ofSource = this.#waiting.get(source);
      if (ofSource === undefined) this.#waiting.set(source, [resolve]);
      else ofSource.push(resolve);
    });
  }

  readonly #give = (): void => {
    for (let given = 0; given < A_TURN; given++) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [source, ofSource] = first;
      ofSource.shift()?.();
      this.#waiting.delete(source);
      if (ofSource.length > 0) this.#waiting.set(source, ofSource);
    }
    if (this.#waiting.size > 0) setImmediate(this.#give);
  };
}
