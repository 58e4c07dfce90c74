/** The audit log as a tenant reads it: newest first, narrowed, in pages. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

describe('The audit log', () => {
  it('pages newest first, can be narrowed, and refuses tokens of other lists', async () => {
    for (const name of ['A', 'B', 'C'])
      await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text('x') } });
    const first = await rooms.audit.listAuditEvents(admin, { pageSize: 2, action: 'secret.add' });
    expect(first.events?.map((one) => one.resource)).toEqual(['C', 'B']);
    const rest = await rooms.audit.listAuditEvents(admin, {
      pageSize: 2,
      action: 'secret.add',
      pageToken: first.nextPageToken ?? '',
    });
    expect(rest.events?.map((one) => one.resource)).toEqual(['A']);
    expect((await rooms.audit.listAuditEvents(admin, { resource: 'B' })).events).toHaveLength(1);
    const names = await rooms.secrets.listSecretNames(admin, { pageSize: 1 });
    await expect(
      rooms.audit.listAuditEvents(admin, { pageToken: names.nextPageToken ?? '' }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
