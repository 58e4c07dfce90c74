/** What every engine of the store says in the same words. */

import { DomainError } from '../domain/errors';

const FULL = 'STORE_FULL';
const LOST = 'STORE_LOST';
const UNREADABLE = 'STORE_UNREADABLE';

/** What a store answers once it was closed. */
export function closedError(): DomainError {
  return new DomainError('UNAVAILABLE', 'the service is shutting down; try again', 'STORE_CLOSED');
}

/** Another writer holds the lock for longer than one waits. */
export function lockedError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'another process keeps the database locked; try again, and look for a backup or a shell that holds it open',
    'STORE_LOCKED',
  );
}

/** A row with that key is there. */
export function existsError(): DomainError {
  return new DomainError(
    'ALREADY_EXISTS',
    'it already exists; choose another name or change the one that is there',
    'ROW_EXISTS',
  );
}

/** The database gave up a transaction and the body that ran in it did not say why. */
export function lostError(): DomainError {
  return new DomainError('UNAVAILABLE', 'the database undid the write; try again', LOST);
}

/** Whether nothing of the transaction is there, and not for want of a disk or a server. */
export function isLost(error: unknown): boolean {
  return !(error instanceof DomainError) || error.code !== 'UNAVAILABLE' || error.reason === LOST;
}

/** What others are told whose writes went with one that failed: its own fault is not theirs. */
export function othersError(error: unknown): unknown {
  return error instanceof DomainError && error.code !== 'UNAVAILABLE' ? lostError() : error;
}

/** The disk has no room for the write. @param where whose disk it is. */
export function fullError(where: string): DomainError {
  return new DomainError('UNAVAILABLE', `the disk of ${where} is full; free space on it and try again`, FULL);
}

/** What was read makes no sense, or could not be read; whether the file is damaged, only looking through it says. */
export function unreadableError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the database file could not be read; try again, and where it stays run `axiom verify` and check the disk',
    UNREADABLE,
  );
}

export function isUnreadableStore(error: unknown): boolean {
  return error instanceof DomainError && error.reason === UNREADABLE;
}

export function isFull(error: unknown): boolean {
  return error instanceof DomainError && error.reason === FULL;
}

/** A query that nobody awaited would otherwise land in somebody else's transaction. */
export function overError(): Error {
  return new Error('this transaction is over; await every query within its body');
}

/** Where a scope's rows are not those that its head was signed over: some were forged, taken away or set back. */
export function headNotSigned(tenantId: string, scope: string): DomainError {
  return new DomainError(
    'DATA_LOSS',
    `${describeScope(scope)} of tenant ${tenantId} is not as this service wrote it, so nothing of it is used; ` +
      'run `axiom verify` to see what is wrong, find out who changed the database, and restore a backup',
    'SCOPE_NOT_AS_WRITTEN',
  );
}

/** One row that this service did not write so. */
export function rowNotSigned(what: string, next = 'restore a backup'): DomainError {
  return new DomainError(
    'DATA_LOSS',
    `${what} is not as this service wrote it, so it is not used; find out who changed the database, and ${next}`,
    'ROW_NOT_AS_WRITTEN',
  );
}

/** An execution that pinned before `limit` revocations and more gets none of that scope's values. */
export function tooMuchRevoked(limit: number): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    `values were taken from running executions more than ${limit.toLocaleString('en')} times since this one started, so ` +
      'it gets none; start the execution again',
    'TOO_MUCH_REVOKED',
  );
}

/** For a row that is taken to be none where this service did not write it so; every other failure stays one. */
export function noneIfNotAsWritten(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.code !== 'DATA_LOSS') throw error;
}

function describeScope(scope: string): string {
  if (scope === 'tenant') return 'the list of secrets';
  if (scope === 'configs') return 'the list of flow configs';
  if (scope === 'access') return 'the list of API keys';
  if (scope === 'sessions') return 'the list of console sessions';
  return `the list of overrides of ${scope}`;
}
