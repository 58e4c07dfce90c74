/**
 * Requests that prove nothing are taken up a few in each turn of the event loop, each address in turn:
 * thousands that come at once would keep everybody waiting until the last of them is refused. One that is taken back
 * waits no longer: as many wait as are open, which is bounded (unproven-requests.ts).
 */

import type { EventEmitter } from 'node:events';
import { Turns } from '../../work/turns';

/** Some two milliseconds of work. */
export const CALLS_A_TURN = 16;

export class UnprovenTurns {
  /** By address. */
  readonly #waiting = new Turns<() => void>();
  #isGiving = false;

  /**
   * Resolves when it is the call's turn, and never where what carries it is closed before.
   * @param source the address that it comes from.
   */
  next(source: string, carrier: Pick<EventEmitter, 'once'>): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add(source, resolve);
      carrier.once('close', () => this.#waiting.remove(source, resolve));
      if (this.#isGiving) return;
      this.#isGiving = true;
      setImmediate(this.#give);
    });
  }

  readonly #give = (): void => {
    for (let given = 0; given < CALLS_A_TURN; given++) this.#waiting.next()?.();
    this.#isGiving = !this.#waiting.isEmpty;
    if (this.#isGiving) setImmediate(this.#give);
  };
}
