/** A transaction on one SQLite connection, for as long as its body runs. */

import { throwIfGone, type Waiter } from '../../domain/waiter';
import type { Session, StatementResult } from '../prepared';
import { backOff } from '../back-off';
import { overError } from '../store-errors';
import type { Standing } from '../standing';
import type { TransactionState } from '../transaction-state';
import { retryWhileBusy } from './busy';
import { sqliteCompiler } from './compiler';
import type { SqliteConnection } from './connection';
import { isBusy, isUnreadable, READ_TRIES, toDomainError } from './errors';

export class SqliteSession implements Session {
  readonly compiler = sqliteCompiler;
  #open = true;

  constructor(
    protected readonly connection: SqliteConnection,
    private readonly busyTimeoutMs: number,
    private readonly waiter?: Waiter,
    readonly state?: TransactionState<Session>,
    readonly standing?: Standing,
  ) {}

  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    try {
      if (!this.#open) throw overError();
      throwIfGone(this.waiter);
      this.begin();
    } catch (error) {
      return Promise.reject(error as Error);
    }
    try {
      return Promise.resolve(this.connection.run(sql, parameters));
    } catch (error) {
      return this.#runAgain(error, () => this.connection.run(sql, parameters));
    }
  }

  /** What comes before the first statement. */
  protected begin(): void {}

  post(sql: string, parameters: readonly unknown[]): Promise<unknown> {
    return this.run(sql, parameters);
  }

  /** A statement that failed was undone by itself, so it may be tried again while its transaction is there. */
  async #runAgain(first: unknown, run: () => StatementResult): Promise<StatementResult> {
    let error = first;
    for (let attempt = 1; isUnreadable(error) && attempt <= READ_TRIES && this.#isWhole; attempt++) {
      await backOff(attempt);
      try {
        return run();
      } catch (again) {
        error = again;
      }
    }
    try {
      // A statement that found a lock did nothing yet: readers meet one while a log is recovered or emptied.
      if (isBusy(error)) return await retryWhileBusy(run, this.busyTimeoutMs);
    } catch (again) {
      throw toDomainError(again);
    }
    // Once SQLite gave up the transaction, further statements would commit each by itself.
    if (!this.#isWhole) this.end();
    throw toDomainError(error);
  }

  get #isWhole(): boolean {
    return this.connection.inTransaction;
  }

  end(): void {
    this.#open = false;
  }
}
