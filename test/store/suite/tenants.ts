/** Tenants and keysets, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../../src/store/store';
import { bytes, id, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeTenants(current: () => TestDatabase): void {
  describe('tenants and keysets', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('keeps a tenant and lists tenants in order, page by page', async () => {
      for (const tenantId of ['b', 'a', 'c-1']) {
        await store.write((tx) =>
          tx.insertTenant({ tenantId: id(tenantId), displayName: 'É', createTime: 5 }),
        );
      }
      await store.read(async (tx) => {
        expect(await tx.getTenant(id('b'))).toEqual({ tenantId: 'b', displayName: 'É', createTime: 5 });
        expect(await tx.getTenant(id('none'))).toBeUndefined();
        expect((await tx.listTenants({ limit: 2 })).map((t) => t.tenantId)).toEqual(['a', 'b']);
        expect((await tx.listTenants({ limit: 2, after: 'b' })).map((t) => t.tenantId)).toEqual(['c-1']);
      });
    });

    it('refuses a tenant that is there, and says so without SQL', async () => {
      const insert = () =>
        store.write((tx) => tx.insertTenant({ tenantId: TENANT, displayName: '', createTime: 1 }));
      await insert();
      await expect(insert()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
      await expect(insert()).rejects.toThrow(/^it already exists/);
    });

    it('answers the newest of a tenant’s keysets, byte for byte', async () => {
      const keys = (keysRevision: number) => ({
        tenantId: TENANT,
        keysRevision,
        publicKeyset: bytes(0, 255, keysRevision),
        publicKeysetSignature: bytes(2),
        wrappedPrivateKeyset: bytes(3),
        wrappedBundleKeyset: bytes(),
        createTime: 7,
      });
      expect(await store.read((tx) => tx.getTenantKeys(TENANT))).toBeUndefined();
      expect(await store.read((tx) => tx.getTenantKeysRevision(TENANT))).toBeUndefined();
      await store.write((tx) => tx.insertTenantKeys(keys(1)));
      await store.write((tx) => tx.insertTenantKeys(keys(2)));
      expect(await store.read((tx) => tx.getTenantKeys(TENANT))).toEqual(keys(2));
      expect(await store.read((tx) => tx.getTenantKeysRevision(TENANT))).toBe(2);
    });

    it('keeps the service’s keysets once', async () => {
      const keys = { wrappedSigningKeyset: bytes(1), wrappedTokenKeyset: bytes(2) };
      expect(await store.read((tx) => tx.getServiceKeys())).toBeUndefined();
      await store.write((tx) => tx.insertServiceKeys(keys));
      expect(await store.read((tx) => tx.getServiceKeys())).toEqual(keys);
      await expect(store.write((tx) => tx.insertServiceKeys(keys))).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
      });
    });
  });
}
