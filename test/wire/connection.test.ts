/** When a door closes a connection: by its limits and the time alone. */

import { EventEmitter } from 'node:events';
import { constants, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ANSWER_MS, MOST_UNANSWERED } from '../../src/wire/listener/broken-session';
import { Connection, type OpenRequest } from '../../src/wire/listener/connection';
import { DEFAULT_LISTENER_LIMITS } from '../../src/wire/listener/limits';

const LIMITS = {
  ...DEFAULT_LISTENER_LIMITS,
  ...{ handshakeMs: 100, unprovenMs: 1_000, requestMs: 3_000, idleMs: 10_000 },
  ...{ ageMs: 100_000, ageGraceMs: 5_000 },
};
const SOON_MS = 500;

// No time passes but what is asked for.
beforeEach(() => void jest.spyOn(performance, 'now').mockReturnValue(performance.now()));
afterEach(() => void jest.mocked(performance.now).mockRestore());

/** A connection of HTTP/2 whose handshake is done, and what was done to it. */
function connected() {
  const done: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    ...{ bytesRead: 0, bytesWritten: 0, destroy: () => done.push('closed') },
  });
  const connection = new Connection('192.0.2.1', socket as unknown as Socket);
  connection.secured(socket as unknown as Socket);
  const session = {
    goaway: (code: number) => done.push(code === constants.NGHTTP2_NO_ERROR ? 'goaway' : `error ${code}`),
    close: () => undefined,
    settings(_unchanged: object, acknowledged: () => void) {
      socket.bytesWritten += 9;
      acknowledged();
    },
  };
  connection.speaksHttp2(session as unknown as ServerHttp2Session);
  const at = (ms: number) => {
    connection.enforce(LIMITS, connection.openedAt + ms);
    return [...done];
  };
  return { connection, socket, session, at };
}

/** One that is answered late. */
const request: OpenRequest = {
  ...{ since: 0, kind: 'stream', isWhole: () => true },
  ...{ untakenSince: () => undefined, drop: () => undefined },
  ...{ tooSlow: () => undefined, cut: () => undefined },
};

describe('A connection', () => {
  it('without its handshake is closed when that has taken too long', () => {
    const done: string[] = [];
    const socket = { destroy: () => done.push('closed') } as unknown as Socket;
    const connection = new Connection('192.0.2.1', socket);
    connection.enforce(LIMITS, connection.openedAt + LIMITS.handshakeMs - 50);
    expect(done).toEqual([]);
    connection.enforce(LIMITS, connection.openedAt + LIMITS.handshakeMs + 1);
    expect(done).toEqual(['closed']);
  });

  it('that is idle and has proved nothing is closed soon, and at once', () => {
    const { at } = connected();
    expect(at(LIMITS.unprovenMs - SOON_MS)).toEqual([]);
    expect(at(LIMITS.unprovenMs + SOON_MS)).toEqual(['closed']);
  });

  it('that asks without proving anything is closed after four times as long', () => {
    const { connection, at } = connected();
    connection.begin(request);
    expect(at(4 * LIMITS.unprovenMs - SOON_MS)).toEqual([]);
    expect(at(4 * LIMITS.unprovenMs + SOON_MS)).toEqual(['closed']);
  });

  it('that has proved who calls may be idle for longer, is then told to go, and is closed after the grace', () => {
    const { connection, at } = connected();
    connection.prove();
    expect(at(LIMITS.idleMs - SOON_MS)).toEqual([]);
    expect(at(LIMITS.idleMs + SOON_MS)).toEqual(['goaway']);
    expect(at(LIMITS.idleMs + LIMITS.ageGraceMs)).toEqual(['goaway']);
    expect(at(LIMITS.idleMs + LIMITS.ageGraceMs + 2 * SOON_MS)).toEqual(['goaway', 'closed']);
  });

  it('is idle from the end of its last request on', () => {
    const { connection, at } = connected();
    connection.prove();
    connection.begin(request);
    expect(at(2 * LIMITS.idleMs)).toEqual([]);
    connection.end(request);
    expect(at(LIMITS.idleMs - SOON_MS)).toEqual([]);
  });

  it('that is in use is told to go at its age, a tenth more or less, and its calls have the grace to end', () => {
    const { connection, at } = connected();
    connection.prove();
    connection.begin(request);
    expect(at(0.9 * LIMITS.ageMs - SOON_MS)).toEqual([]);
    const told = 1.1 * LIMITS.ageMs + SOON_MS;
    expect(at(told)).toEqual(['goaway']);
    expect(at(told + LIMITS.ageGraceMs - SOON_MS)).toEqual(['goaway']);
    expect(at(told + LIMITS.ageGraceMs + SOON_MS)).toEqual(['goaway', 'closed']);
  });

  it('are not all told to go at the same time', () => {
    const ages = Array.from({ length: 50 }, () => {
      const { connection, at } = connected();
      connection.prove();
      connection.begin(request);
      return at(LIMITS.ageMs).length;
    });
    expect(new Set(ages)).toEqual(new Set([0, 1]));
  });

  it('on which HTTP/2 writes nothing any more is closed while a request is open, however long that may take', async () => {
    const { connection, socket, session, at } = connected();
    connection.prove();
    connection.begin(request);
    for (socket.bytesRead = 100; socket.bytesRead < 1_000; socket.bytesRead += 100) {
      expect(at(SOON_MS)).toEqual([]);
      await aTurn();
    }
    session.settings = () => undefined;
    expect(at(SOON_MS)).toEqual([]);
    await aTurn();
    expect(at(SOON_MS)).toEqual(['closed']);
  });

  it('whose client says much and answers no SETTINGS is closed while a request is open, and not one that is slow to answer', async () => {
    const { connection, socket, session, at } = connected();
    connection.prove();
    connection.begin(request);
    const answers: (() => void)[] = [];
    session.settings = (_unchanged, acknowledged) => {
      socket.bytesWritten += 9;
      answers.push(acknowledged);
    };
    let now = 0;
    const goOn = async (ms: number) => {
      socket.bytesRead += 100;
      await aTurn();
      return at((now += ms));
    };
    for (let looks = 0; looks < 2 * MOST_UNANSWERED; looks++) {
      expect(await goOn(ANSWER_MS / (MOST_UNANSWERED + 1))).toEqual([]);
      if (answers.length === MOST_UNANSWERED) answers.shift()?.();
    }
    while (answers.length < MOST_UNANSWERED) expect(await goOn(1)).toEqual([]);
    expect(await goOn(ANSWER_MS + 1)).toEqual(['closed']);
  });

  it('on which a request is left that was too slow, and was told so, is closed', () => {
    const { connection, at } = connected();
    const told: string[] = [];
    connection.prove();
    connection.begin({
      ...request,
      ...{ since: connection.openedAt, kind: 'call', isWhole: () => false, tooSlow: () => told.push('told') },
    });
    expect(at(LIMITS.requestMs - 1)).toEqual([]);
    expect(told).toEqual([]);
    expect(at(LIMITS.requestMs + LIMITS.handshakeMs - 1)).toEqual([]);
    expect(told).toEqual(['told']);
    expect(at(LIMITS.requestMs + LIMITS.handshakeMs + 1)).toEqual(['closed']);
  });
});

/** In which HTTP/2 writes what it has been given. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
