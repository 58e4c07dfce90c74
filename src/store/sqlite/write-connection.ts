/** The connection that writes: SQLite's statements for the steps of a group commit. */

import type { ComingWrite, WriteConnection } from '../group-commit';
import type { Session } from '../prepared';
import type { TransactionState } from '../transaction-state';
import type { Ballast } from './ballast';
import { BEGIN, type SqliteConnection } from './connection';
import { isBusy, isUnreadable, READ_TRIES, toDomainError, unconfirmedError } from './errors';
import type { LogSync } from './log-sync';
import { Scrubber } from './scrubber';
import { SqliteSession } from './session';

export class SqliteWriteConnection implements WriteConnection {
  readonly #scrubber: Scrubber;
  #hasSavepoint = false;
  /** How many statements had written when the running body began. */
  #written = 0;
  /** When what stands was read. */
  #dataVersion: unknown;
  /** What was committed and not confirmed is in the file already: whatever came after would be kept with it. */
  #isConfirmed = true;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly log: Pick<LogSync, 'flush' | 'close'> & Partial<Pick<LogSync, 'refusal'>>,
    private readonly ballast: Pick<Ballast, 'release'>,
    private readonly busyTimeoutMs: number,
  ) {
    this.#scrubber = new Scrubber(connection);
  }

  get inTransaction(): boolean {
    return this.connection.inTransaction;
  }

  async begin(): Promise<boolean> {
    if (!this.#isConfirmed) throw this.log.refusal ?? unconfirmedError();
    for (let attempt = 1; ; attempt++) {
      try {
        this.connection.run(BEGIN);
        break;
      } catch (error) {
        if (isBusy(error)) return false;
        if (!isUnreadable(error) || attempt > READ_TRIES) throw toDomainError(error);
      }
    }
    this.#forgetWhatOthersChanged();
    return true;
  }

  #forgetWhatOthersChanged(): void {
    const before = this.#dataVersion;
    this.#dataVersion = this.connection.dataVersion();
    if (this.#dataVersion === undefined || this.#dataVersion !== before) this.connection.standing.clear();
  }

  /** The transaction is alone among all writers already, and SQLite undoes a statement that fails by itself. */
  async savepoint({ asksFirst }: ComingWrite): Promise<boolean> {
    this.#hasSavepoint = !asksFirst;
    if (this.#hasSavepoint) this.#run('savepoint job');
    this.#written = this.connection.written;
    return true;
  }

  async undo(): Promise<void> {
    if (this.#hasSavepoint) this.#run('rollback to job');
    else if (this.connection.written > this.#written) this.#run('rollback');
    this.connection.standing.clear();
  }

  async release(): Promise<void> {
    if (this.#hasSavepoint) this.#run('release job');
  }

  async commit({ hasRemovedCiphertext }: TransactionState<Session>): Promise<void> {
    this.#run('commit');
    this.connection.keys.settled();
    if (hasRemovedCiphertext) this.#scrubber.removed();
    await this.log.flush().catch((error: unknown) => {
      this.#isConfirmed = false;
      throw error;
    });
    this.#scrubber.tryNow();
  }

  async rollback(): Promise<void> {
    this.connection.standing.clear();
    try {
      if (this.connection.inTransaction) this.connection.run('rollback');
    } catch {
      // Then the next BEGIN finds the transaction still open and fails.
    }
    if (!this.connection.inTransaction) this.connection.keys.settled();
  }

  session(state: TransactionState<Session>): SqliteSession {
    return new SqliteSession(this.connection, this.busyTimeoutMs, undefined, state, this.connection.standing);
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
