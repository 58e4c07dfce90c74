/**
 * Waits until what was committed is on the disk, off the event loop.
 *
 * With synchronous=FULL, SQLite itself waits within COMMIT and blocks the event loop, 700 to
 * 3,000 µs for a commit on the machine this was measured on. So the connection commits with
 * synchronous=NORMAL, which writes the same log without waiting (45 µs), and the write is
 * acknowledged only after fdatasync of the log in libuv's thread pool: what FULL promises, at
 * the same place. Readers may see a commit a moment before it is durable; whatever is
 * acknowledged on the strength of it lies later in the same log, and so after it on the disk.
 * (Log and checkpoint order are kept by NORMAL: https://www.sqlite.org/pragma.html#pragma_synchronous.)
 */

import { open, type FileHandle } from 'node:fs/promises';
import { DomainError } from '../../domain/errors';

export class LogSync {
  // A handle, because Node's permission model allows no fdatasync of a bare descriptor.
  readonly #log: Promise<FileHandle>;
  #failed = false;
  #tell: () => void = () => undefined;
  /** Resolves when the disk did not confirm a write. */
  readonly failed = new Promise<void>((resolve) => (this.#tell = resolve));

  /**
   * The log exists as long as any connection is open, and is emptied but never replaced.
   * SQLite takes no locks on it, so opening and closing it here drops none (POSIX fcntl).
   */
  constructor(databasePath: string) {
    this.#log = open(`${databasePath}-wal`, 'r+');
    this.#log.catch(() => undefined); // told by the first flush
  }

  /** @throws DomainError UNAVAILABLE; from then on always, for a later success would mean nothing. */
  async flush(): Promise<void> {
    try {
      // After a failure the system may have dropped the pages and report the next attempt as done.
      if (!this.#failed) return await (await this.#log).datasync();
    } catch {
      this.#failed = true;
      this.#tell();
    }
    throw new DomainError(
      'UNAVAILABLE',
      'the disk did not confirm the write, which may or may not have been kept; check the disk, and look whether it was',
      'STORE_IO',
    );
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  close(): void {
    void this.#log.then((log) => log.close()).catch(() => undefined);
  }
}
