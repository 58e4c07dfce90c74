/** Searching the audit log: parts of names in any case, and by action, actor, outcome and time. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { auditEntry } from '../../src/domain/audit-entry';
import { parseTenantId } from '../../src/domain/ids';
import { AuditOutcome } from '../../src/gen/axiom/audit/v1/audit_pb';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
  for (const name of ['STRIPE_KEY', 'stripe_test']) {
    await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text('x') } });
    rooms.time.now += 1_000;
  }
});
afterEach(() => rooms.close());

describe('Searching the audit log', () => {
  const found = async (request: Parameters<Rooms['audit']['searchAuditEvents']>[1]) =>
    ((await rooms.audit.searchAuditEvents(admin, request)).events ?? []).map(({ action, resource }) => [
      action,
      resource,
    ]);

  it('finds a part of a name in any case, newest first, and takes it as it is', async () => {
    expect(await found({ part: 'TRIPE' })).toEqual([
      ['secret.add', 'stripe_test'],
      ['secret.add', 'STRIPE_KEY'],
    ]);
    expect(await found({ part: 'STRIPE%KEY' })).toEqual([]);
    // An underscore stands for itself, and not for any letter.
    expect(await found({ part: 'stripe_k' })).toEqual([['secret.add', 'STRIPE_KEY']]);
    expect(await found({ part: 'stripeXk' })).toEqual([]);
  });

  it('finds by action, by who it was and by time', async () => {
    const { time } = rooms;
    expect((await found({ action: 'secret.add' })).length).toBe(2);
    expect(await found({ principalPrefix: 'engine:' })).toEqual([]);
    expect((await found({ principalPrefix: admin.principal.id, part: 'stripe' })).length).toBe(2);
    expect(await found({ part: 'stripe', fromTime: timestampFromMs(time.now - 1_000) })).toEqual([
      ['secret.add', 'stripe_test'],
    ]);
    expect(await found({ part: 'stripe', untilTime: timestampFromMs(time.now - 1_000) })).toEqual([
      ['secret.add', 'STRIPE_KEY'],
    ]);
  });

  it('finds by outcome', async () => {
    const { executionToken } = await rooms.start({});
    const read = {
      name: 'MISSED',
      found: false,
      count: 1,
      package: 'a/b',
      packageVersion: '1.0.0',
      node: 'N',
    };
    await rooms.reportReads({ executions: [{ executionToken, reads: [read] }] });
    await rooms.store.write((tx) =>
      tx.appendAudit(
        parseTenantId('acme'),
        auditEntry(admin, rooms.time.now, {
          ...{ action: 'call.denied', resource: 'AddSecret', allowed: false, status: 'PERMISSION_DENIED' },
        }),
      ),
    );
    expect(await found({ outcome: AuditOutcome.FAILED })).toEqual([['secret.read', 'MISSED']]);
    expect(await found({ outcome: AuditOutcome.DENIED })).toEqual([['call.denied', 'AddSecret']]);
    expect((await found({ outcome: AuditOutcome.OK, part: 'stripe' })).length).toBe(2);
  });

  it('goes on page by page, and ends', async () => {
    const seen: string[] = [];
    let pageToken = '';
    do {
      const page = await rooms.audit.searchAuditEvents(admin, { part: 'stripe', pageSize: 1, pageToken });
      seen.push(...(page.events ?? []).map(({ resource }) => resource ?? ''));
      pageToken = page.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(seen).toEqual(['stripe_test', 'STRIPE_KEY']);
  });

  it('finds nothing of another tenant', async () => {
    await rooms.addTenant('other');
    const { events } = await rooms.audit.searchAuditEvents(member('other'), { part: 'stripe' });
    expect(events).toEqual([]);
  });
});
