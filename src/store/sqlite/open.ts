/** Opens the store on a SQLite file; several processes of one machine may share it. */

import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../../domain/errors';
import { backOff } from '../back-off';
import { GroupCommit } from '../group-commit';
import { migrate } from '../migrations/migrate';
import type { Store } from '../store';
import { isUnreadableStore } from '../store-errors';
import { backUpSqlite } from './back-up';
import { checkFile } from './check-file';
import { Ballast } from './ballast';
import { retryWhileBusy } from './busy';
import { sqliteDdl } from './compiler';
import { SqliteConnection } from './connection';
import { cannotOpen, isUnreadable, lacksSpace, READ_TRIES, toDomainError } from './errors';
import { LEAST_FREE_BYTES } from './least-free';
import { LogSync } from './log-sync';
import { modeBeside } from './mode';
import { NamedFiles } from './named-files';
import { Readers } from './readers';
import { SqliteSession } from './session';
import { SqliteWriteConnection } from './write-connection';

const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

/** What a log that a long reader made grow is cut to, once the reader is gone and the log was copied. */
const MAX_IDLE_LOG_BYTES = 16 * 1024 * 1024;

export interface SqliteStoreOptions {
  /** The database file, never on a network file system; made with mode 0600 if it is missing. */
  readonly path: string;
  /** How long to wait for another process's lock, in milliseconds; 5,000 when absent. */
  readonly busyTimeoutMs?: number;
}

/**
 * Opens the database, makes it or brings it to this version's schema.
 * @throws DomainError FAILED_PRECONDITION for a newer schema or another program's database,
 *   DATA_LOSS for a damaged file, UNAVAILABLE when it cannot be opened or stays locked.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS } = options;
  const ballast = new Ballast(path);
  let connection: SqliteConnection | undefined;
  let log: LogSync;
  let files: NamedFiles;
  try {
    makePrivate(path);
    connection = await openPrepared(path, ballast, busyTimeoutMs);
    files = new NamedFiles(path);
    log = new LogSync(path, connection, files);
    await log.flush();
  } catch (error) {
    connection?.close();
    if (isUnreadable(error)) await checkFile(path);
    throw toDomainError(error);
  }
  const writing = new SqliteWriteConnection(connection, log, ballast, busyTimeoutMs);
  // What a process removed that ended before it emptied the log; nothing of the store waits for that.
  void writing.scrub();
  const writer = new GroupCommit(writing, busyTimeoutMs);
  const readers = new Readers(path, busyTimeoutMs, connection.keys, files);
  return {
    read: (body, waiter) =>
      log.refusal === undefined ? readers.read(body, waiter) : Promise.reject(log.refusal),
    write: (body, writeOptions) => againIfUnread(() => writer.write(body, writeOptions)),
    backUp: (target, waiter) => backUpSqlite(path, target, waiter?.signal),
    checkHealth: async () => {
      // Health is asked for every few seconds: often enough to lay the ballast up again.
      await ballast.restore(await checkSpace(path));
      await writer
        .write(async () => {})
        .catch((error: unknown) => {
          // Nothing was written: what is told is what every other call is.
          throw log.refusal ?? error;
        });
      return { clockAheadMs: 0, logBytes: (await stat(`${path}-wal`)).size };
    },
    broken: log.failed,
    checkFile: () => checkFile(path),
    clock: Date.now,
    close: async () => {
      readers.close();
      await writer.close();
    },
  };
}

/**
 * Where a read of SQLite's own fails in the middle of a change, it undoes the whole transaction: the write is asked
 * for again.
 */
async function againIfUnread<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!isUnreadableStore(error) || attempt > READ_TRIES) throw error;
      await backOff(attempt);
    }
  }
}

