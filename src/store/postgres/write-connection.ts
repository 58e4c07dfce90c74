/**
 * A connection that writes: PostgreSQL's statements for the steps of a group commit.
 *
 * Writers of one tenant, of all replicas, wait for each other at an advisory lock of that tenant, held for
 * the length of a transaction; writers of different tenants do not. A write that names no tenant has them
 * all wait: tenants' writers share a second lock, which such a write holds alone.
 *
 * Round trips are what costs (batch.ts), so only questions are waited for: what a body writes goes with the next
 * question or with the commit, and what steps of executions ask goes with the locks (answers.ts). A body that only
 * asked before it failed leaves nothing to be undone; a savepoint is made before the first of its writes that goes out
 * while the body still runs.
 *
 * The server ends a transaction that its client leaves alone (a replica that was paused, or whose network
 * is gone), so what it locked is free within seconds.
 */

import { createHash } from 'node:crypto';
import type { DomainError } from '../../domain/errors';
import type { TenantId } from '../../domain/ids';
import type { ComingWrite, WriteConnection } from '../group-commit';
import type { Session, StatementResult } from '../prepared';
import { lostError, othersError } from '../store-errors';
import type { TransactionState } from '../transaction-state';
import { Answers } from './answers';
import type { Statement } from './batch';
import { STATEMENT_MS, type Connection, type Connections } from './connections';
import { isUnreachable, toDomainError } from './errors';
import { Pipeline, type PipelineFailure } from './pipeline';
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
const SETTINGS = `select set_config('synchronous_commit', 'on', true),
  set_config('lock_timeout', '${LOCK_WAIT_MS}', true),
  set_config('idle_in_transaction_session_timeout', '${IDLE_MS}', true),
  set_config('statement_timeout', $1, true)`;

const BEGIN: Statement = { text: 'begin' };
const COMMIT: Statement = { text: 'commit' };
const ROLLBACK: Statement = { text: 'rollback' };
const SAVEPOINT: Statement = { text: 'savepoint job' };
const UNDO: Statement = { text: 'rollback to savepoint job' };
const RELEASE: Statement = { text: 'release savepoint job' };

const LOCK_ALL: Statement = { text: `select pg_advisory_xact_lock(${EVERYTHING})` };
const SHARE_ALL: Statement = { text: `select pg_advisory_xact_lock_shared(${EVERYTHING})` };
const lockOne = (lock: bigint): Statement => ({ text: 'select pg_advisory_xact_lock($1)', values: [lock] });
/** Those of the locks that nobody else has. */
const tryLocks = (locks: readonly bigint[]): Statement => ({
  text: 'select lock::text from unnest($1::bigint[]) as lock where pg_try_advisory_xact_lock(lock)',
  values: [`{${locks.join()}}`],
});

/** What cannot change anything. */
const QUESTION = /^select /;

const NOTHING_ASKED = new Answers([]);

/** What is known of the body that runs. */
interface Job {
  readonly write: ComingWrite;
  /** Where what it posts begins, among what was not sent yet. */
  from: number;
  savepoint: 'none' | 'posted' | 'sent';
}

export class PostgresWriteConnection implements WriteConnection {
  #connection: Connection | undefined;
  #pipeline: Pipeline | undefined;
  #job: Job | undefined;
  /** Locks that this transaction holds. */
  #mine: ReadonlySet<bigint> = new Set();
  #answers = NOTHING_ASKED;
  /** Why the transaction is lost, for the body that found it so. */
  #lost: unknown;
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

  async begin(writes: readonly ComingWrite[]): Promise<boolean> {
    const answers = this.reach === 'everything' ? NOTHING_ASKED : new Answers(writes);
    try {
      return await this.#begin(writes, answers);
    } catch (error) {
      if (answers.questions.length === 0 || isUnreachable(error)) throw error;
      // Whose question it is that fails shows when each asks by itself.
      return this.#begin(writes, NOTHING_ASKED);
    }
  }

  async #begin(writes: readonly ComingWrite[], answers: Answers): Promise<boolean> {
    this.#connection = await this.connections.take();
    this.#failure = undefined;
    const pipeline = new Pipeline(this.#connection, (failure) => this.#note(failure));
    this.#pipeline = pipeline;
    pipeline.post(BEGIN);
    pipeline.post({ text: SETTINGS, values: [this.statementMs] });
    const locks = new Set(writes.flatMap(({ tenant }) => (tenant === undefined ? [] : [lockOf(tenant)])));
    try {
      await this.#lock(pipeline, [...locks], answers);
      this.#answers = answers;
      return true;
    } catch (error) {
      await this.rollback();
      if (toDomainError(error).reason === 'STORE_LOCKED') return false;
      throw error;
    }
  }

