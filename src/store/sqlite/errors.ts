/** SQLite's failures as domain errors: what to do next, and never SQL. */

import { DomainError } from '../../domain/errors';
import { existsError, fullError, lockedError, unreadableError } from '../store-errors';

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

/** How often a read that failed is tried again. */
export const READ_TRIES = 3;

/**
 * The file could not be read, or what was read makes no sense. Of one failed read SQLite says either: it takes EIO
 * for a damaged file system, and that for a damaged database. So it is tried again, and proven before it is believed.
 */
export function isUnreadable(error: unknown): boolean {
  return (
    isSqliteError(error) &&
    /^SQLITE_(CORRUPT|NOTADB|IOERR(?!_(FSYNC|DIR_FSYNC|WRITE|TRUNCATE|SHM)))/.test(error.code)
  );
}

/** The disk is full, also where SQLite only learns it from its index of the log. */
export function lacksSpace(error: unknown): boolean {
  return isSqliteError(error) && /^SQLITE_(FULL|IOERR_SHMSIZE)$/.test(error.code);
}

/** A file could not be opened or made; why, SQLite does not say. */
export function cannotOpen(error: unknown): boolean {
  return isSqliteError(error) && /^SQLITE_CANTOPEN/.test(error.code);
}

/** Once the file was looked through, page by page. */
export function damagedError(): DomainError {
  return new DomainError(
    'DATA_LOSS',
    'the database file is damaged or no database; stop the service and restore a backup',
    'STORE_DAMAGED',
  );
}

/** The disk did not confirm a commit: from then on nothing of this process's view of the file is believed. */
export function unconfirmedError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the disk did not confirm a write, so the service reads anew what is kept; try again in a moment, and check the disk',
    'STORE_UNCONFIRMED',
  );
}

/** Of the write that the disk did not confirm. */
export function unconfirmedWriteError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the disk did not confirm the write, which may or may not have been kept; check the disk, and look whether it was',
    'STORE_IO',
  );
}

/** Nobody opens anew what has the names now while another process of the service still writes elsewhere. */
export function movedError(): DomainError {
  return new DomainError('UNAVAILABLE', MOVED, 'STORE_MOVED');
}

/** Of the write that noticed it: it was committed to what was open, and is in what that leaves behind, or in nothing. */
export function movedUnderWriteError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `${MOVED}; this write may or may not have been kept: look once it is back`,
    'STORE_MOVED',
  );
}

const MOVED =
  'the database’s files were moved, removed or replaced while the service has them open; stop it, put back what was there or restore a backup, and start it again';

/** Codes whose meaning is SQLite's own; the first pattern that fits counts. */
const MEANINGS: readonly (readonly [RegExp, () => DomainError])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, lockedError],
  [/^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)/, existsError],
  [/^SQLITE_FULL/, () => fullError('the database')],
  [/^SQLITE_(CORRUPT|NOTADB|IOERR_(READ|SHORT_READ|FSTAT)$)/, unreadableError],
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
];

/** The driver's native part was not built, or for another Node.js. Both leave an error of the loader, and no class. */
function lacksDriver(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'ERR_DLOPEN_FAILED' || message.startsWith('Could not locate the bindings file');
}

function driverMissingError(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    "SQLite's driver, better-sqlite3, is not built for this Node.js; allow its install script (`pnpm approve-builds`, " +
      '`npm install-scripts approve better-sqlite3`), and run `npm rebuild better-sqlite3` or `pnpm rebuild`',
    'DRIVER_MISSING',
  );
}

/** A domain error as it is; SQLite's by its code; any other failure unchanged. */
export function toDomainError(error: unknown): unknown {
  if (lacksDriver(error)) return driverMissingError();
  if (!isSqliteError(error)) return error;
  const meaning = MEANINGS.find(([pattern]) => pattern.test(error.code));
  return meaning === undefined
    ? new DomainError('INTERNAL', 'the database refused a statement; report this with its reason', error.code)
    : meaning[1]();
}
