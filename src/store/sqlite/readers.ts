/** The connections that reads run on: in WAL mode they neither wait for the writer nor stop it. */

import { throwIfGone, type Waiter } from '../../domain/waiter';
import type { ReadTx } from '../store';
import { closedError } from '../store-errors';
import type { StandingKeys } from '../standing-keys';
import { readTransaction } from '../transaction';
import { SqliteConnection } from './connection';
import { isUnreadable, movedError, READ_TRIES, toDomainError } from './errors';
import type { NamedFiles } from './named-files';
import { SqliteReadSession } from './read-session';

/** A read that only queries is over before the next begins; more than a few are open only while some await other work. */
const MAX_CONNECTIONS = 8;

export class Readers {
  readonly #idle: SqliteConnection[] = [];
  readonly #waiting: ((connection: SqliteConnection) => void)[] = [];
  #connections = 0;
  #closed = false;

  constructor(
    private readonly path: string,
    private readonly busyTimeoutMs: number,
    private readonly keys: StandingKeys,
    private readonly files: Pick<NamedFiles, 'areMoved'>,
  ) {}

  async read<T>(body: (tx: ReadTx) => Promise<T>, waiter?: Waiter): Promise<T> {
    const connection = await this.#acquire();
    const session = new SqliteReadSession(connection, this.busyTimeoutMs, this.keys, waiter);
    try {
      throwIfGone(waiter);
      return await body(readTransaction(session));
    } finally {
      session.end();
      this.#release(connection);
    }
  }

  /** Reads that run go on to their end. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#idle.splice(0)) connection.close();
  }

  #acquire(): SqliteConnection | Promise<SqliteConnection> {
    if (this.#closed) throw closedError();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#connections >= MAX_CONNECTIONS) return new Promise((resolve) => this.#waiting.push(resolve));
    const connection = this.#open();
    // It was opened by its name: another file than the others have may have that by now.
    if (this.files.areMoved) {
      connection.close();
      throw movedError();
    }
    this.#connections++;
    return connection;
  }

  #open(): SqliteConnection {
    for (let attempt = 1; ; attempt++) {
      try {
        return new SqliteConnection(this.path, { readonly: true });
      } catch (error) {
        if (!isUnreadable(error) || attempt > READ_TRIES) throw toDomainError(error);
      }
    }
  }

  #release(connection: SqliteConnection): void {
    if (connection.inTransaction) connection.run('rollback');
    const next = this.#waiting.shift();
    if (next !== undefined) next(connection);
    else if (this.#closed) connection.close();
    else this.#idle.push(connection);
  }
}
