/** A snapshot on one SQLite connection, taken when something is asked of the database for the first time. */

import type { Waiter } from '../../domain/waiter';
import type { KnownKeys, StandingKeys } from '../standing-keys';
import type { SqliteConnection } from './connection';
import { SqliteSession } from './session';

export class SqliteReadSession extends SqliteSession {
  #hasBegun = false;

  constructor(
    connection: SqliteConnection,
    busyTimeoutMs: number,
    private readonly keys: StandingKeys,
    waiter?: Waiter,
  ) {
    super(connection, busyTimeoutMs, waiter);
  }

  /** Undefined once the snapshot is taken: it may be older than what stands. */
  standingKeys(): KnownKeys | undefined {
    return this.#hasBegun ? undefined : this.keys.current();
  }

  protected override begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.connection.run('begin');
  }
}
