/** Makes audit entries of calls: ids and names in typed columns, no free text. */

import type { Call } from '../domain/call';
import type { AuditEntry } from './records';

/** What an entry says beyond who, when and through which door. */
export type AuditDetails = Pick<AuditEntry, 'action' | 'resource'> &
  Partial<Pick<AuditEntry, 'version' | 'scope' | 'executionId' | 'node' | 'count' | 'status' | 'allowed'>>;

export function auditEntry(call: Call, time: number, details: AuditDetails): AuditEntry {
  return {
    time,
    principal: call.principal.id,
    door: call.door,
    allowed: true,
    version: 0,
    scope: '',
    executionId: '',
    node: '',
    count: 1,
    status: 'OK',
    ...details,
  };
}
