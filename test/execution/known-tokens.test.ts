/** A token is checked once while its execution runs; of one that has ended nothing is remembered. */

import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openRooms, type Rooms } from '../support/rooms';

let rooms: Rooms;
let checks: number;

beforeEach(async () => {
  rooms = await openRooms();
  checks = 0;
  const { tokenMac } = rooms.execution;
  const verify = tokenMac.verify.bind(tokenMac);
  Object.assign(tokenMac, {
    verify: (mac: Uint8Array, data: Uint8Array) => {
      checks++;
      return verify(mac, data);
    },
  });
});
afterEach(() => rooms.close());

it('A token of this process is not checked again until its execution ends, and is refused then', async () => {
  const { executionToken } = await rooms.start({});
  await rooms.resolve(executionToken);
  await rooms.resolve(executionToken);
  await rooms.end(executionToken);
  expect(checks).toBe(0);
  await expect(rooms.resolve(executionToken)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(checks).toBe(1);
});
