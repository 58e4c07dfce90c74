/** What the suites of the audit logs share: rooms on either engine, and the hands of somebody who has the database and not the keys. */

import { AUDIT_CHAIN_START, auditHash } from '../../src/domain/audit-chain';
import { parseTenantId } from '../../src/domain/ids';
import { FaultKind } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import type { AuditRecord } from '../../src/store/records';
import type { Store } from '../../src/store/store';
import { member, OPERATOR, text, type Rooms } from '../support/rooms';

/** One database and rooms on it. */
export interface AuditedRooms {
  readonly rooms: Rooms;
  /** Runs statements with the database's own guards out of the way. */
  change(sql: string): Promise<void>;
  /** Runs statements with the guards in place. */
  ask(sql: string): Promise<void>;
  /** Opens a copy of the database as it is now, without signatures of rows. */
  openCopy(): Promise<Store>;
  /** How the engine writes bytes. */
  bytes(hex: string): string;
}

export const acme = parseTenantId('acme');
export const admin = member();
export const DAY_MS = 86_400_000;

export async function addSecret({ rooms }: AuditedRooms, name: string): Promise<void> {
  await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text('x') } });
}

/** A checkpoint of all that acme's log holds, as somebody keeps it elsewhere. */
export async function keepCheckpoint({ rooms }: AuditedRooms): Promise<string> {
  return (await rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, { tenantId: 'acme' })).note ?? '';
}

export async function faultsSince({ rooms }: AuditedRooms, note: string) {
  const { faults } = await rooms.maintenance.verifyCheckpoint(OPERATOR, { note });
  return faults?.map(({ kind, version }) => [FaultKind[kind ?? 0], Number(version)]);
}

export async function eventsOf({ rooms }: AuditedRooms): Promise<readonly AuditRecord[]> {
  return rooms.store.read((tx) => tx.listAuditEvents(acme, { oldestFirst: true }, { limit: 99 }));
}

/** Says that the third event was somebody else's, and makes every hash after it right again. */
export async function rewrite(audited: AuditedRooms): Promise<void> {
  let previous = AUDIT_CHAIN_START;
  const updates: string[] = [];
  for (const event of await eventsOf(audited)) {
    const entry = event.sequence === 3 ? { ...event, principal: 'api-key:somebody-else' } : event;
    previous = auditHash(previous, acme, entry.sequence, entry);
    updates.push(
      `update audit_events set principal = '${entry.principal}', hash = ${audited.bytes(previous)}
        where tenant_id = 'acme' and sequence = ${entry.sequence}`,
    );
  }
  await audited.change(updates.join(';'));
}
