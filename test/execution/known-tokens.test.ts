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

it.each<[string, (token: string) => string]>([
  ['another beginning', (token) => `axk_${token.slice(4)}`],
  ['no beginning', (token) => token.slice(4)],
  ['padding', (token) => `${token}=`],
  ['a space in it', (token) => `${token.slice(0, 20)} ${token.slice(20)}`],
  ['a line break behind it', (token) => `${token}\n`],
  [
    'the letters of plain base64',
    (token) => `axt_${Buffer.from(token.slice(4), 'base64url').toString('base64')}`,
  ],
  ['other bits where no byte ends', withOtherLastBits],
  ['a MAC cut short', (token) => token.slice(0, -4)],
  ['no MAC', (token) => ofBytes(token, (bytes) => bytes.subarray(0, 2 + bytes.readUInt16BE(0)))],
  ['a byte behind its MAC', (token) => ofBytes(token, (bytes) => Buffer.concat([bytes, Buffer.of(0)]))],
  ['nothing but its beginning', () => 'axt_'],
])('A token with %s is not one of ours', async (_what, changed) => {
  // Of a length at which base64 has bits that no byte needs.
  const flowIds = ['f', 'fl', 'flo'];
  const tokens = await Promise.all(
    flowIds.map(async (flowId) => (await rooms.start({ flowId })).executionToken),
  );
  const executionToken = tokens.find((token) => token.slice(4).length % 4 !== 0) ?? '';
  const other = changed(executionToken);
  expect(other).not.toBe(executionToken);
  await expect(rooms.resolve(other)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await rooms.resolve(executionToken);
});

function ofBytes(token: string, change: (bytes: Buffer) => Buffer): string {
  return `axt_${change(Buffer.from(token.slice(4), 'base64url')).toString('base64url')}`;
}

/** The same bytes, written by base64url with bits that it leaves out set; of a length that leaves some out. */
function withOtherLastBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1) ?? '');
  return token.slice(0, -1) + alphabet[last ^ 1];
}
