/** API keys and sessions, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../../src/store/store';
import { apiKey, id, session, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeAccess(current: () => TestDatabase): void {
  describe('API keys and sessions', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('finds a key by its hash, notes its use and its first revocation', async () => {
      const key = apiKey('k1', 5);
      await store.write((tx) => tx.insertApiKey(key));
      expect(await store.read((tx) => tx.findApiKeyByHash(key.keyHash))).toEqual(key);
      expect(await store.read((tx) => tx.findApiKeyByHash('none'))).toBeUndefined();
      await store.write((tx) => tx.touchApiKey(id('k1'), 8));
      await store.write((tx) => tx.revokeApiKey(id('other'), id('k1'), 9));
      await store.write((tx) => tx.revokeApiKey(TENANT, id('k1'), 10));
      await store.write((tx) => tx.revokeApiKey(TENANT, id('k1'), 11));
      await store.read(async (tx) => {
        expect(await tx.getApiKey(TENANT, id('k1'))).toEqual({ ...key, lastUseTime: 8, revokeTime: 10 });
        expect(await tx.getApiKey(id('other'), id('k1'))).toBeUndefined();
      });
    });

    it('lists keys by age, page by page', async () => {
      await store.write(async (tx) => {
        await tx.insertApiKey(apiKey('b', 20));
        await tx.insertApiKey(apiKey('a', 20));
        await tx.insertApiKey(apiKey('z', 3));
      });
      const list = (limit: number, after?: string) =>
        store.read(async (tx) => (await tx.listApiKeys(TENANT, { limit, after })).map((k) => k.keyId));
      expect(await list(2)).toEqual(['z', 'a']);
      expect(await list(2, `${'20'.padStart(15, '0')}\u0000a`)).toEqual(['b']);
    });

    it('knows when a session was last used, and lists a tenant’s with that', async () => {
      const [first, second] = [session('s1', { createTime: 5 }), session('s2', { createTime: 7 })];
      await store.write(async (tx) => {
        await tx.insertSession(first);
        await tx.insertSession(second);
        await tx.insertSession(session('s3', { tenantId: id('other') }));
        await tx.touchSession('s1', 9);
        await tx.touchSession('s1', 11);
      });
      expect(await store.read((tx) => tx.listSessions(TENANT))).toEqual([
        { session: second, lastUseTime: 7 },
        { session: first, lastUseTime: 11 },
      ]);
      expect(await store.read((tx) => tx.getSessionUse(first))).toBe(11);
      await store.write(async (tx) => {
        await tx.deleteSessions(TENANT, (one) => one.session.sessionHash === 's1');
      });
      // Of a session that is gone nothing is remembered.
      expect(await store.read((tx) => tx.getSessionUse(first))).toBe(5);
    });

    it('lists tenants with sessions whose time is over, page by page', async () => {
      await store.write(async (tx) => {
        for (const [hash, tenant, expireTime] of [
          ['s1', 'a', 10],
          ['s2', 'a', 9],
          ['s3', 'b', 11],
          ['s4', 'c', 10],
        ] as const)
          await tx.insertSession(session(hash, { tenantId: id(tenant), expireTime }));
      });
      const list = (after: string, limit: number) =>
        store.read((tx) => tx.listTenantsWithExpiredSessions(after, 10, limit));
      expect(await list('', 1)).toEqual(['a']);
      expect(await list('a', 9)).toEqual(['c']);
    });

    it('counts the other admin keys that are in force', async () => {
      await store.write(async (tx) => {
        await tx.insertApiKey({ ...apiKey('a', 1), role: 'admin' });
        await tx.insertApiKey({ ...apiKey('b', 1), role: 'admin', expireTime: 10 });
        await tx.insertApiKey({ ...apiKey('c', 1), role: 'admin', revokeTime: 2 });
        await tx.insertApiKey({ ...apiKey('d', 1), role: 'editor' });
      });
      const count = (keyId: string, now: number) =>
        store.read((tx) => tx.countOtherAdminKeys(TENANT, id(keyId), now));
      expect([await count('a', 9), await count('a', 10), await count('d', 9)]).toEqual([1, 0, 2]);
    });

    it('ends sessions by logout, by time, and with the key that opened them', async () => {
      const present = () =>
        store.read(async (tx) =>
          (await Promise.all(['s1', 's2', 's3', 's4'].map((s) => tx.getSession(s)))).flatMap(
            (s) => s?.sessionHash ?? [],
          ),
        );
      await store.write(async (tx) => {
        await tx.insertSession(session('s1', { expireTime: 10 }));
        await tx.insertSession(session('s2', { expireTime: 11 }));
        await tx.insertSession(session('s3', { apiKeyId: id('k1') }));
        await tx.insertSession(session('s4', {}));
      });
      expect(await store.read((tx) => tx.getSession('s3'))).toEqual(session('s3', { apiKeyId: id('k1') }));
      await store.write((tx) => tx.deleteSessions(TENANT, (one) => one.session.expireTime <= 10));
      expect(await present()).toEqual(['s2', 's3', 's4']);
      await store.write((tx) => tx.deleteSessions(id('other'), () => true));
      await store.write((tx) => tx.deleteSessions(TENANT, (one) => one.session.sessionHash === 's4'));
      await store.write((tx) => tx.revokeApiKey(TENANT, id('k1'), 5));
      expect(await present()).toEqual(['s2']);
    });
  });
}
