/**
 * Requests that prove nothing are taken up a few in each turn of the event loop, each address in turn:
 * thousands that come at once would keep everybody waiting until the last of them is refused. One that is taken back
 * waits no longer: as many wait as are open, which is bounded (unproven-requests.ts).
 */

import type { EventEmitter } from 'node:events';

/** Some two milliseconds of work. */
export const CALLS_A_TURN = 16;

export class UnprovenTurns {
  /** By address. A Map iterates in order of insertion: an address that had its turn goes to the end. */
  readonly #waiting = new Map<string, Set<() => void>>();

  /**
   * Resolves when it is the call's turn, and never where what carries it is closed before.
   * @param source the address that it comes from.
   */
  next(source: string, carrier: Pick<EventEmitter, 'once'>): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) setImmediate(this.#give);
      const ofSource = this.#waiting.get(source) ?? new Set();
      this.#waiting.set(source, ofSource.add(resolve));
      carrier.once('close', () => {
        this.#waiting.get(source)?.delete(resolve);
      });
    });
  }

  readonly #give = (): void => {
    for (let given = 0; given < CALLS_A_TURN;) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const [source, ofSource] = first;
      this.#waiting.delete(source);
      const [take] = ofSource;
      if (take === undefined) continue;
      ofSource.delete(take);
      if (ofSource.size > 0) this.#waiting.set(source, ofSource);
      take();
      given++;
    }
    if (this.#waiting.size > 0) setImmediate(this.#give);
  };
}
