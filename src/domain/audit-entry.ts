/** An entry of the audit log: ids and names in typed columns, no free text. */

import type { Call } from './call';

/** What was done, or refused. */
export type AuditAction =
  | 'api_key.create'
  | 'api_key.revoke'
  | 'call.denied'
  | 'execution.end'
  | 'execution.resolve'
  | 'execution.start'
  | 'flow_config.create'
  | 'flow_config.delete'
  | 'flow_config.update'
  | 'override.delete'
  | 'override.set'
  | 'package.publish'
  | 'secret.add'
  | 'secret.delete'
  | 'secret.read'
  | 'secret.replace'
  | 'secret.take_over'
  | 'tenant.create'
  | 'tenant.sign_as_found'
  | 'tenant_default.update';

/** An entry before it has its place in the chain. */
export interface AuditEntry {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
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
}

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
