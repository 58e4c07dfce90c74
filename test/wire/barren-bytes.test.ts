/** A connection that brings frames of no request beside others' calls is read only as fast as time makes up for them. */

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import {
  ANSWERED_BYTES,
  BARREN_BYTES,
  BARREN_BYTES_A_SECOND,
  BarrenBytes,
  LONGEST_REST_MS,
  LOOK_MS,
  REQUEST_BYTES,
  SHORTEST_REST_MS,
} from '../../src/wire/listener/barren-bytes';
import { Connection } from '../../src/wire/listener/connection';

let barren: BarrenBytes;
let other: Connection;

beforeEach(() => {
  jest.useFakeTimers();
  barren = new BarrenBytes();
  other = connected().connection;
});
afterEach(() => void jest.useRealTimers());

function connected() {
  const done: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    ...{ bytesRead: 0, bytesWritten: 0 },
    _handle: { readStop: () => done.push('rests'), readStart: () => done.push('is read'), writeQueueSize: 0 },
  });
  const connection = new Connection('192.0.2.1', socket as unknown as Socket);
  barren.add(connection);
  return { connection, done, bring: (bytes: number) => void (socket.bytesRead += bytes), socket };
}

/** Somebody else calls, and it is looked. */
function look(): void {
  barren.begun(other);
  jest.advanceTimersByTime(LOOK_MS);
}

/** What time makes up for until the next look: 256 KiB a second, for 5 ms. */
const BY_TIME = 1_310;

it('Bytes of requests and for answers, and some beside them, are followed by no rest', () => {
  const { connection, done, bring, socket } = connected();
  expect([BARREN_BYTES_A_SECOND, LOOK_MS]).toEqual([262_144, 5]);
  for (let turn = 0; turn < 3; turn++) {
    barren.begun(connection);
    barren.needed(connection, 4_000_000);
    socket.bytesWritten += 50_000 * ANSWERED_BYTES;
    bring(4_000_000 + REQUEST_BYTES + 50_000 + BY_TIME + (turn === 0 ? BARREN_BYTES : 0));
    jest.advanceTimersByTime(LOOK_MS);
  }
  expect(done).toEqual([]);
});

it('A byte more is followed by a rest', () => {
  const { connection, done, bring } = connected();
  barren.begun(connection);
  bring(REQUEST_BYTES + BARREN_BYTES + BY_TIME + 1);
  jest.advanceTimersByTime(LOOK_MS);
  expect(done).toEqual(['rests']);
  jest.advanceTimersByTime(SHORTEST_REST_MS - 1);
  expect(done).toEqual(['rests']);
  jest.advanceTimersByTime(1);
  expect(done).toEqual(['rests', 'is read']);
});

it('The rest is as long as time takes to make up for what came, and no longer than the longest', () => {
  const { done, bring } = connected();
  const rest = (bytes: number): number => {
    bring(bytes);
    look();
    const { length } = done;
    let ms = 0;
    for (; done.length === length; ms++) jest.advanceTimersByTime(1);
    return ms;
  };
  // 64 KiB more than may come at once are a quarter of a second's.
  expect(rest(BY_TIME + 1 + 2 * BARREN_BYTES)).toBe(250);
  // What came before is made up for until what may come at once is used up.
  expect(rest(BY_TIME + 1 + BARREN_BYTES)).toBe(250);
  expect(rest(16 * 1024 * 1024)).toBe(LONGEST_REST_MS);
});

it('Pauses between two looks make up for no more than time does', () => {
  const { done, bring } = connected();
  bring(BY_TIME + BARREN_BYTES);
  look();
  for (let pause = 0; pause < 10; pause++) look();
  expect(done).toEqual([]);
  bring(11 * BY_TIME + 20);
  look();
  expect(done).toEqual(['rests']);
});

it('While nobody calls, nothing is looked at', () => {
  const { done, bring } = connected();
  bring(10 * BARREN_BYTES);
  jest.advanceTimersByTime(10_000);
  expect(jest.getTimerCount()).toBe(0);
  expect(done).toEqual([]);
});

it('A connection that has closed is forgotten', () => {
  const { socket, done, bring } = connected();
  bring(10 * BARREN_BYTES);
  socket.emit('close');
  look();
  expect(done).toEqual([]);
});
