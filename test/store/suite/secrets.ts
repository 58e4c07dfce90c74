/** Secrets in their scopes, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import { configScope, TENANT_SCOPE } from '../../../src/domain/scope';
import type { Store } from '../../../src/store/store';
import { bytes, config, id, name, secret, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeSecrets(current: () => TestDatabase): void {
  describe('secrets', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('keeps a scope’s revision, number of names and bytes right through add, replace and delete', async () => {
      const state = () => store.read((tx) => tx.getScope(TENANT, TENANT_SCOPE));
      expect(await state()).toEqual({ revision: 0, names: 0, bytes: 0 });
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { paddedBytes: 10 })));
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('B', 2, { paddedBytes: 5 })));
      expect(await state()).toEqual({ revision: 2, names: 2, bytes: 15 });
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 3, { paddedBytes: 1 })));
      expect(await state()).toEqual({ revision: 3, names: 2, bytes: 6 });
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 4));
      expect(await state()).toEqual({ revision: 4, names: 1, bytes: 5 });
      expect(await store.read((tx) => tx.getScope(id('other'), TENANT_SCOPE))).toMatchObject({
        revision: 0,
      });
    });

    it('never lets a revision stand still or go back', async () => {
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 5)));
      for (const version of [5, 4]) {
        await expect(
          store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', version))),
        ).rejects.toThrow(/must grow/);
      }
      await expect(store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 5))).rejects.toThrow(
        /must grow/,
      );
    });

    it('answers a secret without its ciphertext, and with it only where it was asked for', async () => {
      const row = secret('A', 1, { ciphertext: bytes(0, 128, 255), updateTime: 9 });
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, row));
      const { ciphertext: _, sealId: __, ...metadata } = row;
      await store.read(async (tx) => {
        expect(await tx.getSecret(TENANT, TENANT_SCOPE, name('A'))).toEqual(metadata);
        expect(await tx.getSecret(TENANT, TENANT_SCOPE, name('a'))).toBeUndefined();
        expect(await tx.listSecrets(TENANT, TENANT_SCOPE, { limit: 9 })).toEqual([metadata]);
        expect(await tx.listSealedSecrets(TENANT, TENANT_SCOPE)).toEqual([row]);
      });
    });

    it('lists names in byte order, page by page', async () => {
      const names = ['b', 'B', '_', 'a.1', 'a-1', 'Z', 'a1'];
      await store.write(async (tx) => {
        for (const [i, n] of names.entries()) await tx.putSecret(TENANT, TENANT_SCOPE, secret(n, i + 1));
      });
      const sorted = [...names].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      const page = (after?: string) =>
        store.read((tx) => tx.listSecrets(TENANT, TENANT_SCOPE, { limit: 4, after }));
      expect((await page()).map((s) => s.name)).toEqual(sorted.slice(0, 4));
      expect((await page(sorted[3])).map((s) => s.name)).toEqual(sorted.slice(4));
    });

    it('keeps ciphertexts of any length apart, whatever was there before', async () => {
      const lengths = [0, 1, 127, 128, 129, 4_000, 4_096, 65_600, 5, 70_000, 128];
      await store.write(async (tx) => {
        for (const [i, length] of lengths.entries()) {
          const ciphertext = new Uint8Array(length).fill(i + 1);
          await tx.putSecret(TENANT, TENANT_SCOPE, secret(`N${i % 4}`, i + 1, { ciphertext }));
        }
      });
      const rows = await store.read((tx) => tx.listSealedSecrets(TENANT, TENANT_SCOPE));
      expect(rows.map((r) => [r.version, r.ciphertext.byteLength])).toEqual([
        [9, 5],
        [10, 70_000],
        [11, 128],
        [8, 65_600],
      ]);
      for (const row of rows) expect(new Set(row.ciphertext)).toEqual(new Set([row.version]));
    });

    it('names the configs that override a secret, by flow and profile', async () => {
      await store.write(async (tx) => {
        await tx.insertFlowConfig(TENANT, config('c1', 'flow-b', 'x'));
        await tx.insertFlowConfig(TENANT, config('c2', 'flow-a', 'y'));
        await tx.insertFlowConfig(TENANT, config('c3', 'flow-a', 'z'));
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
        await tx.putSecret(TENANT, configScope(id('c1')), secret('A', 1));
        await tx.putSecret(TENANT, configScope(id('c2')), secret('A', 1));
        await tx.putSecret(TENANT, configScope(id('c3')), secret('B', 1));
      });
      const overriding = (tenant = TENANT) => store.read((tx) => tx.listConfigsOverriding(tenant, name('A')));
      expect((await overriding()).map((c) => c.configId)).toEqual(['c2', 'c1']);
      expect(await overriding(id('other'))).toEqual([]);
    });
  });
}
