/** An entry of the audit log: ids and names in typed columns, no free text. */

import type { AuditAction } from './audit-actions';
import type { Call } from './call';

/** An entry before it has its place in the chain. */
export interface AuditEntry {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /** Empty for somebody who has proved nothing. */
  readonly principal: string;
  readonly action: AuditAction;
  readonly allowed: boolean;
  readonly door: string;
  readonly resource: string;
  readonly version: number;
  readonly scope: string;
  readonly executionId: string;
  readonly node: string;
  readonly count: number;
  readonly status: string;
  /** Where the call came from (domain/source-address); empty for what the service did by itself. */
  readonly source: string;
}

/** What an entry says beyond who, when and through which door. */
export type AuditDetails = Pick<AuditEntry, 'action' | 'resource'> &
  Partial<Pick<AuditEntry, 'version' | 'scope' | 'executionId' | 'node' | 'count' | 'status' | 'allowed'>>;

export function auditEntry(call: Call, time: number, details: AuditDetails): AuditEntry {
  return entryOf(call.principal.id, call, time, details);
}

/** What somebody did who has proved nothing. */
export function unprovenEntry(
  from: Pick<Call, 'door' | 'source'>,
  time: number,
  details: AuditDetails,
): AuditEntry {
  return entryOf('', from, time, details);
}

function entryOf(
  principal: string,
  { door, source }: Pick<Call, 'door' | 'source'>,
  time: number,
  details: AuditDetails,
): AuditEntry {
  // Each by its name: every execution makes three of these, and copying objects together costs as much as a query.
  return {
    time,
    principal,
    action: details.action,
    allowed: details.allowed ?? true,
    door,
    resource: details.resource,
    version: details.version ?? 0,
    scope: details.scope ?? '',
    executionId: details.executionId ?? '',
    node: details.node ?? '',
    count: details.count ?? 1,
    status: details.status ?? 'OK',
    source,
  };
}
