/** Tells the audit log of calls that were refused: in the tenant's own, else in the service's. Floods become counts. */

import type { AuditAction } from '../domain/audit-actions';
import { auditEntry, unprovenEntry, type AuditDetails } from '../domain/audit-entry';
import { SERVICE_LOG } from '../domain/audit-log';
import type { Clock } from '../domain/clock';
import type { CountedEvents } from '../domain/counted-events';
import type { DomainError } from '../domain/errors';
import type { DoorName, Principal } from '../domain/principal';
import { TOO_MANY_FAILED_PROOFS } from './failed-proofs';

/** A call as far as it came. */
export interface RefusedCall {
  /** The method's name. */
  readonly method: string;
  readonly door: DoorName;
  readonly source: string;
  /** Undefined for somebody who proved nothing. */
  readonly principal: Principal | undefined;
}

/** Does nothing for errors that are not refusals. Never throws. */
export async function tellRefusal(
  { countedEvents, clock }: { readonly countedEvents: CountedEvents; readonly clock: Clock },
  { method, door, source, principal }: RefusedCall,
  error: DomainError,
): Promise<void> {
  const action = refusalOf(error, principal);
  if (action === undefined) return;
  const details: AuditDetails = { action, resource: method, allowed: false, status: error.code };
  if (principal === undefined) {
    // Nobody waits for the disk because of somebody who proved nothing.
    void countedEvents.record(SERVICE_LOG, unprovenEntry({ door, source }, clock(), details));
    return;
  }
  const log = principal.kind === 'tenant' ? principal.tenantId : SERVICE_LOG;
  await countedEvents.record(log, auditEntry({ principal, door, source }, clock(), details));
}

/** A log-in that let nobody in. Never throws. */
export function tellRefusedLogin(
  { countedEvents, clock }: { readonly countedEvents: CountedEvents; readonly clock: Clock },
  source: string,
  status: DomainError['code'] = 'UNAUTHENTICATED',
): void {
  const details: AuditDetails = {
    action: 'session.denied',
    resource: '',
    allowed: false,
    status,
  };
  void countedEvents.record(SERVICE_LOG, unprovenEntry({ door: 'console', source }, clock(), details));
}

function refusalOf(error: DomainError, principal: Principal | undefined): AuditAction | undefined {
  if (principal === undefined)
    return error.code === 'UNAUTHENTICATED' ||
      error.code === 'PERMISSION_DENIED' ||
      error.reason === TOO_MANY_FAILED_PROOFS
      ? 'call.unauthenticated'
      : undefined;
  if (error.reason === 'CALLER_NOT_ALLOWED') return 'call.denied';
  return error.reason === 'TOKEN_NOT_IN_FORCE' ? 'token.denied' : undefined;
}
