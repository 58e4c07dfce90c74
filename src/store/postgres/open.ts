/** Opens the store on a PostgreSQL database that any number of service replicas share. */

import { Pool, types, type PoolClient } from 'pg';
import { DomainError } from '../../domain/errors';
import { GroupCommit } from '../group-commit';
import { migrate } from '../migrations/migrate';
import type { ReadTx, Store } from '../store';
import { closedError } from '../store-errors';
import { readTransaction } from '../transaction';
import { postgresDdl } from './compiler';
import { toDomainError } from './errors';
import { PostgresSession } from './session';
import { PostgresWriteConnection } from './write-connection';

const DEFAULT_LOCK_TIMEOUT_MS = 5_000;
const DEFAULT_READ_CONNECTIONS = 10;

export interface PostgresStoreOptions {
  /** `postgresql://user@host/database?sslmode=verify-full`; the password better in PGPASSFILE than here. */
  readonly url: string;
  /** How long a write waits for the writers of other replicas, in milliseconds; 5,000 when absent. */
  readonly lockTimeoutMs?: number;
  /** At most this many connections for reads, beside the one that writes; 10 when absent. */
  readonly readConnections?: number;
}

/**
 * Opens the database and brings it to this version's schema.
 * @throws DomainError FAILED_PRECONDITION for a newer schema, UNAVAILABLE when it cannot be reached.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  // The writer's connection is its own: reads that wait for a write must not keep it from one.
  const writing = new PostgresWriteConnection(makePool(options.url, 1));
  try {
    await prepare(writing);
  } catch (error) {
    await writing.close();
    throw error;
  }
  const writer = new GroupCommit(writing, options.lockTimeoutMs ?? DEFAULT_LOCK_TIMEOUT_MS);
  const pool = makePool(options.url, options.readConnections ?? DEFAULT_READ_CONNECTIONS);
  let closed = false;
  return {
    read: (body) => (closed ? Promise.reject(closedError()) : readSnapshot(pool, body)),
    write: (body, writeOptions) => writer.write(body, writeOptions),
    backUp: () => Promise.reject(useServerTools()),
    checkHealth: () => writer.write(async () => {}),
    close: async () => {
      closed = true;
      await Promise.all([writer.close(), pool.end()]);
    },
  };
}

function useServerTools(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the store is on PostgreSQL; copy it with pg_dump or the backups of that server',
    'BACKUP_NOT_POSSIBLE',
  );
}

/** Whole numbers come as numbers: none of ours exceeds 2^53. */
function parserOf(oid: number, format: 'text' | 'binary'): unknown {
  return oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format as 'text');
}

function makePool(url: string, max: number): Pool {
  const pool = new Pool({
    connectionString: url,
    max,
    // An acknowledged write is on the server's disk, whatever the database's own default is.
    options: '-c synchronous_commit=on',
    types: { getTypeParser: parserOf as typeof types.getTypeParser },
  });
  // A connection that breaks fails the query that runs on it, or leaves the pool; the next opens another.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  return pool;
}

/** Whoever else migrates or writes holds the lock for a moment only: wait for it. */
async function prepare(connection: PostgresWriteConnection): Promise<void> {
  while (!(await connection.begin()));
  try {
    await migrate(connection.session(), postgresDdl);
    await connection.commit();
  } finally {
    await connection.rollback();
  }
}

async function readSnapshot<T>(pool: Pool, body: (tx: ReadTx) => Promise<T>): Promise<T> {
  const client = await beginRead(pool);
  const session = new PostgresSession(client);
  let broken = false;
  try {
    return await body(readTransaction(session));
  } finally {
    session.end();
    await client.query('commit').catch(() => (broken = true));
    client.release(broken);
  }
}

async function beginRead(pool: Pool): Promise<PoolClient> {
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    await client.query('begin isolation level repeatable read read only');
    return client;
  } catch (error) {
    // One that is not given back counts against the pool for ever, and keeps it from closing.
    client?.release(true);
    throw toDomainError(error);
  }
}
