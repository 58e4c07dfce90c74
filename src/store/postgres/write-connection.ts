/**
 * A connection that writes: PostgreSQL's statements for the steps of a group commit.
 *
 * Writers of one tenant, of all replicas, wait for each other at an advisory lock of that tenant, held for
 * the length of a transaction; writers of different tenants do not. A write that names no tenant has them
 * all wait: tenants' writers share a second lock, which such a write holds alone.
 *
 * The server ends a transaction that its client leaves alone (a replica that was paused, or whose network
 * is gone), so what it locked is free within seconds.
 */

import { createHash } from 'node:crypto';
import type { DomainError } from '../../domain/errors';
import type { TenantId } from '../../domain/ids';
import type { WriteConnection } from '../group-commit';
import type { LogEnds } from '../prepared';
import { STATEMENT_MS, type Connection, type Connections } from './connections';
import { isUnreachable, toDomainError } from './errors';
import { PostgresSession } from './session';

/** Any number that nobody else locks by in this database: "axiom" in ASCII. */
const EVERYTHING = '418465640301';

/** How long one attempt waits for a lock; the caller counts attempts against its deadline. */
const LOCK_WAIT_MS = 250;

/** How long a transaction may wait for this side's next statement. */
const IDLE_MS = 3_000;

/** Which rows a connection's transactions write to. */
export type Reach = 'one tenant each' | 'everything';

/**
 * Settings of one transaction, set in it: a pooler drops what a connection was opened with. What is
 * acknowledged is on the server's disk (and its synchronous standby's), whatever the database's default is.
 */
const SETTINGS = [
  'set local synchronous_commit = on',
  `set local lock_timeout = ${LOCK_WAIT_MS}`,
  `set local idle_in_transaction_session_timeout = ${IDLE_MS}`,
].join('; ');

export class PostgresWriteConnection implements WriteConnection {
  #connection: Connection | undefined;
  /** Why the connection is not used again once it is given back. */
  #failure: DomainError | undefined;

  /** @param statementMs how long the server may take for one statement, in milliseconds. */
  constructor(
    private readonly connections: Connections,
    private readonly reach: Reach,
    private readonly statementMs: number = STATEMENT_MS,
  ) {}

  get inTransaction(): boolean {
    return this.#connection !== undefined;
  }

  async begin(): Promise<boolean> {
    this.#connection = await this.connections.take();
    this.#failure = undefined;
    const lock = this.reach === 'everything' ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared';
    const limit = `set local statement_timeout = ${this.statementMs}`;
    return this.#unlessLocked(`begin; ${SETTINGS}; ${limit}; select ${lock}(${EVERYTHING})`, () =>
      this.rollback(),
    );
  }

  async savepoint(tenant: TenantId | undefined, { wait }: { readonly wait: boolean }): Promise<boolean> {
    if (tenant === undefined || this.reach === 'everything') {
      await this.#run('savepoint job');
      return true;
    }
    const undo = async () => {
      await this.undo();
      await this.release();
    };
    if (wait) {
      return this.#unlessLocked(`savepoint job; select pg_advisory_xact_lock(${lockOf(tenant)})`, undo);
    }
    const answers = await this.#run(
      `savepoint job; select pg_try_advisory_xact_lock(${lockOf(tenant)}) as mine`,
    );
    const isMine = (answers as unknown as { rows: { mine?: boolean }[] }[]).at(-1)?.rows[0]?.mine === true;
    if (!isMine) await undo();
    return isMine;
  }

  async undo(): Promise<void> {
    await this.#run('rollback to job');
  }

  async release(): Promise<void> {
    await this.#run('release job');
  }

  async commit(): Promise<void> {
    await this.#run('commit');
    this.#giveBack();
  }

  async rollback(): Promise<void> {
    if (this.#connection === undefined) return;
    // A connection that is closed has rolled back.
    await this.#run('rollback').catch(() => {});
    this.#giveBack();
  }

  session(ends: LogEnds): PostgresSession {
    const { client, isPooled } = this.#held();
    return new PostgresSession(client, isPooled, (error) => this.#note(error), undefined, ends);
  }

  /** The server's disk is the server's to keep free. */
  async relieve(): Promise<boolean> {
    return false;
  }

  /** What becomes of old row versions is the server's: its VACUUM, its log, its replicas. */
  async scrub(): Promise<void> {}

  async close(): Promise<void> {}

  #held(): Connection {
    if (this.#connection === undefined) throw new Error('there is no transaction');
    return this.#connection;
  }

  async #run(statement: string): Promise<unknown> {
    // What did not answer once is not asked again: each question would wait for its own limit.
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return await this.#held().client.query(statement);
    } catch (error) {
      const failure = toDomainError(error);
      this.#note(failure);
      throw failure;
    }
  }

  #note(failure: DomainError): void {
    if (isUnreachable(failure)) this.#failure ??= failure;
  }

  /** False, and back to where it was, when another holds the lock for longer than one attempt waits. */
  async #unlessLocked(statement: string, goBack: () => Promise<void>): Promise<boolean> {
    try {
      await this.#run(statement);
      return true;
    } catch (error) {
      const isLocked = toDomainError(error).reason === 'STORE_LOCKED';
      if (isLocked) await goBack();
      else await this.rollback();
      if (isLocked) return false;
      throw error;
    }
  }

  #giveBack(): void {
    this.#connection?.release(this.#failure);
    this.#connection = undefined;
  }
}

/** A 64-bit number of the tenant; two tenants that share one merely wait for each other. */
function lockOf(tenant: TenantId): bigint {
  return createHash('sha256').update(tenant).digest().readBigInt64BE();
}
