/** The audit logs: one for each tenant, and the service's own for what belongs to no tenant. */

import { parseTenantId, type TenantId } from './ids';

/** The service's own log. No tenant has an empty id. */
export const SERVICE_LOG = '';

/** A tenant's id, or SERVICE_LOG. */
export type AuditLogId = TenantId | typeof SERVICE_LOG;

/** @param tenantId a tenant's id; empty for the service's own log. @throws DomainError INVALID_ARGUMENT. */
export function parseAuditLogId(tenantId: string): AuditLogId {
  return tenantId === SERVICE_LOG ? SERVICE_LOG : parseTenantId(tenantId);
}
