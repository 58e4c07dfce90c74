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
 *
 * Where Node's permission model allows no program to wait for the disk, as since late versions of Node 24, that is left to
 * SQLite, which is native code: the connection commits with FULL, and the event loop waits.
 */

import { open, type FileHandle } from 'node:fs/promises';
import { type DomainError } from '../../domain/errors';
import { isDenied } from '../../files/permission';
import type { SqliteConnection } from './connection';
import { movedError, movedUnderWriteError, unconfirmedError, unconfirmedWriteError } from './errors';
import type { NamedFiles } from './named-files';

/** How often what a reader of an older snapshot, or the disk, kept in the log alone is copied again. */
const RESCUE_AGAIN_MS = 200;

export class LogSync {
  // A handle: many versions of Node's permission model allow no fdatasync of a bare descriptor, but of this.
  readonly #log: Promise<FileHandle>;
  #rescueAgain: NodeJS.Timeout | undefined;
  #isLeftToSqlite = false;
  #failure: { readonly ofWrite: DomainError; readonly later: DomainError } | undefined;
  #tell: () => void = () => undefined;
  /** Resolves when the disk did not confirm a write. */
  readonly failed = new Promise<void>((resolve) => (this.#tell = resolve));

  /**
   * The log exists as long as any connection is open, and is emptied but never replaced.
   * SQLite takes no locks on it, so opening and closing it here drops none (POSIX fcntl).
   */
  constructor(
    databasePath: string,
    private readonly connection: Pick<SqliteConnection, 'pragma'>,
    private readonly files: Pick<NamedFiles, 'areMoved'>,
  ) {
    this.#log = open(`${databasePath}-wal`, 'r+');
    this.#log.catch(() => undefined); // told by the first flush
  }

  /** @throws DomainError UNAVAILABLE; from then on always, for a later success would mean nothing. */
  async flush(): Promise<void> {
    // After a failure the system may have dropped the pages and report the next attempt as done.
    if (this.#failure === undefined) await this.#confirm();
    if (this.#failure !== undefined) throw this.#failure.ofWrite;
  }

  async #confirm(): Promise<void> {
    try {
      await this.#wait();
    } catch {
      this.#failure = { ofWrite: unconfirmedWriteError(), later: unconfirmedError() };
      this.#tell();
      return;
    }
    if (!this.files.areMoved) return;
    this.#failure = { ofWrite: movedUnderWriteError(), later: movedError() };
    this.#rescue();
  }

  /**
   * What is in the log alone was acknowledged, but for the last write. It is the opened database's: whatever took that
   * one's name gets none of it.
   */
  #rescue(): void {
    try {
      if (this.connection.pragma('wal_checkpoint(TRUNCATE)') === 0) return;
    } catch {
      // A disk that takes no copy of it: the log stays what it is.
    }
    this.#rescueAgain = setTimeout(() => this.#rescue(), RESCUE_AGAIN_MS).unref();
  }

  async #wait(): Promise<void> {
    if (this.#isLeftToSqlite) return;
    try {
      await (await this.#log).datasync();
    } catch (error) {
      if (!isDenied(error)) throw error;
      this.connection.pragma('synchronous = FULL');
      // What is in the log already: SQLite waits for it before it copies any of it.
      this.connection.pragma('wal_checkpoint(PASSIVE)');
      this.#isLeftToSqlite = true;
    }
  }

  /** What calls are told that come after a failure; undefined: there was none. */
  get refusal(): DomainError | undefined {
    return this.#failure?.later;
  }

  close(): void {
    clearTimeout(this.#rescueAgain);
    void this.#log.then((log) => log.close()).catch(() => undefined);
  }
}
