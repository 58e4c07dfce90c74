/**
 * How each audit log ended when this process signed it last. Whoever can write the database can cut a log, or begin it anew,
 * together with the checkpoints that the store keeps, and then nothing in the database tells. This process remembers
 * while it runs: it signs no log that does not go on from there, says so, and `verify` finds it.
 */

import type { AuditLogId } from '../domain/audit-log';
import type { Checkpoint } from '../domain/checkpoint';
import { RecentMap } from '../domain/recent-map';
import type { ReadTx } from '../store/store';

/** So many logs are remembered at least, 300 bytes each; those that were not signed for the longest time go first. */
const KEPT_ENDS = 50_000;

export class SignedEnds {
  readonly #ends = new RecentMap<AuditLogId, Checkpoint>(KEPT_ENDS);
  readonly #told = new Set<AuditLogId>();

  /** @param onSetBack is told once of each log that does not go on from the checkpoint that was signed. */
  constructor(private readonly onSetBack: (signed: Checkpoint) => void) {}

  /** Once the checkpoint is on disk. */
  remember(end: Checkpoint): void {
    this.#ends.set(end.log, end);
  }

  of(log: AuditLogId): Checkpoint | undefined {
    return this.#ends.get(log);
  }

  /** Whether the log has the event that was signed last, or a prune took it out. */
  async doesGoOn(
    tx: ReadTx,
    log: AuditLogId,
    readPrune: () => Promise<Checkpoint | undefined>,
  ): Promise<boolean> {
    const signed = this.#ends.get(log);
    if (signed === undefined) return true;
    const [event] = await tx.listAuditTimes(log, { after: signed.size - 1, limit: 1 });
    if (event?.sequence === signed.size) return event.hash === signed.hash;
    const pruned = await readPrune();
    if (pruned?.size === signed.size) return pruned.hash === signed.hash;
    return pruned !== undefined && pruned.size > signed.size;
  }

  tell(log: AuditLogId): void {
    const signed = this.#ends.get(log);
    if (signed === undefined || this.#told.has(log)) return;
    this.#told.add(log);
    this.onSetBack(signed);
  }
}
