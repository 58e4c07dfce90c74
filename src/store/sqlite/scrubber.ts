/**
 * Empties the write-ahead log after ciphertext was removed. The database's pages were
 * overwritten with zeros already (secure_delete); the log still holds older copies of them
 * until a checkpoint truncates it, which readers of an older snapshot can put off.
 */

import type { SqliteConnection } from './connection';

/** After this long the write that waits is answered, and the log is emptied in the background. */
const LONGEST_WAIT_MS = 2_000;
const RETRY_MS = 10;

export class Scrubber {
  #waiting: (() => void)[] = [];
  #needed = false;
  /** The log may hold copies of what was removed: at first those of a process that ended before it emptied the log. */
  #mayHoldCopies = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly connection: SqliteConnection) {}

  /** Ciphertext was removed. */
  removed(): void {
    this.#mayHoldCopies = true;
  }

  /** Resolves when the log was emptied, or after LONGEST_WAIT_MS; at once where nothing was removed since the last time. */
  request(): Promise<void> {
    if (!this.#mayHoldCopies) return Promise.resolve();
    this.#needed = true;
    return new Promise((resolve) => {
      const giveUp = setTimeout(resolve, LONGEST_WAIT_MS);
      this.#waiting.push(() => {
        clearTimeout(giveUp);
        resolve();
      });
      this.tryNow();
    });
  }

  /** To be called whenever the connection is between transactions. */
  tryNow(): void {
    if (!this.#needed) return;
    if (!this.connection.inTransaction && this.#truncate()) {
      this.#needed = false;
      for (const done of this.#waiting.splice(0)) done();
    } else {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.tryNow();
      }, RETRY_MS).unref();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#needed = false;
    for (const done of this.#waiting.splice(0)) done();
  }

  #truncate(): boolean {
    try {
      if (this.connection.pragma('wal_checkpoint(TRUNCATE)') !== 0) return false;
      this.#mayHoldCopies = false;
      return true;
    } catch {
      // Whatever stands in the way (a lock, a full disk), the log is still to be emptied.
      return false;
    }
  }
}
