/** Long work in a thread of its own: tenants take turns, nothing takes for ever, and nobody's mistake ends it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WorkerPool } from '../../src/work/worker-pool';

let pool: WorkerPool;

beforeEach(() => {
  pool = new WorkerPool();
});

afterEach(() => pool.close());

/** Some 35 ms of comparing; a busy machine may take a hundred times as long before a task takes too long. */
const LONG = {
  missed: Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(128, 'AB')),
  names: Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(128, 'BA')),
};
const SHORT = { missed: ['STRIPE_KYE'], names: ['STRIPE_KEY', 'OTHER'] };

const near = (tenantId: string, input = SHORT, signal?: AbortSignal) =>
  pool.run('nearestNames', input, { tenantId, waiter: { signal } });

describe('Long work', () => {
  it('is done off the event loop', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    for (let task = 0; task < 10; task++) await near('loud', LONG);
    clearInterval(timer);
    // On the event loop it would be one for each, when its answer is there.
    expect(turns).toBeGreaterThan(20);
  });

  it('of one tenant does not wait behind all that another has asked for', async () => {
    const done: string[] = [];
    const loud = Array.from({ length: 5 }, () => near('loud', LONG).then(() => done.push('loud')));
    await near('quiet').then((found) => {
      expect(found).toEqual(['STRIPE_KEY']);
      done.push('quiet');
    });
    expect(done.length).toBeLessThanOrEqual(3); // the one that ran, the one whose turn it was, and this
    await Promise.all(loud);
  });

  it('of one tenant waits in a bounded number', async () => {
    const results = await Promise.allSettled(Array.from({ length: 30 }, () => near('loud')));
    const refused = results.filter((one) => one.status === 'rejected').map((one) => one.reason as Error);
    expect(refused).toHaveLength(21); // one runs and eight wait
    expect(refused[0]).toMatchObject({ code: 'RESOURCE_EXHAUSTED', reason: 'WORK_WAITING' });
    expect(await near('loud')).toEqual(['STRIPE_KEY']);
  });

  it('is not begun once nobody waits for it', async () => {
    const running = near('loud', LONG);
    const leaving = new AbortController();
    const left = near('left', LONG, leaving.signal);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    await running;
  });

  it('stops, and gives its thread to the next, once nobody waits for it', async () => {
    const endless = { missed: Array.from({ length: 100_000 }, () => 'A'.repeat(128)), names: LONG.names };
    const leaving = new AbortController();
    const left = near('left', endless, leaving.signal);
    await sleep(200);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(await near('quiet')).toEqual(['STRIPE_KEY']);
  });

  it('that waits frees its place once nobody waits for it', async () => {
    const running = near('loud', LONG);
    const leaving = new AbortController();
    const left = Array.from({ length: 8 }, () => near('loud', LONG, leaving.signal));
    await expect(near('loud')).rejects.toMatchObject({ reason: 'WORK_WAITING' });
    leaving.abort(new Error('left'));
    expect((await Promise.allSettled(left)).every((one) => one.status === 'rejected')).toBe(true);
    expect(await near('loud')).toEqual(['STRIPE_KEY']);
    await running;
  });

  it('that takes too long is ended, and the next has a thread again', async () => {
    const endless = { missed: Array.from({ length: 100_000 }, () => 'A'.repeat(128)), names: LONG.names };
    await expect(near('loud', endless)).rejects.toMatchObject({ reason: 'WORK_TOO_LONG' });
    expect(await near('quiet')).toEqual(['STRIPE_KEY']);
  });

  it('that throws fails alone', async () => {
    await expect(near('loud', null as never)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await near('loud')).toEqual(['STRIPE_KEY']);
  });
});
