/** Console log-ins and log-outs are events of the tenant's audit log. */

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { DEFAULT_SESSION_LIMITS } from '../../src/domain/session';
import { createSessions } from '../../src/server/console/sessions';
import { member, openRooms, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

it('A log-in and a log-out are in the audit log with their address, and a log-out of nobody is not', async () => {
  const sessions = createSessions({
    store: rooms.store,
    clock: () => rooms.time.now,
    randomBytes,
    oidc: undefined,
    limits: DEFAULT_SESSION_LIMITS,
  });
  const cookie = (await sessions.open(admin.principal, '192.0.2.9')).split(';')[0];
  await sessions.close(cookie, '192.0.2.10');
  await sessions.close(cookie, '192.0.2.11');
  const { events } = await rooms.audit.listAuditEvents(admin, { pageSize: 2 });
  expect(events?.map(({ action, principal, door, source }) => [action, principal, door, source])).toEqual([
    ['session.close', 'api-key:test', 'console', '192.0.2.10'],
    ['session.open', 'api-key:test', 'console', '192.0.2.9'],
  ]);
  // Both name the session as listings do.
  expect(events?.[0]?.resource).toMatch(/^[0-9a-f]{16}$/);
  expect(events?.[1]?.resource).toBe(events?.[0]?.resource);
});
