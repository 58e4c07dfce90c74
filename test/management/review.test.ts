/** What a review of management found: page tokens, packages by their own names, values of refused writes. */

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

it('refuses the page token of another list where API keys are listed', async () => {
  const pageToken = Buffer.from('p1.A_NAME').toString('base64url');
  await expect(rooms.access.listApiKeys(admin, { pageToken })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});

it('answers every package that could be published, by its name', async () => {
  await rooms.packages.publishPackage(admin, {
    manifest: text('name: My_Org/Greeter\nversion: 0.1.0\nlanguage: python\n'),
  });
  expect((await rooms.packages.getPackage(admin, { name: 'My_Org/Greeter' })).package?.version).toBe('0.1.0');
});

it('wipes the value of a write that was refused', async () => {
  await rooms.secrets.addSecret(admin, { name: 'A', value: text('one') });
  const value = text('another');
  await expect(rooms.secrets.addSecret(admin, { name: 'A', value })).rejects.toMatchObject({
    code: 'ALREADY_EXISTS',
  });
  expect(value).toEqual(new Uint8Array(value.byteLength));
  const override = text('override');
  await expect(
    rooms.configs.setSecretOverride(admin, { configId: 'nope', name: 'A', value: override }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(override).toEqual(new Uint8Array(override.byteLength));
});
