/**
 * What the service needs of a database: snapshots to read in, and serialized writes.
 *
 * The store knows rows, not rules: limits, etags, roles and sealing are decided by its
 * callers inside one `write`, and what they decided is on disk when `write` resolves.
 */

import { SERVICE_LOG, type AuditLogId } from '../domain/audit-log';
import type { Clock } from '../domain/clock';
import type { TenantId } from '../domain/ids';
import type { Waiter } from '../domain/waiter';
import type { AskedAhead } from './asked-ahead';
import type { ReadTx, WriteTx } from './transaction';

export type { ReadTx, WriteTx } from './transaction';

/** How a write is to be carried out. */
export interface WriteOptions {
  /**
   * The write touches rows of this tenant only: where the engine can, it waits for no other tenant's writers.
   * Without one it is alone among all writers.
   */
  readonly tenant?: TenantId;
  /**
   * The write may have removed ciphertext: where it did, or one before it that did not ask, also empty the log before
   * resolving, so that no copy stays in the database's files.
   */
  readonly scrub?: boolean;
  /**
   * The write takes a value or a right away, so it may use the space that the engine keeps back
   * for a full disk. `body` then runs a second time, after the first was undone.
   */
  readonly urgent?: boolean;
  /** The write may take long: where the engine can, no other tenant's write waits for it but another of these. */
  readonly bulk?: boolean;
  /** Who waits for it: it is not begun once nobody does. Undefined for what the service does by itself. */
  readonly waiter?: Waiter;
  /**
   * `body` asks everything that may refuse it before it writes anything, so that it hardly ever has to be undone: where
   * the engine can, it keeps no place to go back to. Where it throws nevertheless after it wrote, everything is undone
   * that shares its commit, and the others' bodies run again, each by itself.
   */
  readonly asksFirst?: boolean;
  /**
   * What `body` asks first, in these words. An engine that is far away is asked for it together with what others ask that
   * share its commit; `body` is given that answer, or asks anew where something was written since that may change it.
   */
  readonly asksAhead?: AskedAhead;
}

/** A write to one audit log: a tenant's waits for that tenant's writers only, the service's own for all. */
export function writeTo(log: AuditLogId): WriteOptions {
  return log === SERVICE_LOG ? {} : { tenant: log };
}

/** What a store that works tells of itself. */
export interface StoreHealth {
  /** How far this machine's clock is ahead of the database's, in milliseconds; 0 where they are one. */
  readonly clockAheadMs: number;
  /** The length of SQLite's write-ahead log, in bytes; undefined where a server keeps its own. */
  readonly logBytes?: number;
}

/** A database, opened. */
export interface Store {
  /**
   * Runs `body` in one snapshot. Once nobody waits for it, its next query fails; a server is given no more time
   * for one than the waiter has left. @param waiter undefined for what the service does by itself.
   * @throws DomainError CANCELLED or DEADLINE_EXCEEDED when nobody waits any more.
   */
  read<T>(body: (tx: ReadTx) => Promise<T>, waiter?: Waiter): Promise<T>;
  /**
   * Runs `body` alone among the writers of its tenant, of all processes, and resolves when what
   * it wrote is on disk. When `body` throws, nothing of it stays and `write` throws the same.
   * Bodies that wait at the same time may share one commit (group commit), each undone
   * by itself when it throws. `body` awaits only `tx` and sealing: it holds the lock.
   * @throws DomainError UNAVAILABLE when the database stays locked or cannot be written; CANCELLED or
   *   DEADLINE_EXCEEDED, and nothing is written, when nobody waits any more before its turn comes.
   */
  write<T>(body: (tx: WriteTx) => Promise<T>, options?: WriteOptions): Promise<T>;
  /**
   * Writes a consistent copy of the live database to a new file. @returns its length in bytes.
   * @throws DomainError as MaintenanceService.BackUpStore says.
   */
  backUp(path: string, waiter?: Waiter): Promise<number>;
  /** @throws DomainError UNAVAILABLE when the store could not take a write now. */
  checkHealth(): Promise<StoreHealth>;
  /**
   * Resolves when the disk did not confirm a write: every call fails from then on, and whoever serves ends, so that
   * the next process reads what is kept. A database server does this by itself.
   */
  readonly broken?: Promise<void>;
  /** Looks through the database's file. @throws DomainError DATA_LOSS where it is damaged. */
  checkFile?(): Promise<void>;
  /** The clock that all processes of the store go by. */
  readonly clock: Clock;
  close(): Promise<void>;
}
