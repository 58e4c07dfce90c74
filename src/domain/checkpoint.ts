/**
 * A checkpoint says how long an audit log is and what its newest event's hash is. It has the form of C2SP's
 * (https://c2sp.org/tlog-checkpoint): origin, size, hash. The hash is the chain's, not a Merkle tree's.
 */

import { SERVICE_LOG, type AuditLogId } from './audit-log';
import { DomainError } from './errors';
import { parseTenantId } from './ids';

/** The state of one log. */
export interface Checkpoint {
  readonly log: AuditLogId;
  /** The sequence of the newest event. */
  readonly size: number;
  /** The hash of that event, lower-case hex. */
  readonly hash: string;
}

const HASH_BYTES = 32;

/** @param service the signer's name: logs of two services never have the same origin. */
export function formatCheckpoint(service: string, { log, size, hash }: Checkpoint): string {
  return `${origin(service, log)}\n${size}\n${Buffer.from(hash, 'hex').toString('base64')}\n`;
}

/** @param text of a note whose signature held. @returns undefined for anything but a checkpoint of this service. */
export function parseCheckpoint(service: string, text: string): Checkpoint | undefined {
  const [line, size, encoded, rest] = text.split('\n');
  if (rest !== '' || line === undefined || encoded === undefined) return undefined;
  const log = logOf(service, line);
  const hash = Buffer.from(encoded, 'base64');
  if (log === undefined || hash.byteLength !== HASH_BYTES) return undefined;
  if (!/^[1-9][0-9]{0,14}$/.test(size ?? '')) return undefined;
  return { log, size: Number(size), hash: hash.toString('hex') };
}

export function noCheckpoint(): DomainError {
  return new DomainError(
    'NOT_FOUND',
    'this audit log has no checkpoint yet; the first is signed within seconds of its first event',
    'CHECKPOINT_NOT_FOUND',
  );
}

function origin(service: string, log: AuditLogId): string {
  return log === SERVICE_LOG ? `${service}/service` : `${service}/tenant/${log}`;
}

function logOf(service: string, line: string): AuditLogId | undefined {
  if (line === origin(service, SERVICE_LOG)) return SERVICE_LOG;
  const prefix = `${service}/tenant/`;
  if (!line.startsWith(prefix)) return undefined;
  try {
    return parseTenantId(line.slice(prefix.length));
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}
