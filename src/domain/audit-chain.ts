/**
 * The hash that chains an audit log: each event's hash covers the one before it, so that nobody changes, moves or
 * drops an event in the middle unseen. Checkpoints (domain/checkpoint) hold the end of the chain.
 */

import { hash } from 'node:crypto';
import type { AuditEntry } from './audit-entry';
import type { AuditLogId } from './audit-log';

/** What is before a log's first event. */
export const AUDIT_CHAIN_START = '0'.repeat(64);

/** Names the encoding; a hash of another encoding never equals one of this. Without a source: events of before. */
const FORMAT = 'axiom-audit-v2';
const FORMAT_WITHOUT_SOURCE = 'axiom-audit-v1';

/** The fields that the hash covers. */
export type ChainedEntry = Omit<AuditEntry, 'source'> & { readonly source: string | undefined };

/**
 * SHA-256, lower-case hex, over the format's name, the hash before, the log (a tenant's id, or nothing), the place
 * and every field, each as a netstring (`<length in bytes>:<UTF-8 bytes>,`; numbers in
 * decimal, allowed as 1 or 0): two different entries never have the same encoding.
 * @param previous the hash of the entry before, AUDIT_CHAIN_START for the first.
 * @param sequence from 1.
 */
export function auditHash(previous: string, log: AuditLogId, sequence: number, entry: ChainedEntry): string {
  const fields = [
    entry.source === undefined ? FORMAT_WITHOUT_SOURCE : FORMAT,
    previous,
    log,
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
    ...(entry.source === undefined ? [] : [entry.source]),
  ];
  return hash('sha256', fields.map(netstring).join(''), 'hex');
}

function netstring(field: string | number): string {
  const text = String(field);
  return `${Buffer.byteLength(text)}:${text},`;
}
