/**
 * Who may hold one of a number of connections, in the order in which they asked. Waiting here takes as long as those
 * before it do, and tells nothing of the server; the pool's own wait would count as a server that does not answer.
 */

interface Waiting {
  resolve(): void;
  reject(error: unknown): void;
}

export class Slots {
  readonly #waiting: Waiting[] = [];

  constructor(private free: number) {}

  take(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.free++;
    else next.resolve();
  }

  /** Those who wait are told that they wait in vain. */
  fail(error: unknown): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
