/**
 * The connection that writes: PostgreSQL's statements for the steps of a group commit.
 * An advisory lock, held for the length of a transaction, makes writers of all replicas wait
 * for each other.
 */

import type { Pool, PoolClient } from 'pg';
import type { WriteConnection } from '../group-commit';
import { toDomainError } from './errors';
import { PostgresSession } from './session';

/** Any number that nobody else locks by in this database: "axiom" in ASCII. */
const WRITE_LOCK = '418465640301';

/** How long one attempt waits for the lock; the caller counts attempts against its deadline. */
const LOCK_WAIT_MS = 250;

export class PostgresWriteConnection implements WriteConnection {
  #client: PoolClient | undefined;

  constructor(private readonly pool: Pool) {}

  get inTransaction(): boolean {
    return this.#client !== undefined;
  }

  async begin(): Promise<boolean> {
    try {
      this.#client = await this.pool.connect();
      await this.#run(`begin; set local lock_timeout = ${LOCK_WAIT_MS}`);
      await this.#run(`select pg_advisory_xact_lock(${WRITE_LOCK})`);
      return true;
    } catch (error) {
      await this.rollback();
      const failure = toDomainError(error);
      if (failure.reason === 'STORE_LOCKED') return false;
      throw failure;
    }
  }

  savepoint(): Promise<void> {
    return this.#run('savepoint job');
  }

  undo(): Promise<void> {
    return this.#run('rollback to job');
  }

  release(): Promise<void> {
    return this.#run('release job');
  }

  async commit(): Promise<void> {
    await this.#run('commit');
    this.#giveBack();
  }

  async rollback(): Promise<void> {
    try {
      await this.#client?.query('rollback');
      this.#giveBack();
    } catch {
      // A connection that cannot roll back is closed, which rolls back.
      this.#giveBack(true);
    }
  }

  session(): PostgresSession {
    return new PostgresSession(this.#held());
  }

  /** The server's disk is the server's to keep free. */
  async relieve(): Promise<boolean> {
    return false;
  }

  /** What becomes of old row versions is the server's: its VACUUM, its log, its replicas. */
  async scrub(): Promise<void> {}

  async close(): Promise<void> {
    await this.pool.end();
  }

  #held(): PoolClient {
    if (this.#client === undefined) throw new Error('there is no transaction');
    return this.#client;
  }

  async #run(statement: string): Promise<void> {
    try {
      await this.#held().query(statement);
    } catch (error) {
      throw toDomainError(error);
    }
  }

  #giveBack(broken = false): void {
    this.#client?.release(broken);
    this.#client = undefined;
  }
}
