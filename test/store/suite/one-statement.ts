/** What an execution's steps read in one statement, against the queries that ask for each thing by itself. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '../../../src/domain/audit-entry';
import { configScope, TENANT_SCOPE, type Scope } from '../../../src/domain/scope';
import type { AskedAhead } from '../../../src/store/asked-ahead';
import { resolutionAskedAhead, stateAskedAhead } from '../../../src/store/queries/resolution';
import { startAskedAhead, type StartPlace } from '../../../src/store/queries/start';
import type { Store, WriteTx } from '../../../src/store/store';
import { bytes, config, CONFIG, execution, id, name, secret, TENANT } from '../rows';
import { giveBack } from '../../../src/work/give-back';
import type { TestDatabase } from '../test-database';

const SCOPES = [TENANT_SCOPE, configScope(CONFIG)] as const;
const NOBODY_ELSE = id<typeof TENANT>('globex');
const entry: AuditEntry = {
  ...{ time: 5, principal: 'engine', allowed: true, door: 'execution' },
  action: 'execution.end',
  ...{ resource: 'flow-1', version: 0, scope: '', executionId: 'run', node: '', count: 1 },
  ...{ status: 'OK', source: '' },
};

export function describeOneStatement(current: () => TestDatabase): void {
  describe('a step of an execution', () => {
    let store: Store;
    beforeEach(async () => {
      store = current().store;
      await store.write(async (tx) => {
        for (const revision of [1, 2])
          await tx.insertTenantKeys({
            ...{ tenantId: TENANT, keysRevision: revision, createTime: 1 },
            ...{ publicKeyset: bytes(1), publicKeysetSignature: bytes(2) },
            ...{ wrappedPrivateKeyset: bytes(3), wrappedBundleKeyset: bytes(4) },
          });
        await tx.insertFlowConfig(TENANT, config(CONFIG, 'flow-1', 'staging'));
        for (const scope of SCOPES) {
          for (const version of [1, 2]) await tx.putSecret(TENANT, scope, secret(`N${version}`, version));
          await tx.putBundle(TENANT, scope, { revision: 2, ciphertext: bytes(7, scope.kind.length) });
        }
        await tx.insertExecution(
          execution('run', { configId: CONFIG, tenantRevision: 2, configRevision: 2 }),
        );
      });
    });

    const place = { tenantId: TENANT, executionId: id<'run' & never>('new'), flowId: id<never>('flow-1') };
    const pinned = {
      ...{ executionId: id<never>('run'), tenantId: TENANT, configId: CONFIG },
      ...{ tenantRevision: 2, configRevision: 2 },
    };

    it('that starts one sees what the single queries see, by profile and by id', async () => {
      await store.write((tx) => tx.putTenantDefault(TENANT, { nodeTimeoutSeconds: 9, revision: 1 }));
      const found = await store.read(async (tx) => ({
        byProfile: await tx.getStart({ ...place, config: { profile: id('staging') } }),
        byId: await tx.getStart({ ...place, config: { id: CONFIG } }),
        config: await tx.getFlowConfig(TENANT, CONFIG),
        tenantDefault: await tx.getTenantDefault(TENANT),
        scopes: [
          { scope: SCOPES[0], ...(await tx.getScope(TENANT, SCOPES[0])) },
          { scope: SCOPES[1], ...(await tx.getScope(TENANT, SCOPES[1])) },
        ],
      }));
      const extent = { extent: { names: 2, newest: 2 }, newestBundle: 2 };
      const expected = {
        ...{
          keysRevision: 2,
          isTaken: false,
          isFlowKnown: true,
          config: found.config,
          tenantDefault: found.tenantDefault,
        },
        scopes: found.scopes.map((scope) => ({ ...scope, ...extent })),
      };
      expect(found.byProfile).toEqual(expected);
      expect(found.byId).toEqual(expected);
    });

    it('that starts one sees that its id is taken, and no config where none applies', async () => {
      const found = await store.read((tx) =>
        tx.getStart({ ...place, executionId: id('run'), config: { profile: id('default') } }),
      );
      expect(found).toMatchObject({ isTaken: true, config: undefined, tenantDefault: undefined });
      expect(found?.scopes.map(({ scope }) => scope)).toEqual([TENANT_SCOPE]);
    });

    it('that starts one sees whether its flow was noted before', async () => {
      const elsewhere = {
        ...place,
        flowId: id<never>('never-seen'),
        config: { profile: id<never>('default') },
      };
      expect((await store.read((tx) => tx.getStart(elsewhere)))?.isFlowKnown).toBe(false);
    });

    it('that ends one sees of which scopes it pins a revision that is no longer the newest', async () => {
      const older = [
        execution('both', { configId: CONFIG, tenantRevision: 1, configRevision: 1 }),
        execution('tenant', { configId: CONFIG, tenantRevision: 1, configRevision: 2 }),
        execution('alone', { tenantRevision: 1 }),
      ];
      await store.write(async (tx) => {
        for (const one of older) await tx.insertExecution(one);
      });
      const found = (run: string) => store.read((tx) => tx.getExecutionState(id(run)));
      expect((await found('both'))?.pinnedOlder).toEqual([TENANT_SCOPE, configScope(CONFIG)]);
      expect((await found('tenant'))?.pinnedOlder).toEqual([TENANT_SCOPE]);
      expect((await found('alone'))?.pinnedOlder).toEqual([TENANT_SCOPE]);
      expect((await found('run'))?.pinnedOlder).toEqual([]);
    });

    it('that starts one finds nothing of a tenant without keysets', async () => {
      const elsewhere = { ...place, tenantId: NOBODY_ELSE, config: { profile: id<never>('staging') } };
      expect(await store.read((tx) => tx.getStart(elsewhere))).toBeUndefined();
    });

    it('that resolves one sees both pinned bundles, and of another tenant none', async () => {
      expect(await store.read((tx) => tx.getResolution(pinned))).toEqual({
        execution: execution('run', { configId: CONFIG, tenantRevision: 2, configRevision: 2 }),
        ...{ hasEnded: false, keysRevision: 2, isRevokedSince: false },
        tenantBundle: { revision: 2, ciphertext: bytes(7, 6), toScrub: 0 },
        configBundle: { revision: 2, ciphertext: bytes(7, 6), toScrub: 0 },
      });
      expect(await store.read((tx) => tx.getResolution({ ...pinned, tenantId: NOBODY_ELSE }))).toMatchObject({
        tenantBundle: undefined,
        configBundle: undefined,
      });
      expect(
        await store.read((tx) => tx.getResolution({ ...pinned, executionId: id('none') })),
      ).toBeUndefined();
    });

    it('counts the revocations that concern a pinned revision, of its own scopes', async () => {
      const revoke = (scope: Scope, secret: string, upToRevision: number) =>
        store.write((tx) =>
          tx.insertRevocation(TENANT, scope, { name: name(secret), upToRevision, revokeTime: 1 }),
        );
      const find = async () => {
        const found = await store.read((tx) => tx.getResolution(pinned));
        return [found?.isRevokedSince, found?.tenantBundle?.toScrub, found?.configBundle?.toScrub];
      };
      for (const scope of SCOPES) await revoke(scope, 'N2', 1);
      await revoke(configScope(id('other')), 'N1', 9);
      expect(await find()).toEqual([false, 0, 0]);
      await revoke(SCOPES[1], 'N1', 3);
      expect(await find()).toEqual([true, 0, 1]);
      await revoke(SCOPES[0], 'N1', 2);
      expect(await find()).toEqual([true, 1, 1]);
    });

    it('sees in the log that its execution has ended, though the row does not say so', async () => {
      await store.write((tx) => tx.appendAudit(TENANT, entry));
      const [state, resolution] = await store.read(async (tx) => [
        await tx.getExecutionState(id('run')),
        await tx.getResolution(pinned),
      ]);
      expect([state?.hasEnded, resolution?.hasEnded, state?.execution.endTime]).toEqual([
        true,
        true,
        undefined,
      ]);
    });
  });

  describe('steps of executions that share a commit', () => {
    const RUNS = ['run-1', 'run-2', 'run-3', 'run-4'] as const;
    const pinned = (run: string) => ({
      ...{ executionId: id<never>(run), tenantId: TENANT, configId: undefined },
      ...{ tenantRevision: 1, configRevision: 0 },
    });
    const step = <T>(asksAhead: AskedAhead, body: (tx: WriteTx) => Promise<T>) =>
      current().store.write(body, { tenant: TENANT, asksFirst: true, asksAhead });
    const resolve = (run: string) =>
      step(resolutionAskedAhead(pinned(run)), async (tx) => {
        const found = await tx.getResolution(pinned(run));
        await tx.appendAudit(TENANT, { ...entry, action: 'execution.resolve', executionId: run });
        return found;
      });
    const end = (run: string) =>
      step(stateAskedAhead(pinned(run)), async (tx) => {
        const found = await tx.getExecutionState(id(run));
        if (found === undefined || found.execution.endTime !== undefined) return 'ended';
        await tx.putExecutionEnd(found.execution, 7);
        await tx.appendAudit(TENANT, { ...entry, executionId: run });
        return 'ends';
      });
    const start = (run: string) => {
      const place: StartPlace = {
        ...{ tenantId: TENANT, executionId: id(run), flowId: id('flow-1') },
        config: { profile: id('default') },
      };
      return step(startAskedAhead(place), async (tx) => {
        const found = await tx.getStart(place);
        if (found?.isTaken !== false) return 'taken';
        await tx.insertExecution(execution(run), true);
        await tx.appendAudit(TENANT, { ...entry, action: 'execution.start', executionId: run });
        return 'starts';
      });
    };

    beforeEach(() =>
      current().store.write(async (tx) => {
        await tx.insertTenantKeys({
          ...{ tenantId: TENANT, keysRevision: 1, createTime: 1 },
          ...{ publicKeyset: bytes(1), publicKeysetSignature: bytes(2) },
          ...{ wrappedPrivateKeyset: bytes(3), wrappedBundleKeyset: bytes(4) },
        });
        for (const run of RUNS) await tx.insertExecution(execution(run));
        await tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext: new Uint8Array(5_000).fill(7) });
      }),
    );

    it('are each given a bundle in memory of its own, which they give back', async () => {
      const seen = await Promise.all(
        RUNS.map((run) =>
          step(resolutionAskedAhead(pinned(run)), async (tx) => {
            const bundle = (await tx.getResolution(pinned(run)))?.tenantBundle?.ciphertext ?? bytes();
            const content = [bundle.length, bundle[0], bundle.at(-1)];
            giveBack(bundle);
            return content;
          }),
        ),
      );
      expect(seen).toEqual(RUNS.map(() => [5_000, 7, 7]));
    });

    it('see what was revoked before them, and not what is revoked after them', async () => {
      const revoke = (tx: WriteTx) =>
        tx.insertRevocation(TENANT, TENANT_SCOPE, { name: name('N'), upToRevision: 1, revokeTime: 1 });
      const [before, , after, last] = await Promise.all([
        resolve('run-1'),
        current().store.write(revoke, { tenant: TENANT }),
        resolve('run-2'),
        resolve('run-3'),
      ]);
      expect([before, after, last].map((found) => found?.isRevokedSince)).toEqual([false, true, true]);
    });

    it('see what other steps of the same execution wrote before them', async () => {
      const [first, resolved, second, resolvedEarlier, other] = await Promise.all([
        end('run-1'),
        resolve('run-1'),
        end('run-1'),
        resolve('run-2'),
        end('run-2'),
      ]);
      expect([first, second, other]).toEqual(['ends', 'ended', 'ends']);
      expect([resolved?.execution.endTime, resolvedEarlier?.execution.endTime]).toEqual([7, undefined]);
    });

    it('start an execution once, whoever else starts it', async () => {
      expect(await Promise.all(['new-1', 'new-2', 'new-1', 'run-1'].map(start))).toEqual([
        'starts',
        'starts',
        'taken',
        'taken',
      ]);
    });

    it('append to one log one after the other, also after one of them that failed', async () => {
      const fails = step(stateAskedAhead(pinned('run-2')), async (tx) => {
        await tx.getExecutionState(id('run-2'));
        await tx.appendAudit(TENANT, entry);
        throw new Error('changed its mind');
      });
      const [, failed] = await Promise.allSettled([end('run-1'), fails, end('run-3'), end('run-4')]);
      expect(failed?.status).toBe('rejected');
      const events = await current().store.read((tx) =>
        tx.listAuditEvents(TENANT, { oldestFirst: true }, { limit: 9 }),
      );
      expect(events.map(({ sequence, executionId }) => `${sequence}: ${executionId}`)).toEqual([
        '1: run-1',
        '2: run-3',
        '3: run-4',
      ]);
    });
  });

  describe('an audit log within one group of writes', () => {
    it('is chained on, also after a write of the group was undone', async () => {
      const { store } = current();
      const append = (index: number, options: { readonly asksFirst?: boolean }) =>
        store.write(
          async (tx) => {
            if (!options.asksFirst) await tx.appendAudit(TENANT, { ...entry, time: index });
            if (index % 3 === 0) throw new Error('no');
            if (options.asksFirst) await tx.appendAudit(TENANT, { ...entry, time: index });
          },
          { ...options, tenant: TENANT },
        );
      const writes = Array.from({ length: 60 }, (_, index) =>
        append(index, index % 2 === 0 ? {} : { asksFirst: true }),
      );
      await Promise.allSettled(writes);
      const events = await store.read((tx) =>
        tx.listAuditEvents(TENANT, { oldestFirst: true }, { limit: 100 }),
      );
      expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
      expect(new Set(events.map(({ time }) => time))).toEqual(
        new Set(Array.from({ length: 60 }, (_, index) => index).filter((index) => index % 3 !== 0)),
      );
      const again = await store.write((tx) => tx.appendAudit(TENANT, entry), { tenant: TENANT });
      expect(again.sequence).toBe(41);
    });
  });
}
