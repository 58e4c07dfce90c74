/** A transaction on one SQLite connection, for as long as its body runs. */

import { throwIfGone, type Waiter } from '../../domain/waiter';
import type { LogEnds, Session, StatementResult } from '../prepared';
import { backOff } from '../back-off';
import { overError } from '../store-errors';
import { retryWhileBusy } from './busy';
import { sqliteCompiler } from './compiler';
import type { SqliteConnection } from './connection';
import { isBusy, isUnreadable, READ_TRIES, toDomainError } from './errors';

export class SqliteSession implements Session {
  readonly compiler = sqliteCompiler;
  #open = true;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly busyTimeoutMs: number,
    private readonly waiter?: Waiter,
    readonly ends?: LogEnds,
  ) {}

  async run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    if (!this.#open) throw overError();
    throwIfGone(this.waiter);
    try {
      return await this.#readable(() => this.connection.run(sql, parameters));
    } catch (error) {
      if (!isBusy(error)) {
        // Once SQLite gave up the transaction, further statements would commit each by itself.
        if (!this.connection.inTransaction) this.end();
        throw toDomainError(error);
      }
    }
    // A statement that found a lock did nothing yet: readers meet one while a log is recovered or emptied.
    try {
      return await retryWhileBusy(() => this.connection.run(sql, parameters), this.busyTimeoutMs);
    } catch (error) {
      throw toDomainError(error);
    }
  }

  /** A statement that failed was undone by itself; where its transaction is gone too, nothing can be tried again. */
  async #readable(run: () => StatementResult): Promise<StatementResult> {
    for (let attempt = 1; ; attempt++) {
      try {
        return run();
      } catch (error) {
        if (!isUnreadable(error) || attempt > READ_TRIES || !this.connection.inTransaction) throw error;
        await backOff(attempt);
      }
    }
  }

  end(): void {
    this.#open = false;
  }
}
