/**
 * Who may hold one of a number of connections. Waiting here takes as long as those before it do, and tells nothing of the
 * server; the pool's own wait would count as a server that does not answer.
 *
 * Owners have their turns, and one that holds many leaves some free for those that come: it is given another only while
 * more are free than it holds.
 */

import type { Waiter } from '../../domain/waiter';
import { WaitingLine } from '../../work/waiting-line';

/** Of what the service does by itself, which may hold all. */
const NOBODY = '';

export class Slots {
  readonly #waiting = new WaitingLine();
  /** Of those who hold any. */
  readonly #held = new Map<string, number>();

  constructor(private free: number) {}

  /**
   * Resolves with what gives it back.
   * @throws DomainError CANCELLED or DEADLINE_EXCEEDED once nobody waits any more; what `fail` is given.
   */
  async take(waiter?: Waiter): Promise<() => void> {
    const owner = waiter?.owner ?? NOBODY;
    // Whoever waits may have none yet, so nobody is overtaken.
    if (this.#mayHaveOne(owner)) this.#hold(owner);
    else await this.#waiting.wait(owner, waiter);
    return () => this.#giveBack(owner);
  }

  /** Those who wait are told that they wait in vain. */
  fail(error: unknown): void {
    this.#waiting.failAll(error);
  }

  #giveBack(owner: string): void {
    this.free++;
    const held = this.#heldBy(owner) - 1;
    if (held > 0) this.#held.set(owner, held);
    else this.#held.delete(owner);
    for (;;) {
      const next = this.#waiting.next((one) => this.#mayHaveOne(one));
      if (next === undefined) return;
      this.#hold(next);
    }
  }

  #hold(owner: string): void {
    this.free--;
    this.#held.set(owner, this.#heldBy(owner) + 1);
  }

  #mayHaveOne(owner: string): boolean {
    return this.free > (owner === NOBODY ? 0 : this.#heldBy(owner));
  }

  #heldBy(owner: string): number {
    return this.#held.get(owner) ?? 0;
  }
}
