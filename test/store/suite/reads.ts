/** Reads summed up, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import { configScope, TENANT_SCOPE } from '../../../src/domain/scope';
import type { ReadsRecord } from '../../../src/store/records';
import type { Store } from '../../../src/store/store';
import { CONFIG, reads, secret, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeReads(current: () => TestDatabase): void {
  describe('reads', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('adds them up by name and keeps the latest, in whatever order reports come', async () => {
      await store.write((tx) => tx.addReads(TENANT, [reads('A', true, 20, 3)]));
      await store.write((tx) => tx.addReads(TENANT, [{ ...reads('A', true, 10, 2), lastReadNode: 'Old' }]));
      await store.write((tx) => tx.addReads(TENANT, [reads('A', false, 30, 1)]));
      await store.read(async (tx) => {
        expect(await tx.listReads(TENANT, true, { limit: 9 })).toEqual([reads('A', true, 20, 5)]);
        expect(await tx.listReads(TENANT, false, { limit: 9 })).toEqual([reads('A', false, 30, 1)]);
      });
    });

    it('adds up many together, whether they stand or not, and one of them comes twice', async () => {
      const names = Array.from({ length: 250 }, (_, i) => `N${String(i).padStart(3, '0')}`);
      await store.write((tx) =>
        tx.addReads(TENANT, [reads('N007', true, 50, 2), reads('N007', false, 1, 9)]),
      );
      await store.write((tx) =>
        tx.addReads(TENANT, [...names.map((n) => reads(n, true, 20, 3)), reads('N200', true, 30, 4)]),
      );
      await store.read(async (tx) => {
        expect(await tx.listReads(TENANT, true, { limit: 999 })).toEqual(
          names.map((n) => {
            if (n === 'N007') return reads(n, true, 50, 5);
            return n === 'N200' ? reads(n, true, 30, 7) : reads(n, true, 20, 3);
          }),
        );
        expect(await tx.listReads(TENANT, false, { limit: 999 })).toEqual([reads('N007', false, 1, 9)]);
      });
    });

    it('lists them by name, an empty one first', async () => {
      await store.write(async (tx) => {
        for (const n of ['b', '', 'B']) await tx.addReads(TENANT, [reads(n, false, 1, 1)]);
      });
      const list = (limit: number, after?: string) =>
        store.read(async (tx) => (await tx.listReads(TENANT, false, { limit, after })).map((r) => r.name));
      expect(await list(2)).toEqual(['', 'B']);
      expect(await list(2, 'B')).toEqual(['b']);
      expect(await store.read((tx) => tx.listReads(TENANT, true, { limit: 9 }))).toEqual([]);
    });

    it('keeps the latest 1,000 names that were not found, and every one that was', async () => {
      await store.write(async (tx) => {
        const many = (of: (i: number) => ReadsRecord) => Array.from({ length: 1_100 }, (_, i) => of(i));
        await tx.addReads(
          TENANT,
          many((i) => reads(`missed${i}`, false, 1_000 + i, 1)),
        );
        await tx.addReads(
          TENANT,
          many((i) => reads(`found${i}`, true, 1, 1)),
        );
      });
      const names = async (found: boolean) =>
        (await store.read((tx) => tx.listReads(TENANT, found, { limit: 5_000 }))).map((r) => r.name);
      const missed = await names(false);
      expect([missed.length, missed.includes('missed1099'), missed.includes('missed99')]).toEqual([
        1_000,
        true,
        false,
      ]);
      expect(await names(true)).toHaveLength(1_100);
    });

    it('lists every secret of the tenant with its reads, and no override', async () => {
      const scope = configScope(CONFIG);
      await store.write(async (tx) => {
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('B', 2));
        await tx.putSecret(TENANT, scope, secret('C', 1));
        await tx.addReads(TENANT, [reads('B', true, 20, 3)]);
        await tx.addReads(TENANT, [reads('A', false, 20, 3)]);
      });
      const list = (after?: string) =>
        store.read((tx) => tx.listSecretReads(TENANT, { limit: 1_000, after }));
      expect(await list()).toMatchObject([
        { name: 'A', reads: undefined },
        { name: 'B', reads: reads('B', true, 20, 3) },
      ]);
      expect((await list('A')).map((row) => row.name)).toEqual(['B']);
    });
  });
}
