/** What is kept of a request that comes in pieces. */

import { expect, it } from '@jest/globals';
import { ReceivedBytes } from '../../src/wire/received-bytes';

const KIB = 1024;
const piece = (bytes: number): Buffer => Buffer.alloc(bytes, 'a');

it('has room for as much again, and for no more than is to come', () => {
  const unknown = new ReceivedBytes(false);
  unknown.add(piece(10 * KIB));
  unknown.add(piece(10 * KIB));
  expect(unknown.soFar.buffer.byteLength).toBe(40 * KIB);
  const announced = new ReceivedBytes(false);
  announced.add(piece(40 * KIB), 100 * KIB);
  announced.add(piece(40 * KIB), 100 * KIB);
  expect(announced.soFar.buffer.byteLength).toBe(100 * KIB);
  announced.add(piece(20 * KIB), 100 * KIB);
  expect(announced.take().equals(piece(100 * KIB))).toBe(true);
});

it('has its memory given back when it is moved and when it is dropped, but for what others may hold', () => {
  const received = new ReceivedBytes(false);
  const first = piece(10 * KIB);
  received.add(first);
  received.add(piece(10 * KIB));
  const { buffer: moved } = received.soFar;
  received.add(piece(30 * KIB));
  const { buffer: dropped } = received.soFar;
  received.drop();
  expect([first.buffer, moved, dropped].map(({ byteLength }) => byteLength)).toEqual([10 * KIB, 0, 0]);
});