  async savepoint(write: ComingWrite): Promise<boolean> {
    if (this.reach !== 'everything' && !this.#isMine(write.tenant)) return false;
    this.#job = { write, from: this.#sending().length, savepoint: 'none' };
    return true;
  }

  #isMine(tenant: TenantId | undefined): boolean {
    return tenant === undefined || this.#mine.has(lockOf(tenant));
  }

  async undo(): Promise<void> {
    const pipeline = this.#sending();
    pipeline.drop(this.#job?.from ?? 0);
    if (this.#job?.savepoint === 'sent') pipeline.post(UNDO);
  }

  async release(): Promise<void> {
    if (this.#job?.savepoint === 'sent') this.#sending().post(RELEASE);
    this.#job = undefined;
  }

  async commit(): Promise<void> {
    await this.#sending().run(COMMIT);
    this.#giveBack();
  }

  async rollback(): Promise<void> {
    const pipeline = this.#pipeline;
    if (pipeline === undefined) return;
    pipeline.drop(0);
    // A connection that is closed has rolled back; what did not answer once is not asked again.
    if (this.#failure === undefined) await pipeline.run(ROLLBACK).catch(() => {});
    this.#giveBack();
  }

  session(state: TransactionState<Session>): PostgresSession {
    const statements = {
      run: (statement: Statement) => this.#run(statement),
      post: (statement: Statement) => {
        this.#wrote(statement);
        this.#sending().post(statement);
      },
    };
    return new PostgresSession(statements, undefined, state);
  }

  /** The server's disk is the server's to keep free. */
  async relieve(): Promise<boolean> {
    return false;
  }

  /** What becomes of old row versions is the server's: its VACUUM, its log, its replicas. */
  async scrub(): Promise<void> {}

  async close(): Promise<void> {}

  /** One lock is waited for a moment; of several, those that are free are taken, or else the first is waited for. */
  async #lock(pipeline: Pipeline, locks: readonly bigint[], answers: Answers): Promise<void> {
    this.#mine = new Set();
    if (this.reach === 'everything') {
      await pipeline.run(LOCK_ALL);
      return;
    }
    pipeline.post(SHARE_ALL);
    const [first, ...more] = locks;
    if (first === undefined) return;
    const lock = more.length === 0 ? lockOne(first) : tryLocks(locks);
    const [free, ...results] = await pipeline.runAll([lock, ...answers.questions]);
    const rows = (free?.rows ?? []) as readonly { lock: string }[];
    this.#mine = new Set(more.length === 0 ? locks : rows.map((row) => BigInt(row.lock)));
    answers.keep(results, (tenant) => this.#isMine(tenant));
    if (this.#mine.size > 0) return;
    await pipeline.run(lockOne(first));
    this.#mine = new Set([first]);
  }

  #wrote({ text }: Statement): void {
    if (this.#job !== undefined) this.#answers.wrote(this.#job.write, text);
  }

  async #run(statement: Statement): Promise<StatementResult> {
    const pipeline = this.#sending();
    const job = this.#job;
    if (job !== undefined) {
      const { text, values = [] } = statement;
      const answer = this.#answers.find(job.write, { text, values });
      if (answer !== undefined) return answer;
      const isQuestion = QUESTION.test(text);
      if (!isQuestion) this.#wrote(statement);
      const writes = pipeline.length > job.from || !isQuestion;
      if (job.savepoint === 'none' && writes) {
        pipeline.post(SAVEPOINT, job.from);
        job.savepoint = 'posted';
      }
    }
    try {
      const result = await pipeline.run(statement);
      if (job !== undefined) {
        job.from = 0;
        if (job.savepoint === 'posted') job.savepoint = 'sent';
      }
      return result;
    } catch (error) {
      const lost = this.#lost;
      if (lost === undefined) throw error;
      await this.rollback();
      throw lost as DomainError;
    }
  }

  /** What failed is undone with its body where there is a place to go back to, else the transaction is lost. */
  #note({ error, at, wasPosted }: PipelineFailure): void {
    if (isUnreachable(error)) {
      this.#failure ??= error;
      return;
    }
    const job = this.#job;
    if (job === undefined) return;
    const isOwn = job.savepoint === 'sent' || (job.savepoint === 'posted' && at > job.from);
    job.from = 0;
    if (isOwn) job.savepoint = 'sent';
    else this.#lost ??= wasPosted ? othersError(error) : error;
  }

  #sending(): Pipeline {
    if (this.#pipeline === undefined) throw lostError();
    return this.#pipeline;
  }

  #giveBack(): void {
    this.#connection?.release(this.#failure);
    this.#connection = undefined;
    this.#pipeline = undefined;
    this.#job = undefined;
    this.#lost = undefined;
    this.#answers = NOTHING_ASKED;
  }
}

/** A 64-bit number of the tenant; two tenants that share one merely wait for each other. */
function lockOf(tenant: TenantId): bigint {
  return createHash('sha256').update(tenant).digest().readBigInt64BE();
}
