/** What the writes that share one transaction know of the database: nobody else writes there meanwhile. */

import type { TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';
import { MovedHeads, type MovedHead } from './moved-heads';

/** The last event of an audit log, and whether the log is among those that have moved since their checkpoint. */
export interface LogEnd {
  readonly sequence: number;
  readonly hash: string;
  readonly isMarked: boolean;
}

/** A scope whose bundles from before are needed by nobody but the executions that pin them at `now`. */
export interface MovedScope {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly now: number;
}

/** @typeParam S what its statements run in. */
export class TransactionState<S> {
  /** Where audit logs end that were appended to. */
  readonly ends = new Map<string, LogEnd>();
  readonly heads: MovedHeads<S>;
  /** Of which sizes no slot for a ciphertext was free. */
  readonly takenSizes = new Set<number>();
  /** Which keysets are a tenant's newest. */
  readonly keysRevisions = new Map<TenantId, number | undefined>();
  /** Scopes that were written to and of which no bundle was looked for yet that nobody needs any more. */
  readonly movedScopes = new Map<string, MovedScope>();
  /** Ciphertext was overwritten, of which the engine may keep copies elsewhere. Stays so where that was undone. */
  hasRemovedCiphertext = false;

  /** @param writeHead puts the row of one scope's head. */
  constructor(writeHead: (session: S, head: MovedHead) => Promise<void>) {
    this.heads = new MovedHeads(writeHead);
  }

  /** What the running write did stays. */
  keep(): void {
    this.heads.keep();
  }

  /** What the running write did was undone. */
  undo(): void {
    this.ends.clear();
    this.takenSizes.clear();
    this.keysRevisions.clear();
    this.heads.undo();
  }
}
