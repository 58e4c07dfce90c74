/** Requests that have proved nothing are taken up a few in each turn of the event loop. */

import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { UnprovenTurns } from '../../src/wire/listener/unproven-turns';

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
  expect(Math.max(...inTurns)).toBe(16);
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
