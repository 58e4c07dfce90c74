/** Reads summed up, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../../src/store/store';
import { reads, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeReads(current: () => TestDatabase): void {
  describe('reads', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('adds them up by name and keeps the latest, in whatever order reports come', async () => {
      await store.write((tx) => tx.addReads(TENANT, reads('A', true, 20, 3)));
      await store.write((tx) => tx.addReads(TENANT, { ...reads('A', true, 10, 2), lastReadNode: 'Old' }));
      await store.write((tx) => tx.addReads(TENANT, reads('A', false, 30, 1)));
      await store.read(async (tx) => {
        expect(await tx.getReads(TENANT, 'A', true)).toEqual(reads('A', true, 20, 5));
        expect(await tx.getReads(TENANT, 'A', false)).toEqual(reads('A', false, 30, 1));
        expect(await tx.getReads(TENANT, 'B', true)).toBeUndefined();
      });
    });

    it('lists them by name, an empty one first', async () => {
      await store.write(async (tx) => {
        for (const n of ['b', '', 'B']) await tx.addReads(TENANT, reads(n, false, 1, 1));
      });
      const list = (limit: number, after?: string) =>
        store.read(async (tx) => (await tx.listReads(TENANT, false, { limit, after })).map((r) => r.name));
      expect(await list(2)).toEqual(['', 'B']);
      expect(await list(2, 'B')).toEqual(['b']);
      expect(await store.read((tx) => tx.listReads(TENANT, true, { limit: 9 }))).toEqual([]);
    });
  });
}
