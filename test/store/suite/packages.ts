/** Packages and handles, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../../src/store/store';
import { id, name, packageRecord, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describePackages(current: () => TestDatabase): void {
  describe('packages', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('gives a handle to the first tenant that claims it', async () => {
      expect(await store.read((tx) => tx.getHandleOwner('acme'))).toBeUndefined();
      await store.write((tx) => tx.claimHandle('acme', TENANT));
      await store.write((tx) => tx.claimHandle('acme', TENANT));
      await expect(store.write((tx) => tx.claimHandle('acme', id('other')))).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
      });
      expect(await store.read((tx) => tx.getHandleOwner('acme'))).toBe(TENANT);
    });

    it('keeps versions as published, in order, and never twice', async () => {
      const first = packageRecord('acme/greeter', '0.10.0', ['A']);
      const second = packageRecord('acme/greeter', '0.9.0', ['A', 'B']);
      await store.write((tx) => tx.insertPackage(first));
      await store.write((tx) => tx.insertPackage(second));
      await store.write((tx) => tx.insertPackage(packageRecord('acme/other', '1.0.0', [])));
      await expect(store.write((tx) => tx.insertPackage(first))).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
      });
      await store.read(async (tx) => {
        const { manifest: _first, ...firstListing } = first;
        expect(await tx.getPackage('acme/greeter', '0.10.0')).toEqual(firstListing);
        expect(await tx.getPackage('acme/greeter', '1.0.0')).toBeUndefined();
        expect(await tx.listPackageVersions('acme/greeter', 'acme/greeter')).toEqual([
          { name: 'acme/greeter', version: '0.10.0' },
          { name: 'acme/greeter', version: '0.9.0' },
        ]);
        expect(await tx.listPackageVersions('acme/greeter', 'acme/other')).toHaveLength(3);
        const { manifest: _, ...listing } = second;
        const page = { limit: 9, budget: 1_000_000 };
        expect(await tx.listLatestPackages({ ...page, limit: 1 })).toEqual({
          rows: [listing],
          isWhole: true,
        });
        const rest = await tx.listLatestPackages({ ...page, after: 'acme/greeter' });
        expect(rest.rows.map((one) => one.name)).toEqual(['acme/other']);
      });
    });

    it('reads no more of a page than it has room for, and one package however large', async () => {
      for (const one of ['a/one', 'a/two', 'a/three'])
        await store.write((tx) => tx.insertPackage(packageRecord(one, '1.0.0', ['S'.repeat(100)])));
      const { nodes, description } = packageRecord('a/one', '1.0.0', ['S'.repeat(100)]);
      const each = Buffer.byteLength(JSON.stringify(nodes) + description) + 64;
      const list = (budget: number) => store.read((tx) => tx.listLatestPackages({ limit: 9, budget }));
      const names = async (budget: number) => (await list(budget)).rows.map((row) => row.name);
      expect(await names(0)).toEqual(['a/one']);
      expect(await names(each)).toEqual(['a/one', 'a/three']);
      expect(await names(2 * each)).toEqual(['a/one', 'a/three', 'a/two']);
      expect([(await list(each)).isWhole, (await list(2 * each)).isWhole]).toEqual([false, true]);
    });

    it('leaves the nodes out where they are larger than an answer may be', async () => {
      await store.write(async (tx) => {
        await tx.insertPackage(packageRecord('a/large', '1.0.0', ['S'.repeat(1_100_000)]));
        await tx.insertPackage(packageRecord('a/small', '1.0.0', ['S']));
      });
      const { rows } = await store.read((tx) => tx.listLatestPackages({ limit: 9, budget: 100 }));
      expect(rows.map((row) => row.nodes?.length)).toEqual([undefined, 2]);
    });

    it('counts what is published under the handles of a tenant, and a handle takes its count along', async () => {
      const use = (tenant: string) => store.read((tx) => tx.getPublishedUse(id(tenant)));
      const record = packageRecord('acme/greeter', '1.0.0', ['A']);
      const size = 1_024 + record.manifest.byteLength + JSON.stringify(record.nodes).length;
      await store.write(async (tx) => {
        await tx.claimHandle('acme', TENANT);
        await tx.insertPackage(record);
        await tx.insertPackage({ ...record, version: '1.1.0' });
        await tx.insertPackage({ ...record, name: 'acme/other' });
      });
      expect(await use(TENANT)).toEqual({ packages: 2, bytes: 3 * size });
      await store.write((tx) => tx.moveHandle('acme', id('other')));
      expect(await use(TENANT)).toEqual({ packages: 0, bytes: 0 });
      expect(await use('other')).toEqual({ packages: 2, bytes: 3 * size });
      await store.write((tx) => tx.removePackage({ name: 'acme/other', version: '1.0.0' }, 5));
      expect(await use('other')).toEqual({ packages: 2, bytes: 2 * size + 1_024 });
    });

    it('takes a version out of every listing, and keeps it taken', async () => {
      await store.write(async (tx) => {
        await tx.insertPackage(packageRecord('a/one', '1.0.0', ['A']));
        await tx.insertPackage(packageRecord('a/one', '1.1.0', ['B']));
        await tx.removePackage({ name: 'a/one', version: '1.1.0' }, 5);
        await tx.removePackage({ name: 'a/one', version: '9.9.9' }, 5);
      });
      await store.read(async (tx) => {
        expect(await tx.getPackage('a/one', '1.1.0')).toBeUndefined();
        expect(await tx.isUnpublished('a/one', '1.1.0')).toBe(true);
        expect(await tx.isUnpublished('a/one', '9.9.9')).toBe(false);
        expect(await tx.countVersions('a/one')).toBe(2);
        expect(await tx.listPackageVersions('a/one', 'a/one')).toEqual([{ name: 'a/one', version: '1.0.0' }]);
        const { rows } = await tx.listLatestPackages({ limit: 9, budget: 100 });
        expect(rows.map((row) => row.version)).toEqual(['1.0.0']);
        expect(await tx.listPackagesDeclaring(name('A'), 9)).toEqual(['a/one@1.0.0']);
        expect(await tx.listPackagesDeclaring(name('B'), 9)).toEqual([]);
      });
    });

    it('names the packages whose newest version declares a secret', async () => {
      await store.write(async (tx) => {
        await tx.insertPackage(packageRecord('a/one', '1.0.0', ['A', 'B']));
        await tx.insertPackage(packageRecord('a/one', '1.1.0', ['B', 'B']));
        await tx.insertPackage(packageRecord('a/two', '3.0.0', ['A', 'B']));
      });
      const declaring = (n: string, limit: number) =>
        store.read((tx) => tx.listPackagesDeclaring(name(n), limit));
      expect(await declaring('A', 9)).toEqual(['a/two@3.0.0']);
      expect(await declaring('B', 9)).toEqual(['a/one@1.1.0', 'a/two@3.0.0']);
      expect(await declaring('B', 1)).toEqual(['a/one@1.1.0']);
      expect(await declaring('C', 9)).toEqual([]);
    });
  });
}
