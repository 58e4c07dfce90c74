/** Brings a PostgreSQL database to this version's schema, before anything is served from it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../domain/errors';
import { migrate, SCHEMA_VERSION } from '../migrations/migrate';
import { writeHead } from '../queries/heads';
import { lockedError } from '../store-errors';
import { TransactionState } from '../transaction-state';
import { postgresDdl } from './compiler';
import { Connections, type Connection } from './connections';
import { PostgresWriteConnection } from './write-connection';

/** One statement of a migration may rewrite a large table. */
const MIGRATION_MS = 600_000;
/** A table that is there while a store is being moved into the database (store/move). */
export const INCOMING_STORE = 'incoming_store';
/** Whoever else migrates or writes holds the lock for a moment, or was paused and loses it within seconds. */
const WAIT_MS = 30_000;

/**
 * Changes nothing where the schema is this version's already, so that a user without rights on the schema can serve.
 * @param url of a user that owns the schema, or of the one that serves.
 * @param options.isIncoming by who moves a store into it, and not by who serves from it.
 * @throws DomainError FAILED_PRECONDITION for a newer schema, another program's database, or one that this user may
 *   not change; UNAVAILABLE when it cannot be reached.
 */
export async function prepareDatabase(url: string, { isIncoming = false } = {}): Promise<void> {
  const connections = new Connections({ url, max: 1, statementMs: MIGRATION_MS });
  try {
    if ((await lookAt(connections, isIncoming)) !== SCHEMA_VERSION) await bringUp(connections);
  } finally {
    await connections.close();
  }
}

/** @returns the schema's version; 0 of an empty database, and of one whose version cannot be told. */
async function lookAt(connections: Connections, isIncoming: boolean): Promise<number> {
  const connection = await connections.take();
  try {
    const all = await tablesOf(connection);
    if (all.includes(INCOMING_STORE) && !isIncoming) throw incomingError();
    const tables = all.filter((name) => name !== INCOMING_STORE);
    if (tables.length === 0) return 0;
    if (!tables.includes('schema_versions')) throw foreignError();
    const { rows } = await connection.client.query<{ version: number | null }>(
      'select max(version) as version from schema_versions',
    );
    return rows[0]?.version ?? 0;
  } finally {
    connection.release();
  }
}

/** Tables in the schema where ours are, or would be made. */
export async function tablesOf({ client }: Connection): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select relname::text as name from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')",
  );
  return rows.map((row) => row.name);
}

async function bringUp(connections: Connections): Promise<void> {
  const writing = new PostgresWriteConnection(connections, 'everything', MIGRATION_MS);
  await waitForLock(writing);
  try {
    await migrate(writing.session(new TransactionState(writeHead)), postgresDdl);
    await writing.commit();
  } catch (error) {
    throw error instanceof DomainError && error.reason === 'STORE_READONLY' ? notOwnerError() : error;
  } finally {
    await writing.rollback();
  }
}

async function waitForLock(writing: PostgresWriteConnection): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  while (!(await writing.begin([]))) {
    if (performance.now() > deadline) throw lockedError();
    await sleep(50);
  }
}

function incomingError(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'a store is being moved into this database and is not whole; run `axiom migrate-store` again until it says that it is done',
    'STORE_INCOMING',
  );
}

function foreignError(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the database has tables of another program; give the service a database or a schema of its own',
    'STORE_FOREIGN',
  );
}

function notOwnerError(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the database has not this version’s schema yet, and this user may not change it; name the URL of a user that owns ' +
      'the schema with --postgres-migration-url-file, for this start at least',
    'STORE_NOT_MIGRATED',
  );
}
