/** The door that workers share: who gets which connection, and each one's part of what is limited. */

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { DEFAULT_DOOR_LIMITS } from '../../src/server/config';
import { openSharedDoor, type SharedDoor } from '../../src/server/shared-door';
import { shareOfLimits } from '../../src/server/worker';

/** A process that says its number on each connection that it is handed, and tells when one has ended. */
const WORKER = `process.on('message', ({ connection }, socket) => {
  if (!socket) return process.send({ closed: connection });
  socket.on('error', () => undefined);
  socket.on('close', () => process.send({ closed: connection }));
  socket.resume();
  socket.write(process.argv[2]);
});`;

let folder: string;
let door: SharedDoor;
let workers: ChildProcess[];
let clients: Socket[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-shared-door-'));
  const program = join(folder, 'worker.cjs');
  writeFileSync(program, WORKER);
  door = await openSharedDoor('127.0.0.1:0', undefined, pino({ level: 'silent' }));
  workers = ['A', 'B'].map((name) => fork(program, [name]));
  clients = [];
  workers.forEach((worker, number) => door.serve(number, worker));
});

afterEach(() => {
  for (const client of clients) client.destroy();
  for (const worker of workers) worker.kill('SIGKILL');
  door.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns which worker has it; undefined where the door hung up. */
async function open(): Promise<string | undefined> {
  const client = connect(Number(door.address.split(':').at(-1)), '127.0.0.1');
  clients.push(client);
  client.on('error', () => undefined);
  return Promise.race([
    once(client, 'data').then(([data]) => String(data)),
    once(client, 'close').then(() => undefined),
  ]);
}

const exit = (worker: ChildProcess | undefined) => {
  const ended = once(worker as ChildProcess, 'exit');
  worker?.kill('SIGKILL');
  return ended;
};

describe('Connections that workers share', () => {
  it('go to the worker that has the fewest', async () => {
    const had: (string | undefined)[] = [];
    for (let i = 0; i < 6; i++) had.push(await open());
    expect(had.sort()).toEqual(['A', 'A', 'A', 'B', 'B', 'B']);
  });

  it('that have ended count no more', async () => {
    const owners = [await open(), await open(), await open(), await open()];
    const ofA = clients.filter((_, index) => owners[index] === 'A');
    let untold = ofA.length;
    // A tells a moment later, of both in one turn or in two.
    const told = new Promise<void>((resolve) =>
      workers[0]?.on('message', () => (--untold === 0 ? resolve() : undefined)),
    );
    for (const client of ofA) client.destroy();
    await told;
    expect([await open(), await open()]).toEqual(['A', 'A']);
  });

  it('go to those who are left when one has died, and to nobody when all have', async () => {
    await exit(workers[0]);
    expect([await open(), await open()]).toEqual(['B', 'B']);
    await exit(workers[1]);
    expect(await open()).toBeUndefined();
  });
});

const MIB = 1024 * 1024;

describe('What is limited', () => {
  it('is divided among workers: all parts together are what was set, and none is too little to be of use', () => {
    const { listener, calls } = DEFAULT_DOOR_LIMITS;
    const limits = {
      ...DEFAULT_DOOR_LIMITS,
      listener: { ...listener, connections: 10, connectionsPerAddress: 2 },
      calls: { ...calls, bytes: 30 * MIB, workloads: { underWay: 7, perSecond: 9, bytes: 20 * MIB } },
    };
    const parts = [0, 1, 2].map((number) => shareOfLimits({ limits, workers: 3 }, { number, address: '' }));
    expect(parts.map((part) => part.listener.connections)).toEqual([4, 3, 3]);
    expect(parts.map((part) => part.listener.connectionsPerAddress)).toEqual([1, 1, 1]);
    expect(parts.map((part) => part.calls.workloads)).toEqual([
      { underWay: 3, perSecond: 3, bytes: 8 * MIB },
      { underWay: 2, perSecond: 3, bytes: 8 * MIB },
      { underWay: 2, perSecond: 3, bytes: 8 * MIB },
    ]);
    // Each takes two of the largest requests, whatever its part.
    expect(parts.map((part) => part.calls.bytes)).toEqual([10, 10, 10].map((mib) => mib * MIB));
    // Nothing else changes.
    expect(parts.map((part) => part.calls.members)).toEqual(parts.map(() => calls.members));
  });
});
