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
        expect(await tx.getPackage('acme/greeter', '0.10.0')).toEqual(first);
        expect(await tx.getPackage('acme/greeter', '1.0.0')).toBeUndefined();
        expect(await tx.listPackageVersions('acme/greeter', 'acme/greeter')).toEqual([
          { name: 'acme/greeter', version: '0.10.0' },
          { name: 'acme/greeter', version: '0.9.0' },
        ]);
        expect(await tx.listPackageVersions('acme/greeter', 'acme/other')).toHaveLength(3);
        const { manifest: _, ...listing } = second;
        expect(await tx.listLatestPackages({ limit: 1 })).toEqual([listing]);
        const rest = await tx.listLatestPackages({ limit: 9, after: 'acme/greeter' });
        expect(rest.map((one) => one.name)).toEqual(['acme/other']);
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
