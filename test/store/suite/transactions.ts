/** Snapshots, groups of writes and several stores on one database, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../../src/domain/errors';
import type { TenantId } from '../../../src/domain/ids';
import { TENANT_SCOPE } from '../../../src/domain/scope';
import type { Store, WriteTx } from '../../../src/store/store';
import { entry, id, name, secret, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

/** Not the first in any order. */
const OTHER: TenantId = id('zebra');

export function describeTransactions(current: () => TestDatabase): void {
  describe('transactions', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('undoes a write that throws, whole, and throws the same', async () => {
      const error = new DomainError('ABORTED', 'stale', 'STALE');
      await expect(
        store.write(async (tx) => {
          await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
          throw error;
        }),
      ).rejects.toBe(error);
      expect(await store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).toMatchObject({ revision: 0 });
    });

    it('undoes only the writes of a group that throw', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 200 }, (_, i) =>
          store.write(async (tx) => {
            const { revision } = await tx.getScope(TENANT, TENANT_SCOPE);
            await tx.putSecret(TENANT, TENANT_SCOPE, secret(`N${i}`, revision + 1));
            if (i % 3 === 0) throw new Error('no');
            return i;
          }),
        ),
      );
      const kept = outcomes.flatMap((o) => (o.status === 'fulfilled' ? [o.value] : []));
      expect(kept).toEqual(Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 3 !== 0));
      const names = await store.read((tx) => tx.listSecrets(TENANT, TENANT_SCOPE, { limit: 1000 }));
      expect(new Set(names.map((s) => s.name))).toEqual(new Set(kept.map((i) => `N${i}`)));
      expect(await store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).toMatchObject({
        revision: kept.length,
      });
    });

    it('undoes nothing of the others when a write fails after it wrote that was to ask first', async () => {
      const runs: number[] = [];
      const outcomes = await Promise.allSettled(
        [0, 1, 2, 3, 4, 5].map((i) =>
          store.write(
            async (tx) => {
              runs.push(i);
              if (i === 1) throw new Error('refused');
              await tx.appendAudit(TENANT, entry({ time: i }));
              if (i === 3) throw new Error('changed its mind');
            },
            { tenant: TENANT, asksFirst: true },
          ),
        ),
      );
      const told = outcomes.map((o) => (o.status === 'rejected' ? String(o.reason) : o.status));
      expect(told).toEqual([
        'fulfilled',
        'Error: refused',
        'fulfilled',
        'Error: changed its mind',
        'fulfilled',
        'fulfilled',
      ]);
      // Whoever was told of a failure is not asked again.
      expect(runs.filter((i) => i === 1 || i === 3)).toEqual([1, 3]);
      const events = await store.read((tx) =>
        tx.listAuditEvents(TENANT, { oldestFirst: true }, { limit: 9 }),
      );
      expect(events.map(({ sequence, time }) => `${sequence}: ${time}`)).toEqual([
        '1: 0',
        '2: 2',
        '3: 4',
        '4: 5',
      ]);
    });

    it('lets no tenant that writes a lot keep the writes of another waiting', async () => {
      let done = 0;
      const append = (tenant: TenantId) =>
        store.write((tx) => tx.appendAudit(tenant, entry({})), { tenant }).then(() => ++done);
      // On PostgreSQL each has a connection, which is made for the first write. Two commits of the other's, of 64 writes
      // each, may be done by the time that its own is, and all have to be before where it waits.
      await Promise.all([append(TENANT), append(OTHER)]);
      done = 0;
      const many = Array.from({ length: 600 }, () => append(TENANT));
      expect(await append(OTHER)).toBeLessThan(200);
      await Promise.all(many);
      expect(done).toBe(601);
    });

    it('lets no tenant whose writes take long keep the writes of another waiting', async () => {
      let done = 0;
      const append = (tenant: TenantId, busyMs: number) => {
        const body = (tx: WriteTx) => {
          for (const until = performance.now() + busyMs; performance.now() < until;);
          return tx.appendAudit(tenant, entry({}));
        };
        return store.write(body, { tenant }).then(() => ++done);
      };
      await Promise.all([append(TENANT, 0), append(OTHER, 0)]);
      done = 0;
      const many = Array.from({ length: 600 }, () => append(TENANT, 0.5));
      expect(await append(OTHER, 0)).toBeLessThan(200);
      await Promise.all(many);
      expect(done).toBe(601);
    });

    it('lets the event loop go round while a group of writes is carried out', async () => {
      const turns = new Set<number>();
      let turn = 0;
      let isOver = false;
      const goRound = (): void => {
        turn++;
        if (!isOver) setImmediate(goRound);
      };
      goRound();
      const work = (until = performance.now() + 5): void => {
        while (performance.now() < until);
      };
      const writes = Array.from({ length: 20 }, () =>
        store.write(
          async (tx) => {
            work();
            turns.add(turn);
            await tx.appendAudit(TENANT, entry({}));
          },
          { tenant: TENANT },
        ),
      );
      await Promise.all(writes);
      isOver = true;
      // In one go it was one turn, or the few in which the database answers.
      expect(turns.size).toBe(20);
    });

    it('runs bodies one after the other, also those of another store on the same database', async () => {
      const another = await current().openAnother();
      try {
        await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            (i % 2 === 0 ? store : another).write(async (tx) => {
              const { revision } = await tx.getScope(TENANT, TENANT_SCOPE);
              await new Promise((resolve) => setImmediate(resolve));
              await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', revision + 1));
            }),
          ),
        );
        expect(await store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).toMatchObject({ revision: 40 });
      } finally {
        await another.close();
      }
    });

    it('reads one snapshot, whatever is written meanwhile', async () => {
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1)));
      await store.read(async (tx) => {
        expect((await tx.getScope(TENANT, TENANT_SCOPE)).revision).toBe(1);
        await store.write((other) => other.putSecret(TENANT, TENANT_SCOPE, secret('A', 2)));
        expect((await tx.getScope(TENANT, TENANT_SCOPE)).revision).toBe(1);
        expect((await tx.getSecret(TENANT, TENANT_SCOPE, name('A')))?.version).toBe(1);
      });
      expect((await store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE))).revision).toBe(2);
    });

    it('sees its own writes within a body', async () => {
      await store.write(async (tx) => {
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
        expect(await tx.listSecrets(TENANT, TENANT_SCOPE, { limit: 9 })).toHaveLength(1);
      });
    });

    it('serves many reads at once', async () => {
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1)));
      const answers = await Promise.all(
        Array.from({ length: 50 }, () =>
          store.read(async (tx) => {
            await new Promise((resolve) => setImmediate(resolve));
            return (await tx.getSecret(TENANT, TENANT_SCOPE, name('A')))?.version;
          }),
        ),
      );
      expect(new Set(answers)).toEqual(new Set([1]));
    });

    it('refuses a query that its body did not wait for', async () => {
      for (const run of [store.read.bind(store), store.write.bind(store)]) {
        let late: (() => Promise<unknown>) | undefined;
        await run(async (tx) => {
          late = () => tx.getScope(TENANT, TENANT_SCOPE);
        });
        await expect(late?.()).rejects.toThrow(/transaction is over/);
      }
    });

    it('reads no further once nobody waits, and begins nothing for somebody who has left', async () => {
      const left = new Error('left');
      const leaving = new AbortController();
      const waiter = { signal: leaving.signal };
      const read = store.read(async (tx) => {
        await tx.getScope(TENANT, TENANT_SCOPE);
        leaving.abort(left);
        return tx.getScope(TENANT, TENANT_SCOPE);
      }, waiter);
      await expect(read).rejects.toBe(left);
      let begun = 0;
      const count = async () => void begun++;
      await expect(store.read(count, waiter)).rejects.toBe(left);
      await expect(store.write(count, { waiter, tenant: TENANT })).rejects.toBe(left);
      const past = { deadline: performance.now() - 1 };
      await expect(store.read(count, past)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      await expect(store.write(count, { waiter: past })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
      expect(begun).toBe(0);
    });

    it('is healthy when it can take a write', async () => {
      await expect(store.checkHealth()).resolves.toMatchObject({ clockAheadMs: 0 });
    });

    it('finishes the writes that were asked for before it closes', async () => {
      const another = await current().openAnother();
      const writes = [1, 2, 3].map(() => another.write((tx) => tx.appendAudit(TENANT, entry({}))));
      await another.close();
      expect((await Promise.all(writes)).map((r) => r.sequence)).toEqual([1, 2, 3]);
    });

    it('finds everything again when it is opened again', async () => {
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1)));
      const another = await current().openAnother();
      try {
        expect(await another.read((tx) => tx.listSecrets(TENANT, TENANT_SCOPE, { limit: 9 }))).toHaveLength(
          1,
        );
      } finally {
        await another.close();
      }
    });
  });
}
