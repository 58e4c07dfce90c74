/** Requests that have proved nothing are taken up a few in each turn of the event loop. */

import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Http2Server, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Connection } from '../../src/wire/listener/connection';
import { DEFAULT_LISTENER_LIMITS } from '../../src/wire/listener/limits';
import { OpenRequests } from '../../src/wire/listener/open-requests';
import { CALLS_A_TURN, UnprovenTurns } from '../../src/wire/listener/unproven-turns';

it('A few are taken up in a turn, however many came at once, and everything else goes on between', async () => {
  const turns = new UnprovenTurns();
  let taken = 0;
  const all = Array.from({ length: 100 }, () =>
    turns.next('192.0.2.1', new EventEmitter()).then(() => taken++),
  );
  const inTurns: number[] = [];
  while (taken < 100) {
    const before = taken;
    await nextTurn();
    inTurns.push(taken - before);
  }
  await Promise.all(all);
  expect(Math.max(...inTurns)).toBe(CALLS_A_TURN);
});

it('An address that asks little does not wait for one that asks much', async () => {
  const turns = new UnprovenTurns();
  const order: string[] = [];
  const ask = (source: string) => turns.next(source, new EventEmitter()).then(() => order.push(source));
  const all = [...Array.from({ length: 200 }, () => ask('loud')), ask('quiet')];
  await Promise.all(all);
  expect(order.indexOf('quiet')).toBe(1);
});

it('A call that was taken back waits no longer, and costs those behind it no turn', async () => {
  const turns = new UnprovenTurns();
  const taken: string[] = [];
  const ask = (name: string, stream = new EventEmitter()) =>
    turns.next('192.0.2.1', stream).then(() => taken.push(name));
  const gone = new EventEmitter().setMaxListeners(0);
  for (let call = 0; call < 1_000; call++) void ask('taken back', gone);
  const last = ask('last');
  gone.emit('close');
  await nextTurn();
  await last;
  expect(taken).toEqual(['last']);
});

describe('What anybody may ask', () => {
  /** A door's requests with a connection from the address, and streams on it. */
  function opened(address: string) {
    const http2 = Object.assign(new EventEmitter(), { updateSettings: () => undefined });
    const session = { settings: () => undefined };
    http2.on('connection', () => http2.emit('session', session));
    const requests = new OpenRequests({
      ...{ http2: http2 as unknown as Http2Server, limits: DEFAULT_LISTENER_LIMITS },
      ...{ kindOf: () => 'watch', tooSlow: () => undefined },
    });
    const socket = new EventEmitter() as unknown as Socket;
    const connection = new Connection(address, socket);
    connection.prove();
    requests.hand(connection, socket, 'h2');
    const stream = () => Object.assign(new EventEmitter(), { session, destroyed: false });
    const watch = (on: EventEmitter, answer: () => void) =>
      requests.watch(on as unknown as ServerHttp2Stream, answer);
    return { stream, watch };
  }

  it('is taken up in turn, also where others have proved on the same connection who calls', async () => {
    const { stream, watch } = opened('192.0.2.1');
    let answered = 0;
    for (let one = 0; one < 100; one++) watch(stream(), () => answered++);
    const inTurns: number[] = [];
    while (answered < 100) {
      const before = answered;
      await nextTurn();
      inTurns.push(answered - before);
    }
    expect(Math.max(...inTurns)).toBe(CALLS_A_TURN);
  });

  it('is not answered once nobody waits', async () => {
    const { stream, watch } = opened('192.0.2.1');
    const heard: string[] = [];
    const gone = stream();
    watch(gone, () => heard.push('gone'));
    watch(stream(), () => heard.push('waiting'));
    Object.assign(gone, { destroyed: true }).emit('close');
    while (heard.length === 0) await nextTurn();
    expect(heard).toEqual(['waiting']);
  });

  it('waits for nobody on a Unix socket, whose file says who may connect', () => {
    const { stream, watch } = opened('');
    let answered = 0;
    for (let one = 0; one < 100; one++) watch(stream(), () => answered++);
    expect(answered).toBe(100);
  });
});
