/** The connection that writes: SQLite's statements for the steps of a group commit. */

import type { WriteConnection } from '../group-commit';
import type { Ballast } from './ballast';
import type { SqliteConnection } from './connection';
import { isBusy, toDomainError } from './errors';
import type { LogSync } from './log-sync';
import { Scrubber } from './scrubber';
import { SqliteSession } from './session';

export class SqliteWriteConnection implements WriteConnection {
  readonly #scrubber: Scrubber;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly log: Pick<LogSync, 'flush' | 'close'>,
    private readonly ballast: Pick<Ballast, 'release'>,
    private readonly busyTimeoutMs: number,
  ) {
    this.#scrubber = new Scrubber(connection);
  }

  get inTransaction(): boolean {
    return this.connection.inTransaction;
  }

  async begin(): Promise<boolean> {
    try {
      this.connection.run('begin immediate');
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw toDomainError(error);
    }
  }

  /** The transaction is alone among all writers already. */
  async savepoint(): Promise<boolean> {
    this.#run('savepoint job');
    return true;
  }

  async undo(): Promise<void> {
    this.#run('rollback to job');
  }

  async release(): Promise<void> {
    this.#run('release job');
  }

  async commit(): Promise<void> {
    this.#run('commit');
    await this.log.flush();
    this.#scrubber.tryNow();
  }

  async rollback(): Promise<void> {
    try {
      if (this.connection.inTransaction) this.connection.run('rollback');
    } catch {
      // Then the next BEGIN finds the transaction still open and fails.
    }
  }

  session(): SqliteSession {
    return new SqliteSession(this.connection, this.busyTimeoutMs);
  }

  relieve(): Promise<boolean> {
    return this.ballast.release();
  }

  scrub(): Promise<void> {
    return this.#scrubber.request();
  }

  async close(): Promise<void> {
    this.#scrubber.close();
    this.log.close();
    this.connection.close();
  }

  #run(statement: string): void {
    try {
      this.connection.run(statement);
    } catch (error) {
      throw toDomainError(error);
    }
  }
}
