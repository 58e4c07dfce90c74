/** A connection that brings frames of no request beside others' calls is read less and less often. */

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import {
  BARREN_BYTES,
  BarrenBytes,
  FIRST_REST_MS,
  LONGEST_REST_MS,
  LOOK_MS,
  REQUEST_BYTES,
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
    bytesRead: 0,
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

it('Bytes of requests, and some beside them, are followed by no rest', () => {
  const { connection, done, bring } = connected();
  for (let turn = 0; turn < 3; turn++) {
    barren.begun(connection);
    barren.needed(connection, 4_000_000);
    bring(4_000_000 + REQUEST_BYTES + BARREN_BYTES);
    jest.advanceTimersByTime(LOOK_MS);
  }
  expect(done).toEqual([]);
});

it('A byte more is followed by a rest', () => {
  const { connection, done, bring } = connected();
  barren.begun(connection);
  bring(REQUEST_BYTES + BARREN_BYTES + 1);
  jest.advanceTimersByTime(LOOK_MS);
  expect(done).toEqual(['rests']);
  jest.advanceTimersByTime(FIRST_REST_MS - 1);
  expect(done).toEqual(['rests']);
  jest.advanceTimersByTime(1);
  expect(done).toEqual(['rests', 'is read']);
});

it('Rests double while it goes on, to a longest one, and begin anew when it stops', () => {
  const { done, bring } = connected();
  const rest = (): number => {
    bring(BARREN_BYTES + 1);
    look();
    const { length } = done;
    let ms = 0;
    for (; done.length === length; ms++) jest.advanceTimersByTime(1);
    return ms;
  };
  const doubled = [20, 40, 80, 160, 320, 640, 1_280, 1_280];
  expect(doubled.map(rest)).toEqual(doubled);
  expect([FIRST_REST_MS, LONGEST_REST_MS]).toEqual([20, 1_280]);
  look();
  expect(rest()).toBe(FIRST_REST_MS);
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
