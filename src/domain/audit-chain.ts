/**
 * The hash that chains a tenant's audit log: each entry's hash covers the one before it, so
 * that nobody changes, moves or drops an entry in the middle unseen.
 */

import { createHash } from 'node:crypto';
import type { AuditEntry } from './audit-entry';
import type { TenantId } from './ids';

/** What stands before a tenant's first entry. */
export const AUDIT_CHAIN_START = '0'.repeat(64);

/** Names the encoding; a hash of another encoding never equals one of this. */
const FORMAT = 'axiom-audit-v1';

/**
 * SHA-256, lower-case hex, over the format's name, the hash before, the tenant, the place
 * and every field, each as a netstring (`<length in bytes>:<UTF-8 bytes>,`; numbers in
 * decimal, allowed as 1 or 0): two different entries never have the same encoding.
 * @param previous the hash of the entry before, AUDIT_CHAIN_START for the first.
 * @param sequence from 1.
 */
export function auditHash(previous: string, tenantId: TenantId, sequence: number, entry: AuditEntry): string {
  const fields = [
    FORMAT,
    previous,
    tenantId,
    sequence,
    entry.time,
    entry.principal,
    entry.action,
    entry.allowed ? 1 : 0,
    entry.door,
    entry.resource,
    entry.version,
    entry.scope,
    entry.executionId,
    entry.node,
    entry.count,
    entry.status,
  ];
  return createHash('sha256').update(fields.map(netstring).join('')).digest('hex');
}

function netstring(field: string | number): string {
  const text = String(field);
  return `${Buffer.byteLength(text)}:${text},`;
}
