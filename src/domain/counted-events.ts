/** Events that come in floods: refused calls and log-ins. A flood is one row with a count, not a row each. */

import type { AuditEntry } from './audit-entry';
import type { AuditLogId } from './audit-log';

export interface CountedEvents {
  /**
   * The first of its kind in a minute is written at once; those that follow are counted, and written as one row when
   * the minute is over. A kind is a log, a principal and an action; of callers who proved nothing (principal ''), each
   * network is a kind. Never throws: who is refused stays refused when the store cannot say so.
   */
  record(log: AuditLogId, entry: AuditEntry): Promise<void>;
}
