/** What the engines' own failures mean to a caller. */

import { describe, expect, it } from '@jest/globals';
import { SqliteError } from 'better-sqlite3';
import { DomainError } from '../../src/domain/errors';
import { toDomainError as fromPostgres } from '../../src/store/postgres/errors';
import { toDomainError as fromSqlite } from '../../src/store/sqlite/errors';

const SQL = 'insert into secrets values (1)';
const postgres = (code: string) => fromPostgres(Object.assign(new Error(SQL), { code }));
const sqlite = (code: string) => fromSqlite(new SqliteError(SQL, code)) as DomainError;

describe('a failure of the database', () => {
  it.each([
    [sqlite, 'SQLITE_BUSY_SNAPSHOT', 'UNAVAILABLE', 'STORE_LOCKED'],
    [sqlite, 'SQLITE_FULL', 'UNAVAILABLE', 'STORE_FULL'],
    [sqlite, 'SQLITE_READONLY_DBMOVED', 'UNAVAILABLE', 'STORE_READONLY'],
    [sqlite, 'SQLITE_IOERR_FSYNC', 'UNAVAILABLE', 'STORE_IO'],
    [sqlite, 'SQLITE_IOERR_READ', 'UNAVAILABLE', 'STORE_UNREADABLE'],
    [sqlite, 'SQLITE_CORRUPT_INDEX', 'UNAVAILABLE', 'STORE_UNREADABLE'],
    [sqlite, 'SQLITE_CONSTRAINT_UNIQUE', 'ALREADY_EXISTS', 'ROW_EXISTS'],
    [sqlite, 'SQLITE_CONSTRAINT_TRIGGER', 'INTERNAL', 'SQLITE_CONSTRAINT_TRIGGER'],
    [postgres, '55P03', 'UNAVAILABLE', 'STORE_LOCKED'],
    [postgres, '53100', 'UNAVAILABLE', 'STORE_FULL'],
    [postgres, '25006', 'UNAVAILABLE', 'STORE_READONLY'],
    [postgres, '28P01', 'UNAVAILABLE', 'STORE_REFUSED'],
    [postgres, '57P01', 'UNAVAILABLE', 'STORE_UNREACHABLE'],
    [postgres, 'ECONNRESET', 'UNAVAILABLE', 'STORE_UNREACHABLE'],
    [postgres, '23505', 'ALREADY_EXISTS', 'ROW_EXISTS'],
    [postgres, '22021', 'INVALID_ARGUMENT', 'TEXT_HOLDS_NUL'],
    [postgres, '42P01', 'INTERNAL', 'POSTGRES_42P01'],
  ])('%p: %s is %s, and its message holds no SQL', (engine, code, domainCode, reason) => {
    const error = engine(code);
    expect(error).toMatchObject({ name: 'DomainError', code: domainCode, reason });
    expect(error.message).not.toContain('insert');
  });

  it('is told apart from one of the domain, which stays as it is', () => {
    const error = new DomainError('ABORTED', 'stale', 'STALE');
    expect([fromPostgres(error), fromSqlite(error)]).toEqual([error, error]);
  });
});
