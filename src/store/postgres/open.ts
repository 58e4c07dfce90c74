/** Opens the store on a PostgreSQL database that any number of service replicas share. */

import { createHash } from 'node:crypto';
import type { TenantId } from '../../domain/ids';
import { DomainError } from '../../domain/errors';
import { throwIfGone, type Waiter } from '../../domain/waiter';
import { GroupCommit } from '../group-commit';
import type { ReadTx, Store } from '../store';
import { closedError } from '../store-errors';
import { readTransaction } from '../transaction';
import { OneAtATime } from '../../work/one-at-a-time';
import { DatabaseClock } from './clock';
import type { Statement } from './batch';
import { Connections, STATEMENT_MS } from './connections';
import { isUnreachable, toDomainError } from './errors';
import { Pipeline } from './pipeline';
import { prepareDatabase } from './prepare';
import { PostgresSession } from './session';
import { PostgresWriteConnection } from './write-connection';

const DEFAULT_LOCK_TIMEOUT_MS = 5_000;
const DEFAULT_READ_CONNECTIONS = 10;
/** Writers of tenants: each has a connection, and groups what waits for it into one commit. */
const LANES = 4;
/** One for what may take long, and one for writes to everything. */
const OTHER_WRITERS = 2;

/** Whose lock health waits for: that of no tenant. */
const NOBODY = '' as TenantId;

/** A snapshot may be left alone for longer than a write: it locks nothing, and keeps old rows from being cleaned up. */
const READ_IDLE_MS = 60_000;

export interface PostgresStoreOptions {
  /** `postgresql://user@host/database?sslmode=verify-full`; the password better in PGPASSFILE than here. */
  readonly url: string;
  /** The URL of a user that may change the schema; the one that serves when absent. */
  readonly migrationUrl?: string;
  /** How long a write waits for other writers of its tenant, in milliseconds; 5,000 when absent. */
  readonly lockTimeoutMs?: number;
  /** At most this many connections for reads, beside those that write; 10 when absent. */
  readonly readConnections?: number;
}

/**
 * Opens the database and brings it to this version's schema.
 * @throws DomainError FAILED_PRECONDITION for a newer schema, INVALID_ARGUMENT for a URL that cannot be read,
 *   UNAVAILABLE when it cannot be reached.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { url, migrationUrl = url, lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS } = options;
  await prepareDatabase(migrationUrl);
  // Writers' connections are their own: reads that wait for a write must not keep it from one.
  const writing = new Connections({ url, max: LANES + OTHER_WRITERS });
  const reading = new Connections({ url, max: options.readConnections ?? DEFAULT_READ_CONNECTIONS });
  const everything = new GroupCommit(new PostgresWriteConnection(writing, 'everything'), lockTimeoutMs);
  const ofTenants = () =>
    new GroupCommit(new PostgresWriteConnection(writing, 'one tenant each'), lockTimeoutMs);
  const lanes = Array.from({ length: LANES }, ofTenants);
  const bulk = ofTenants();
  // Each in a commit of its own: several would hold the locks of all their tenants until the last is done.
  const bulkTurns = new OneAtATime();
  const laneOf = (tenant: TenantId | undefined) =>
    (tenant === undefined ? undefined : lanes[laneNumber(tenant)]) ?? everything;
  const clock = new DatabaseClock();
  let closed = false;
  const close = async () => {
    closed = true;
    await Promise.all([everything, bulk, ...lanes].map((writer) => writer.close()));
    await Promise.all([writing.close(), reading.close()]);
  };
  const lookAtClock = async () => {
    const connection = await reading.take();
    let failure: unknown;
    try {
      await clock.look(connection);
    } catch (error) {
      failure = toDomainError(error);
      throw failure;
    } finally {
      connection.release(failure);
    }
  };
  try {
    await lookAtClock();
  } catch (error) {
    await close();
    throw toDomainError(error);
  }
  return {
    clock: clock.now,
    read: (body, waiter) => (closed ? Promise.reject(closedError()) : readSnapshot(reading, body, waiter)),
    write(body, writeOptions = {}) {
      const { tenant, waiter } = writeOptions;
      return writeOptions.bulk === true && tenant !== undefined
        ? bulkTurns.run(tenant, () => bulk.write(body, writeOptions), waiter)
        : laneOf(tenant).write(body, writeOptions);
    },
    backUp: () => Promise.reject(useServerTools()),
    checkHealth: async () => {
      await Promise.all([laneOf(NOBODY).write(async () => {}, { tenant: NOBODY }), lookAtClock()]);
      return { clockAheadMs: clock.aheadMs };
    },
    close,
  };
}

/** A tenant's writes go one way, so that they stay in order. */
function laneNumber(tenant: TenantId): number {
  return createHash('sha256').update(tenant).digest().readUInt32BE() % LANES;
}

function useServerTools(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the store is on PostgreSQL; copy it with pg_dump or the backups of that server',
    'BACKUP_NOT_POSSIBLE',
  );
}

const END_READ: Statement = { text: 'commit' };
const BEGIN_READ: Statement = { text: 'begin isolation level repeatable read read only' };
/** Before the first query, which takes the snapshot. */
const READ_SETTINGS = `select set_config('statement_timeout', $1, true),
  set_config('idle_in_transaction_session_timeout', '${READ_IDLE_MS}', true)`;

/** A statement that outlasts its waiter is ended by the server, a moment after the deadline. */
function statementMsFor(waiter: Waiter | undefined): number {
  const left = (waiter?.deadline ?? Infinity) - performance.now();
  return Math.ceil(Math.min(STATEMENT_MS, Math.max(left, 0) + 1));
}

async function readSnapshot<T>(
  connections: Connections,
  body: (tx: ReadTx) => Promise<T>,
  waiter: Waiter | undefined,
): Promise<T> {
  throwIfGone(waiter);
  const connection = await connections.take(waiter);
  let failure: DomainError | undefined;
  const pipeline = new Pipeline(connection, ({ error }) => (failure ??= error));
  pipeline.post(BEGIN_READ);
  pipeline.post({ text: READ_SETTINGS, values: [statementMsFor(waiter)] });
  const session = new PostgresSession(pipeline, waiter);
  try {
    return await body(readTransaction(session));
  } catch (error) {
    throwIfGone(waiter);
    throw error;
  } finally {
    session.end();
    // What was read is there already: nobody waits for the end of a snapshot.
    const ended = isUnreachable(failure) ? Promise.resolve() : pipeline.run(END_READ).catch(() => {});
    void ended.then(() => connection.release(failure));
  }
}
