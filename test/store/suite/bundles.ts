/** Bundles, executions and revocations, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import { configScope, TENANT_SCOPE } from '../../../src/domain/scope';
import type { Store, WriteTx } from '../../../src/store/store';
import { bytes, config, CONFIG, execution, id, name, secret, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeBundles(current: () => TestDatabase): void {
  describe('bundles, executions and revocations', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    const put = (
      revision: number,
      scope = TENANT_SCOPE as Parameters<typeof configScope>[0] | typeof TENANT_SCOPE,
    ) =>
      store.write((tx) =>
        tx.putBundle(TENANT, typeof scope === 'string' ? configScope(scope) : scope, {
          revision,
          ciphertext: bytes(revision),
        }),
      );
    const bundle = (revision?: number) => store.read((tx) => tx.getBundle(TENANT, TENANT_SCOPE, revision));
    const write = (n: string, version: number) =>
      store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret(n, version)));
    const drop = (now: number) => store.write((tx) => tx.dropUnpinnedBundles(TENANT, TENANT_SCOPE, now));

    it('answers the bundle of a revision, or the newest', async () => {
      await put(1);
      await put(3);
      expect(await bundle()).toEqual({ revision: 3, ciphertext: bytes(3), toScrub: 0 });
      expect(await bundle(1)).toEqual({ revision: 1, ciphertext: bytes(1), toScrub: 0 });
      expect(await bundle(2)).toBeUndefined();
      await store.write((tx) => tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext: bytes(9, 9) }));
      expect(await bundle(1)).toEqual({ revision: 1, ciphertext: bytes(9, 9), toScrub: 0 });
      await store.write((tx) => tx.deleteBundle(TENANT, TENANT_SCOPE, 3));
      expect(await bundle()).toMatchObject({ revision: 1 });
    });

    it('drops older bundles that nothing pins, and never the current one', async () => {
      for (const revision of [1, 2, 3]) {
        await write('A', revision);
        await put(revision);
      }
      await store.write((tx) => tx.insertExecution(execution('e', { tenantRevision: 2, expireTime: 100 })));
      expect(await drop(99)).toBe(1);
      expect([await bundle(1), await bundle(2), await bundle(3)].map((b) => b?.revision)).toEqual([
        undefined,
        2,
        3,
      ]);
      expect(await drop(100)).toBe(1);
      expect(await bundle(2)).toBeUndefined();
      expect(await bundle(3)).toBeDefined();
    });

    it('drops them before a commit that was asked to, whatever became of who asked, but for those pinned by then', async () => {
      for (const revision of [1, 2]) {
        await write('A', revision);
        await put(revision);
      }
      const later = (now: number) => async (tx: WriteTx) =>
        tx.dropUnpinnedBundlesLater(TENANT, TENANT_SCOPE, now);
      const outcomes = await Promise.allSettled([
        store.write(later(50)),
        store.write(async (tx) => {
          await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 3));
          await later(50)(tx);
          throw new Error('changed its mind');
        }),
        store.write((tx) => tx.insertExecution(execution('e', { tenantRevision: 1, expireTime: 100 }))),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect([await bundle(1), await bundle(2)].map((b) => b?.revision)).toEqual([1, 2]);
      await store.write(later(100));
      expect([await bundle(1), await bundle(2)].map((b) => b?.revision)).toEqual([undefined, 2]);
    });

    it('lets go of a pin when the execution ends', async () => {
      await write('A', 1);
      await put(1);
      await write('A', 2);
      await store.write((tx) => tx.insertExecution(execution('e', { tenantRevision: 1 })));
      expect(await drop(10)).toBe(0);
      await store.write((tx) => tx.endExecution(id('e'), 10));
      expect(await drop(10)).toBe(1);
    });

    it('keeps a config’s bundles apart from the tenant’s and from other configs’', async () => {
      const scope = configScope(CONFIG);
      await store.write(async (tx) => {
        for (const s of [TENANT_SCOPE, scope, configScope(id('c2'))]) {
          await tx.putSecret(TENANT, s, secret('A', 1));
          await tx.putBundle(TENANT, s, { revision: 1, ciphertext: bytes(1) });
          await tx.putSecret(TENANT, s, secret('A', 2));
        }
        await tx.insertExecution(execution('e', { configId: CONFIG, configRevision: 1, tenantRevision: 2 }));
        expect(await tx.dropUnpinnedBundles(TENANT, scope, 10)).toBe(0);
        expect(await tx.dropUnpinnedBundles(TENANT, TENANT_SCOPE, 10)).toBe(1);
        expect(await tx.dropUnpinnedBundles(TENANT, configScope(id('c2')), 10)).toBe(1);
        await tx.endExecution(id('e'), 10);
        expect(await tx.dropUnpinnedBundles(TENANT, scope, 10)).toBe(1);
      });
    });

    it('keeps an execution as it started, and its first end', async () => {
      const started = execution('e', { configId: CONFIG, configRevision: 3 });
      await store.write((tx) => tx.insertExecution(started));
      expect(await store.read((tx) => tx.getExecution(id('e')))).toEqual(started);
      await store.write((tx) => tx.endExecution(id('e'), 50));
      await store.write((tx) => tx.endExecution(id('e'), 60));
      expect(await store.read((tx) => tx.getExecution(id('e')))).toEqual({ ...started, endTime: 50 });
      expect(await store.read((tx) => tx.getExecution(id('none')))).toBeUndefined();
      await expect(store.write((tx) => tx.insertExecution(started))).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
      });
    });

    it('removes dead executions, oldest first, with the bundles and revocations that only they needed', async () => {
      await store.write(async (tx) => {
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
        await tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext: bytes(1) });
        await tx.putSecret(TENANT, configScope(CONFIG), secret('A', 1));
        await tx.putBundle(TENANT, configScope(CONFIG), { revision: 1, ciphertext: bytes(1) });
        await tx.insertExecution(
          execution('old', { tenantRevision: 1, configId: CONFIG, configRevision: 1, expireTime: 10 }),
        );
        await tx.insertExecution(execution('ended', { tenantRevision: 1, expireTime: 99 }));
        await tx.endExecution(id('ended'), 20);
        await tx.insertExecution(execution('running', { tenantRevision: 1, expireTime: 30 }));
        await tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2);
        await tx.deleteSecret(TENANT, configScope(CONFIG), name('A'), 2);
        await tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('A'), upToRevision: 1, revokeTime: 0 });
        await tx.insertRevocation(TENANT, configScope(CONFIG), {
          name: name('A'),
          upToRevision: 1,
          revokeTime: 0,
        });
      });
      const left = () =>
        store.read(async (tx) => ({
          executions: (
            await Promise.all(['old', 'ended', 'running'].map((e) => tx.getExecution(id(e))))
          ).flatMap((e) => e?.executionId ?? []),
          bundle: (await tx.getBundle(TENANT, TENANT_SCOPE)) !== undefined,
          override: (await tx.getBundle(TENANT, configScope(CONFIG))) !== undefined,
          revocations: (await tx.listRevocations(TENANT, TENANT_SCOPE, 1)).length,
          overrideRevocations: (await tx.listRevocations(TENANT, configScope(CONFIG), 1)).length,
        }));
      const remove = (before: number, limit: number) =>
        store.write((tx) => tx.removeDeadExecutions(before, limit));

      expect(await remove(10, 5)).toBe(0);
      expect(await remove(21, 1)).toBe(1);
      expect(await left()).toEqual({
        executions: ['ended', 'running'],
        bundle: true,
        override: false,
        revocations: 1,
        overrideRevocations: 0,
      });
      expect(await remove(30, 5)).toBe(1);
      expect(await left()).toMatchObject({ executions: ['running'], bundle: true, revocations: 1 });
      expect(await remove(31, 5)).toBe(1);
      expect(await left()).toMatchObject({ executions: [], bundle: false, revocations: 0 });
    });

    it('keeps parts until a name in them is replaced or deleted, and puts none that a write came after', async () => {
      const parts = () => store.read((tx) => tx.listBundleParts(TENANT, TENANT_SCOPE));
      const putParts = (revision: number, count: number, ...numbers: number[]) =>
        store.write((tx) =>
          tx.putBundleParts(TENANT, TENANT_SCOPE, {
            ...{ revision, count },
            parts: numbers.map((part) => ({ part, ciphertext: bytes(part, revision) })),
          }),
        );
      // Of two parts, A and B are in the first and C in the second: their CRC-32Cs are even and odd.
      const [ofA, ofC] = [2, 3];
      await write('A', 1);
      await write('C', 2);
      await putParts(1, 2, ofA, ofC);
      expect(await parts()).toEqual([]);
      await putParts(2, 2, ofA, ofC);
      await write('B', 3);
      expect(await parts()).toEqual([
        { part: ofA, revision: 2, ciphertext: bytes(ofA, 2) },
        { part: ofC, revision: 2, ciphertext: bytes(ofC, 2) },
      ]);
      await write('C', 4);
      expect((await parts()).map(({ part }) => part)).toEqual([ofA]);
      await putParts(4, 2, ofC);
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 5));
      expect((await parts()).map(({ part, revision }) => [part, revision])).toEqual([[ofC, 4]]);
      await putParts(5, 1, 1);
      expect((await parts()).map(({ part }) => part)).toEqual([1]);
    });

    it('puts many parts at once, some in the place of others, each with its own ciphertext', async () => {
      const count = 64;
      const put = (revision: number, numbers: readonly number[]) =>
        store.write((tx) =>
          tx.putBundleParts(TENANT, TENANT_SCOPE, {
            ...{ revision, count },
            // Of several lengths: some fit the places that others leave.
            parts: numbers.map((part) => ({
              part,
              ciphertext: Buffer.alloc(100 * (part % 7) + revision, part),
            })),
          }),
        );
      const all = Array.from({ length: count }, (_, index) => count + index);
      await write('A', 1);
      await put(1, all);
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('Z', 2)));
      const again = all.filter((part) => part % 3 === 0);
      await put(2, again);
      const parts = await store.read((tx) => tx.listBundleParts(TENANT, TENANT_SCOPE));
      const wanted = all.map((part) => {
        const revision = part % 3 === 0 ? 2 : 1;
        return { part, revision, ciphertext: Buffer.alloc(100 * (part % 7) + revision, part) };
      });
      expect(parts.map((part) => ({ ...part, ciphertext: Buffer.from(part.ciphertext) }))).toEqual(wanted);
    });

    it('drops a config’s parts with its overrides', async () => {
      const scope = configScope(id('c3'));
      await store.write(async (tx) => {
        await tx.insertFlowConfig(TENANT, config('c3', 'flow', 'default'));
        await tx.putSecret(TENANT, scope, secret('A', 1));
        await tx.putBundleParts(TENANT, scope, {
          ...{ revision: 1, count: 1, parts: [{ part: 1, ciphertext: bytes(1) }] },
        });
      });
      expect(await store.read((tx) => tx.listBundleParts(TENANT, scope))).toHaveLength(1);
      await store.write((tx) => tx.deleteFlowConfig(TENANT, id('c3'), 10));
      expect(await store.read((tx) => tx.listBundleParts(TENANT, scope))).toEqual([]);
    });

    it('tells which names a pinned revision no longer gets', async () => {
      await store.write(async (tx) => {
        await tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('B'), upToRevision: 4, revokeTime: 0 });
        await tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('A'), upToRevision: 7, revokeTime: 0 });
        await tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('A'), upToRevision: 2, revokeTime: 0 });
      });
      const at = (revision: number) => store.read((tx) => tx.listRevocations(TENANT, TENANT_SCOPE, revision));
      expect(await at(4)).toEqual([
        { name: 'A', upToRevision: 7, revokeTime: 0 },
        { name: 'B', upToRevision: 4, revokeTime: 0 },
      ]);
      expect(await at(5)).toEqual([{ name: 'A', upToRevision: 7, revokeTime: 0 }]);
      expect(await at(8)).toEqual([]);
    });

    it('keeps a revocation that nobody needs for a while, for an execution that is being started', async () => {
      const revoke = (upToRevision: number, revokeTime: number) =>
        store.write((tx) =>
          tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('A'), upToRevision, revokeTime }),
        );
      const left = () => store.read((tx) => tx.listRevocations(TENANT, TENANT_SCOPE, 0));
      await store.write(async (tx) => {
        await tx.insertExecution(execution('e', { expireTime: 5 }));
        await tx.insertExecution(execution('f', { expireTime: 60 }));
      });
      await revoke(3, 50);
      await store.write((tx) => tx.removeDeadExecutions(49, 9));
      expect(await left()).toEqual([{ name: 'A', upToRevision: 3, revokeTime: 50 }]);
      await store.write((tx) => tx.removeDeadExecutions(61, 9));
      expect(await left()).toEqual([]);
    });

    it('adds a bundle once, to be put again without what was revoked since its revision', async () => {
      const add = (data: number) =>
        store.write((tx) => tx.addBundle(TENANT, TENANT_SCOPE, { revision: 3, ciphertext: bytes(data) }));
      await store.write(async (tx) => {
        await tx.insertExecution(execution('e', { tenantRevision: 3 }));
        await tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('A'), upToRevision: 3, revokeTime: 0 });
      });
      expect(await store.read((tx) => tx.hasBundle(TENANT, TENANT_SCOPE, 3))).toBe(false);
      await add(1);
      expect(await store.read((tx) => tx.hasBundle(TENANT, TENANT_SCOPE, 3))).toBe(true);
      expect(await store.read((tx) => tx.listBundlesToScrub(9))).toHaveLength(1);
      await store.write((tx) => tx.putBundle(TENANT, TENANT_SCOPE, { revision: 3, ciphertext: bytes(2) }));
      await add(1);
      expect((await store.read((tx) => tx.getBundle(TENANT, TENANT_SCOPE, 3)))?.ciphertext).toEqual(bytes(2));
      expect(await store.read((tx) => tx.listBundlesToScrub(9))).toEqual([]);
    });

    it('lists pinned bundles that hold a revoked name until they are put again without it', async () => {
      await store.write(async (tx) => {
        await tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext: bytes(1) });
        await tx.putBundle(TENANT, configScope(CONFIG), { revision: 2, ciphertext: bytes(1) });
        await tx.putBundle(id('other'), TENANT_SCOPE, { revision: 1, ciphertext: bytes(1) });
        await tx.insertExecution(execution('e', { tenantRevision: 1, configId: CONFIG, configRevision: 2 }));
        await tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('A'), upToRevision: 1, revokeTime: 0 });
        await tx.insertRevocation(TENANT, configScope(CONFIG), {
          name: name('A'),
          upToRevision: 2,
          revokeTime: 0,
        });
      });
      const list = () => store.read((tx) => tx.listBundlesToScrub(10));
      expect(await list()).toEqual([
        { tenantId: TENANT, scope: configScope(CONFIG), revision: 2 },
        { tenantId: TENANT, scope: TENANT_SCOPE, revision: 1 },
      ]);
      expect(await store.read((tx) => tx.listBundlesToScrub(1))).toHaveLength(1);
      await store.write((tx) => tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext: bytes(2) }));
      expect(await list()).toEqual([{ tenantId: TENANT, scope: configScope(CONFIG), revision: 2 }]);
      await store.write((tx) => tx.endExecution(id('e'), 5));
      expect(await list()).toEqual([]);
    });
  });
}
