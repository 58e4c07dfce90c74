/**
 * Work that a tenant can make large, done in slices: between two of them the event loop
 * serves everybody's calls, and the tenants that wait take turns.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work in steps of a few milliseconds at most. */
export type SlicedWork<T> = Generator<void, T>;

/** How long one turn of the event loop may be taken up. */
const SLICE_MS = 4;

interface Job {
  /** @returns whether it is done. */
  step(): boolean;
}

export class FairQueue {
  /** By tenant, in the order of their turns. */
  readonly #waiting = new Map<string, Job[]>();
  #running = false;

  /** Resolves with what the work returns. A tenant's work is done in the order in which it came. */
  run<T>(tenantId: string, work: SlicedWork<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const step = (): boolean => {
        try {
          const next = work.next();
          if (next.done === true) resolve(next.value);
          return next.done === true;
        } catch (error) {
          reject(error as Error);
          return true;
        }
      };
      const jobs = this.#waiting.get(tenantId);
      if (jobs === undefined) this.#waiting.set(tenantId, [{ step }]);
      else jobs.push({ step });
      if (!this.#running) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#running = true;
    while (this.#waiting.size > 0) {
      const until = performance.now() + SLICE_MS;
      do this.#runOne();
      while (this.#waiting.size > 0 && performance.now() < until);
      await nextTurn();
    }
    this.#running = false;
  }

  /** One step for the tenant whose turn it is; then it is last. */
  #runOne(): void {
    const [tenantId, jobs] = this.#waiting.entries().next().value as [string, Job[]];
    this.#waiting.delete(tenantId);
    if (jobs[0]?.step() === true) jobs.shift();
    if (jobs.length > 0) this.#waiting.set(tenantId, jobs);
  }
}
