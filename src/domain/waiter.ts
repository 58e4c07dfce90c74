/** Somebody who waits for an answer, and may cease to: what nobody waits for is not begun, and stops where it can. */

import { DomainError } from './errors';

export interface Waiter {
  /** Aborted, with the error to throw, when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
  /** Throws what the signal would, where asking for that would make one: each call is asked several times. */
  throwIfAborted?(): void;
  /** Calls back once nobody waits any more, where asking for the signal would make one; the latest listener only. */
  whenGone?(listener: () => void): void;
  /** Until when somebody waits, by performance.now(). */
  readonly deadline?: number | undefined;
  /** Told when nobody waits any more and it stood in a line still: nothing was looked up for it. */
  leftInLine?(): void;
  /** Whose work it is, of a tenant's members the tenant's: owners have their turns at what is scarce. */
  readonly owner?: string | undefined;
}

/**
 * Who waits, where the work is another's than the caller's: an engine's and a sidecar's are their executions' tenants'.
 * @param leftInLine as Waiter has it.
 */
export function onBehalfOf(owner: string, waiter: Waiter, leftInLine?: () => void): Waiter {
  return {
    owner,
    ...(leftInLine && { leftInLine }),
    deadline: waiter.deadline,
    // Asked for late: it is made when it is.
    get signal() {
      return waiter.signal;
    },
    throwIfAborted() {
      throwIfGone(waiter);
    },
  };
}

/** @throws DomainError CANCELLED or DEADLINE_EXCEEDED when nobody waits any more. @param waiter undefined: the service itself. */
export function throwIfGone(waiter: Waiter | undefined): void {
  if (waiter === undefined) return;
  if (waiter.deadline !== undefined && waiter.deadline <= performance.now()) throw deadlinePassed();
  if (waiter.throwIfAborted !== undefined) waiter.throwIfAborted();
  else waiter.signal?.throwIfAborted();
}

export function deadlinePassed(): DomainError {
  return new DomainError(
    'DEADLINE_EXCEEDED',
    'the deadline of this call passed before it was done; try again, with more time',
    'DEADLINE_EXCEEDED',
  );
}
