/** SQLite's failures as domain errors: what to do next, and never SQL. */

import { DomainError } from '../../domain/errors';

/** What better-sqlite3 throws: the code is SQLite's extended result code by name. */
interface SqliteFailure {
  readonly name: 'SqliteError';
  readonly code: string;
}

/**
 * By name and not by class: the native addon throws the class of whichever copy of the module
 * was loaded first in the process.
 */
function isSqliteError(error: unknown): error is SqliteFailure {
  return (error as Partial<SqliteFailure> | undefined)?.name === 'SqliteError';
}

/** Another connection holds the lock: worth trying again. */
export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
}

type Meaning = readonly [RegExp, DomainError['code'], message: string, reason: string];

const MEANINGS: readonly Meaning[] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    'UNAVAILABLE',
    'another process keeps the database locked; try again, and look for a backup or a shell that holds it open',
    'STORE_LOCKED',
  ],
  [
    /^SQLITE_FULL/,
    'UNAVAILABLE',
    'the disk of the database is full; free space on it and try again',
    'STORE_FULL',
  ],
  [
    /^SQLITE_(READONLY|PERM|CANTOPEN|AUTH)/,
    'UNAVAILABLE',
    'the database cannot be opened for writing; check that its folder exists and belongs to the service',
    'STORE_READONLY',
  ],
  [
    /^SQLITE_(IOERR|NOLFS|PROTOCOL|NOMEM)/,
    'UNAVAILABLE',
    'the disk of the database does not work as it should; check the disk and the system log, then try again',
    'STORE_IO',
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'DATA_LOSS',
    'the database file is damaged or no database; stop the service and restore a backup',
    'STORE_DAMAGED',
  ],
  [
    /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)/,
    'ALREADY_EXISTS',
    'it already exists; choose another name or change the one that is there',
    'ROW_EXISTS',
  ],
];

/** What a store answers once it was closed. */
export function closedError(): DomainError {
  return new DomainError('UNAVAILABLE', 'the service is shutting down; try again', 'STORE_CLOSED');
}

/** When the database gave up a transaction and the body that ran in it did not say why. */
export function lostError(): DomainError {
  return new DomainError('UNAVAILABLE', 'the database undid the write; try again', 'STORE_IO');
}

/** A domain error as it is; SQLite's by its code; any other failure unchanged. */
export function toDomainError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(error.code));
  if (meaning === undefined) {
    return new DomainError(
      'INTERNAL',
      'the database refused a statement; report this with its reason',
      error.code,
    );
  }
  const [, code, message, reason] = meaning;
  return new DomainError(code, message, reason);
}
