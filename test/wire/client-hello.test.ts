/** A TLS handshake waits until the client's first message is here, and for nothing else. */

import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Socket } from 'node:net';
import { expect, it, jest } from '@jest/globals';
import { clientHello } from '../../src/wire/listener/client-hello';

/** RFC 8446 §5.1: a handshake record of TLS 1.0, as clients begin with. */
const record = (fragment: Buffer) =>
  Buffer.concat([Buffer.from([22, 3, 1, fragment.byteLength >> 8, fragment.byteLength & 255]), fragment]);
/** RFC 8446 §4: a ClientHello's type and length, 300 bytes. */
const message = Buffer.concat([Buffer.from([1, 0, 1, 44]), Buffer.alloc(300, 'h')]);

async function saidAfter(parts: readonly Buffer[]): Promise<{ after: number; bytes: Buffer }> {
  const socket = new PassThrough();
  let isSaid = false;
  void clientHello(socket as unknown as Socket).then(() => (isSaid = true));
  let after = 0;
  for (const part of parts) {
    socket.write(part);
    await nextTurn();
    await nextTurn();
    after++;
    if (isSaid) break;
  }
  return { after: isSaid ? after : Infinity, bytes: socket.read() as Buffer };
}

it.each([
  ['in one piece', [record(message)], 1],
  ['byte by byte', [...record(message)].map((byte) => Buffer.from([byte])), 309],
  [
    'in records, the first shorter than the head',
    [0, 2, 100].map((at, index, all) => record(message.subarray(at, all[index + 1]))),
    3,
  ],
  ['with what comes behind it', [Buffer.concat([record(message), Buffer.from('more')])], 1],
  ['that is no TLS', [Buffer.from('GET / HTTP/1.1')], 1],
  ['that goes on with another record', [record(message.subarray(0, 9)), Buffer.from([23, 3, 3, 0, 1, 0])], 2],
  [
    'that is longer than any',
    [
      record(Buffer.concat([Buffer.from([1, 255, 0, 0]), Buffer.alloc(9_000)])),
      Buffer.alloc(9_000, record(Buffer.alloc(1))),
    ],
    2,
  ],
])('A first message %s is left to be read when it is there', async (_how, parts, after) => {
  expect(await saidAfter(parts)).toEqual({ after, bytes: Buffer.concat(parts) });
});

it('A first message of which the last byte never comes is waited for', async () => {
  const { after } = await saidAfter([record(message).subarray(0, -1), Buffer.alloc(0)]);
  expect(after).toBe(Infinity);
});

it('A first message that comes byte by byte, in records of a byte, is copied once as a whole and read once', async () => {
  const copied: number[] = [];
  let lengthsRead = 0;
  const { concat } = Buffer;
  const { readUInt16BE } = Buffer.prototype;
  const spies = [
    jest.spyOn(Buffer, 'concat').mockImplementation((list, length) => {
      copied.push(list.length);
      return concat(list, length);
    }),
    jest.spyOn(Buffer.prototype, 'readUInt16BE').mockImplementation(function (this: Buffer, at) {
      lengthsRead++;
      return readUInt16BE.call(this, at);
    }),
  ];
  const parts = [...message].flatMap((byte) =>
    [...record(Buffer.from([byte]))].map((one) => Buffer.from([one])),
  );
  const made = copied.length;
  const { after } = await saidAfter(parts);
  for (const spy of spies) spy.mockRestore();
  expect(after).toBe(parts.length);
  expect([copied.length - made, copied.at(-1)]).toEqual([1, parts.length]);
  expect(lengthsRead).toBeLessThanOrEqual(message.byteLength);
});
