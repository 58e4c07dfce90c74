/** Somebody who waits for an answer, and may cease to. Most calls end before anybody asks for their signal. */

import { DomainError } from '../domain/errors';
import type { Waiter } from '../domain/waiter';

export class LazyAbort implements Waiter {
  #controller: AbortController | undefined;
  #isAborted = false;
  #listener: (() => void) | undefined;

  /** @param deadline by performance.now(); undefined for a client that named none. */
  constructor(readonly deadline?: number) {}

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort(nobodyWaits());
    return this.#controller.signal;
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw nobodyWaits();
  }

  /** The listener takes the place of the one before it. */
  whenAborted(listener: () => void): void {
    this.#listener = listener;
  }

  /** Once: a call is taken back by whoever learns of it first. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#controller?.abort(nobodyWaits());
    this.#listener?.();
  }
}

function nobodyWaits(): DomainError {
  return new DomainError('CANCELLED', 'nobody waits for this answer any more', 'CANCELLED');
}
