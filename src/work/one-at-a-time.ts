/** Work of which one piece is done at a time, and one owner's after the other's. */

import type { Waiter } from '../domain/waiter';
import { WaitingLine } from './waiting-line';

export class OneAtATime {
  readonly #waiting = new WaitingLine();
  #isBusy = false;

  /** @throws DomainError CANCELLED or DEADLINE_EXCEEDED once nobody waits any more and it has not begun. */
  async run<T>(owner: string, work: () => Promise<T>, waiter?: Waiter): Promise<T> {
    if (this.#isBusy) await this.#waiting.wait(owner, waiter);
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      // The next takes this one's place.
      this.#isBusy = this.#waiting.next() !== undefined;
    }
  }
}