/** SQLite gives -wal and -shm the mode of the database file. */
function makePrivate(path: string): void {
  const mode = modeWanted(path);
  try {
    closeSync(openSync(path, 'wx', mode));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotMake();
  }
  // By path, without opening: closing a file drops every lock that this process has on it (POSIX fcntl). Whoever shares the
  // folder may have put a link there to a file of this process's own: that keeps its mode.
  for (const file of [path, `${path}-wal`, `${path}-shm`]) {
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found?.isFile() === true && (found.mode & 0o777) !== mode) chmodSync(file, mode);
  }
}

function modeWanted(path: string): number {
  try {
    return modeBeside(path);
  } catch {
    throw cannotMake();
  }
}

function cannotMake(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the database file cannot be made; check that its folder exists and belongs to the service',
    'STORE_READONLY',
  );
}

/** On a full disk even a start needs room, for SQLite's index of the log: what was kept back is for that too. */
async function openPrepared(
  path: string,
  ballast: Ballast,
  busyTimeoutMs: number,
): Promise<SqliteConnection> {
  for (let attempt = 1; ; attempt++) {
    const connection = new SqliteConnection(path, { readonly: false });
    try {
      await prepare(connection, busyTimeoutMs);
      return connection;
    } catch (error) {
      connection.close();
      const isFull = lacksSpace(error) || (cannotOpen(error) && (await takesNoFile(path)));
      const mayHelp = (isUnreadable(error) && attempt < READ_TRIES) || (isFull && (await ballast.release()));
      if (!mayHelp) throw error;
      await backOff(attempt);
    }
  }
}

async function prepare(connection: SqliteConnection, busyTimeoutMs: number): Promise<void> {
  const pragma = (text: string) => retryWhileBusy(() => connection.pragma(text), busyTimeoutMs);
  await pragma('secure_delete = ON');
  await pragma('journal_mode = WAL');
  // NORMAL, because log-sync.ts waits for the disk in its place.
  await pragma('synchronous = NORMAL');
  await pragma(`journal_size_limit = ${MAX_IDLE_LOG_BYTES}`);
  await retryWhileBusy(() => keepWhatIsRead(connection), busyTimeoutMs);
  await retryWhileBusy(() => connection.run('begin immediate'), busyTimeoutMs);
  const session = new SqliteSession(connection, busyTimeoutMs);
  try {
    refuseForeign(connection);
    await migrate(session, sqliteDdl);
    connection.run('commit');
  } finally {
    session.end();
    if (connection.inTransaction) connection.run('rollback');
  }
}

/**
 * What a former process wrote and the disk did not confirm may be read still, and on no disk: copying the log into
 * the database writes it again, and waits for it.
 */
function keepWhatIsRead(connection: SqliteConnection): void {
  try {
    connection.pragma('wal_checkpoint(PASSIVE)');
  } catch (error) {
    // A full disk takes no copy; nothing was lost by it.
    if (!lacksSpace(error)) throw error;
  }
}

function refuseForeign(connection: SqliteConnection): void {
  const tables = connection.run("select name from sqlite_master where type = 'table'").rows as {
    name: string;
  }[];
  if (tables.length > 0 && !tables.some(({ name }) => name === 'schema_versions')) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      'the database file belongs to another program; give the service a data folder of its own',
      'STORE_FOREIGN',
    );
  }
}

/** Whether the disk has no room for a new file, be it of bytes or of names. */
async function takesNoFile(path: string): Promise<boolean> {
  const { bavail, files, ffree } = await statfs(dirname(path));
  // Some file systems count no files.
  return bavail === 0 || (files > 0 && ffree === 0);
}

/** @returns how many bytes more the disk takes before the store is unhealthy. */
async function checkSpace(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(dirname(path));
  const spare = bavail * bsize - LEAST_FREE_BYTES;
  if (spare < 0) {
    throw new DomainError(
      'UNAVAILABLE',
      `the disk of the database has less than ${LEAST_FREE_BYTES / 1024 / 1024} MiB left; free space on it`,
      'STORE_NEARLY_FULL',
    );
  }
  return spare;
}
