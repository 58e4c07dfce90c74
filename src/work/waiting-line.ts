/** A line for something scarce: its owners have their turns, and who waits in it leaves once nobody waits for the answer. */

import { throwIfGone, type Waiter } from '../domain/waiter';
import { Turns } from './turns';

interface Waiting {
  readonly owner: string;
  goOn(): void;
  fail(error: unknown): void;
}

export class WaitingLine {
  readonly #turns = new Turns<Waiting>();

  /**
   * Resolves when it is this one's turn.
   * @throws DomainError CANCELLED or DEADLINE_EXCEEDED once nobody waits any more; what `failAll` is given.
   */
  async wait(owner: string, waiter?: Waiter): Promise<void> {
    throwIfGone(waiter);
    const signal = waiter?.signal;
    let leave = (): void => undefined;
    const turn = new Promise<void>((resolve, reject) => {
      const waiting: Waiting = { owner, goOn: resolve, fail: reject };
      this.#turns.add(owner, waiting);
      leave = () => {
        this.#turns.remove(owner, waiting);
        waiter?.leftInLine?.();
        reject(signal?.reason as Error);
      };
    });
    signal?.addEventListener('abort', leave);
    try {
      await turn;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /**
   * Lets the next one go on. @param isReady whether there is one for that owner.
   * @returns its owner, or undefined where nobody goes on.
   */
  next(isReady?: (owner: string) => boolean): string | undefined {
    const next = this.#turns.next(isReady);
    next?.goOn();
    return next?.owner;
  }

  failAll(error: unknown): void {
    for (let next = this.#turns.next(); next !== undefined; next = this.#turns.next()) next.fail(error);
  }
}
