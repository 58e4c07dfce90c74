/** SQLite's failures as domain errors: what to do next, and never SQL. */

import { DomainError } from '../../domain/errors';
import { existsError, fullError, lockedError } from '../store-errors';

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

/** Codes whose meaning is SQLite's own; the first pattern that fits counts. */
const MEANINGS: readonly (readonly [RegExp, () => DomainError])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, lockedError],
  [/^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)/, existsError],
  [/^SQLITE_FULL/, () => fullError('the database')],
  [
    /^SQLITE_(READONLY|PERM|CANTOPEN|AUTH)/,
    () =>
      new DomainError(
        'UNAVAILABLE',
        'the database cannot be opened for writing; check that its folder exists and belongs to the service',
        'STORE_READONLY',
      ),
  ],
  [
    /^SQLITE_(IOERR|NOLFS|PROTOCOL|NOMEM)/,
    () =>
      new DomainError(
        'UNAVAILABLE',
        'the disk of the database does not work as it should; check the disk and the system log, then try again',
        'STORE_IO',
      ),
  ],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    () =>
      new DomainError(
        'DATA_LOSS',
        'the database file is damaged or no database; stop the service and restore a backup',
        'STORE_DAMAGED',
      ),
  ],
];

/** A domain error as it is; SQLite's by its code; any other failure unchanged. */
export function toDomainError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(error.code));
  return meaning === undefined
    ? new DomainError('INTERNAL', 'the database refused a statement; report this with its reason', error.code)
    : meaning[1]();
}
