/**
 * What a writing connection read or wrote, and still stands: nobody else has committed since, and it has not written itself
 * what could change it. While nobody else writes, a start need not read its flow's profile again, an end not its execution,
 * and an appended event not the end of its log.
 */

import type { AuditAction } from '../domain/audit-actions';
import { RecentMap } from '../domain/recent-map';
import type { ExecutionRecord } from './records';
import type { Signing } from './signing';
import type { StandingKeys } from './standing-keys';
import type { LogEnd } from './transaction-state';

/** So many of each at least. */
const KEPT = 250;

/** What an execution appends besides its end: nothing else is read from it. */
const OF_EXECUTIONS: ReadonlySet<AuditAction> = new Set([
  'execution.start',
  'execution.resolve',
  'execution.end',
]);

/** An execution that runs and pins the newest revisions. */
interface Running {
  readonly record: ExecutionRecord;
  /** What signed its row, and so believes it. */
  readonly signing: Signing;
}

export class Standing {
  /** Where audit logs end. */
  readonly ends = new RecentMap<string, LogEnd>(KEPT);
  /** Rows that starts read, by what was asked for. */
  readonly starts = new RecentMap<string, object>(KEPT);
  readonly executions = new RecentMap<string, Running>(KEPT);

  /** @param keys what else is told of each event. */
  constructor(private readonly keys: Pick<StandingKeys, 'appended'>) {}

  /** An event was appended to a log. */
  appended({ action, executionId }: { readonly action: AuditAction; readonly executionId: string }): void {
    if (action === 'execution.end') this.executions.delete(executionId);
    if (!OF_EXECUTIONS.has(action)) this.starts.clear();
    this.keys.appended(action);
  }

  /** Something was written that no log's end depends on. */
  clearAllButEnds(): void {
    this.starts.clear();
    this.executions.clear();
  }

  /** Nothing is known any more. */
  clear(): void {
    this.ends.clear();
    this.clearAllButEnds();
  }
}
