/**
 * Heads of scopes that writes which share one transaction have moved on. What a write makes of a head is known here at
 * once, to itself and to those after it; the row is digested, signed and written once for all of them, before the
 * transaction commits or some statement asks for it. Nobody else writes to these scopes meanwhile.
 */

import type { Entries } from './entries';
import type { Signing } from './signing';

/** What a head says. */
export interface Head {
  readonly revision: number;
  readonly names: number;
  readonly bytes: number;
}

/** A head that is to be written. */
export interface MovedHead extends Head {
  readonly tenantId: string;
  readonly scope: string;
  /** Undefined in a store that is not signed. */
  readonly entries: Entries | undefined;
  readonly signing: Signing | undefined;
}

interface Kept {
  readonly head: MovedHead;
  readonly isWritten: boolean;
}

const keyOf = (tenantId: string, scope: string) => `${tenantId}/${scope}`;

/** @typeParam S what statements run in. */
export class MovedHeads<S> {
  readonly #kept = new Map<string, Kept>();
  /** What the running write found, of each head that it changed; undefined where it was the first to. */
  readonly #before = new Map<string, Kept | undefined>();
  #areUnwritten = false;

  /** @param write puts the row of one head. */
  constructor(private readonly write: (session: S, head: MovedHead) => Promise<void>) {}

  get(tenantId: string, scope: string): MovedHead | undefined {
    return this.#kept.get(keyOf(tenantId, scope))?.head;
  }

  /** The same, for a write that is about to change its entries. */
  toChange(tenantId: string, scope: string): MovedHead | undefined {
    this.#note(keyOf(tenantId, scope));
    return this.get(tenantId, scope);
  }

  put(head: MovedHead): void {
    const key = keyOf(head.tenantId, head.scope);
    this.#note(key);
    this.#kept.set(key, { head, isWritten: false });
    this.#areUnwritten = true;
  }

  /** Before a statement that looks at heads, and before the transaction commits. */
  async settle(session: S): Promise<void> {
    if (!this.#areUnwritten) return;
    for (const [key, { head, isWritten }] of this.#kept) {
      if (isWritten) continue;
      this.#note(key);
      await this.write(session, head);
      this.#kept.set(key, { head, isWritten: true });
    }
    this.#areUnwritten = false;
  }

  /** What the running write did stays. */
  keep(): void {
    for (const before of this.#before.values()) before?.head.entries?.keep();
    this.#before.clear();
  }

  /** What the running write did was undone. */
  undo(): void {
    for (const [key, before] of this.#before) {
      const signing = this.#kept.get(key)?.head.signing;
      signing?.forget(key);
      before?.head.entries?.revert();
      if (before === undefined) this.#kept.delete(key);
      // A row that the write put is gone with it.
      else this.#kept.set(key, { ...before, isWritten: false });
      this.#areUnwritten ||= before !== undefined;
    }
    this.#before.clear();
  }

  #note(key: string): void {
    if (this.#before.has(key)) return;
    const kept = this.#kept.get(key);
    kept?.head.entries?.begin();
    this.#before.set(key, kept);
  }
}
