/** Of frames that hold next to nothing, a connection brings so many at once and then rests. */

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { Socket } from 'node:net';
import { Connection } from '../../src/wire/listener/connection';
import { FRAMES_A_TURN, FrameTurns, REST_MS } from '../../src/wire/listener/frame-turns';
import { readOn, stopReading } from '../../src/wire/listener/socket-reading';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A connection whose reading is written down, and a stream on it. */
function connected(turns: FrameTurns, name: string, done: string[]) {
  const _handle = {
    readStop: () => done.push(`${name} rests`),
    readStart: () => done.push(`${name} is read`),
    writeQueueSize: 0,
  };
  const socket = { _handle } as unknown as Socket;
  const connection = new Connection('192.0.2.1', socket);
  const pushed: unknown[] = [];
  const stream = { push: (chunk: unknown) => pushed.push(chunk) > 0 };
  turns.count(stream, connection, () => undefined);
  const bring = (frames: number) => {
    for (let frame = 0; frame < frames; frame++) stream.push('a');
  };
  return { bring, pushed, socket };
}

it('Every frame is taken, and many in one turn are followed by a rest', () => {
  const done: string[] = [];
  const { bring, pushed } = connected(new FrameTurns(), 'one', done);
  bring(FRAMES_A_TURN + 500);
  expect(pushed.length).toBe(FRAMES_A_TURN + 500);
  expect(done).toEqual(['one rests']);
  jest.advanceTimersByTime(REST_MS - 1);
  expect(done).toEqual(['one rests']);
  jest.advanceTimersByTime(1);
  expect(done).toEqual(['one rests', 'one is read']);
});

it('As many in several turns are followed by none', () => {
  const done: string[] = [];
  const { bring } = connected(new FrameTurns(), 'one', done);
  for (let turn = 0; turn < 5; turn++) {
    bring(FRAMES_A_TURN - 1);
    jest.advanceTimersByTime(1);
  }
  expect(done).toEqual([]);
});

it('Connections that rest are read one after the other, with a rest between, and again by turn', () => {
  const done: string[] = [];
  const turns = new FrameTurns();
  const [one, two] = ['one', 'two'].map((name) => connected(turns, name, done));
  one?.bring(FRAMES_A_TURN);
  two?.bring(FRAMES_A_TURN);
  jest.advanceTimersByTime(REST_MS);
  one?.bring(FRAMES_A_TURN);
  jest.advanceTimersByTime(REST_MS);
  jest.advanceTimersByTime(REST_MS);
  expect(done).toEqual(['one rests', 'two rests', 'one is read', 'one rests', 'two is read', 'one is read']);
});

it('A connection that is being written to is read again when that is done', () => {
  const done: string[] = [];
  const handle = {
    writeQueueSize: 1,
    readStop: () => done.push('rests'),
    readStart: () => done.push('is read'),
  };
  const socket = { _handle: handle } as unknown as Socket;
  stopReading(socket, done);
  readOn(socket, done);
  jest.advanceTimersByTime(1_000);
  expect(done).toEqual(['rests']);
  handle.writeQueueSize = 0;
  jest.advanceTimersByTime(1_000);
  expect(done).toEqual(['rests', 'is read']);
});

it('A connection that rests for two reasons is read again when neither holds, and once', () => {
  const done: string[] = [];
  const turns = new FrameTurns();
  const { bring, socket } = connected(turns, 'one', done);
  const longer = {};
  bring(FRAMES_A_TURN);
  stopReading(socket, longer);
  jest.advanceTimersByTime(10 * REST_MS);
  expect(done).not.toContain('one is read');
  bring(FRAMES_A_TURN);
  readOn(socket, longer);
  expect(done).not.toContain('one is read');
  jest.advanceTimersByTime(10 * REST_MS);
  expect(done.filter((one) => one === 'one is read')).toEqual(['one is read']);
});
