/** Flow configs and flows, as every engine must keep them. */

import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ProfileName } from '../../../src/domain/ids';
import { configScope } from '../../../src/domain/scope';
import type { Store } from '../../../src/store/store';
import { bytes, config, CONFIG, execution, id, name, secret, TENANT } from '../rows';
import type { TestDatabase } from '../test-database';

export function describeFlowConfigs(current: () => TestDatabase): void {
  describe('flow configs', () => {
    let store: Store;
    beforeEach(() => {
      store = current().store;
    });

    it('keeps, finds, changes and counts them', async () => {
      const record = config('c1', 'flow-a', 'prod');
      await store.write((tx) => tx.insertFlowConfig(TENANT, record));
      const changed = {
        ...record,
        profileName: id<ProfileName>('live'),
        nodeTimeoutSeconds: undefined,
        revision: 2,
      };
      await store.read(async (tx) => {
        expect(await tx.getFlowConfig(TENANT, id('c1'))).toEqual(record);
        expect(await tx.getFlowConfig(id('other'), id('c1'))).toBeUndefined();
        expect(await tx.findFlowConfig(TENANT, id('flow-a'), id('prod'))).toEqual(record);
        expect(await tx.countFlowConfigs(TENANT)).toBe(1);
      });
      await store.write((tx) => tx.updateFlowConfig(TENANT, changed));
      await store.read(async (tx) => {
        expect(await tx.getFlowConfig(TENANT, id('c1'))).toEqual(changed);
        expect(await tx.findFlowConfig(TENANT, id('flow-a'), id('prod'))).toBeUndefined();
        expect(await tx.countFlowConfigs(id('other'))).toBe(0);
      });
    });

    it('refuses two profiles of one name in one flow', async () => {
      await store.write((tx) => tx.insertFlowConfig(TENANT, config('c1', 'flow-a', 'prod')));
      await expect(
        store.write((tx) => tx.insertFlowConfig(TENANT, config('c2', 'flow-a', 'prod'))),
      ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    });

    it('lists them by flow and profile, page by page, of one flow or of all', async () => {
      await store.write(async (tx) => {
        await tx.insertFlowConfig(TENANT, config('c1', 'flow-b', 'a'));
        await tx.insertFlowConfig(TENANT, config('c2', 'flow-a', 'b'));
        await tx.insertFlowConfig(TENANT, config('c3', 'flow-a', 'a'));
      });
      const list = (flow: string | undefined, limit: number, after?: string) =>
        store.read(async (tx) =>
          (await tx.listFlowConfigs(TENANT, flow === undefined ? undefined : id(flow), { limit, after })).map(
            (c) => c.configId,
          ),
        );
      expect(await list(undefined, 2)).toEqual(['c3', 'c2']);
      expect(await list(undefined, 2, 'flow-a\u0000b')).toEqual(['c1']);
      expect(await list('flow-a', 9)).toEqual(['c3', 'c2']);
      expect(await list('flow-a', 9, 'flow-a\u0000a')).toEqual(['c2']);
    });

    it('deletes a config with its overrides; running executions keep what they pinned', async () => {
      const scope = configScope(CONFIG);
      await store.write(async (tx) => {
        await tx.insertFlowConfig(TENANT, config(CONFIG, 'flow-a', 'a'));
        await tx.insertFlowConfig(TENANT, config('c2', 'flow-a', 'b'));
        await tx.putSecret(TENANT, scope, secret('A', 1));
        await tx.putBundle(TENANT, scope, { revision: 1, ciphertext: bytes(1) });
        await tx.putSecret(TENANT, scope, secret('B', 2));
        await tx.putBundle(TENANT, scope, { revision: 2, ciphertext: bytes(2) });
        await tx.insertExecution(execution('e', { configId: CONFIG, configRevision: 1 }));
      });
      await store.write((tx) => tx.deleteFlowConfig(TENANT, CONFIG, 10));
      await store.write((tx) => tx.deleteFlowConfig(TENANT, id('c2'), 10));
      await store.read(async (tx) => {
        expect(await tx.getFlowConfig(TENANT, CONFIG)).toBeUndefined();
        expect(await tx.listSealedSecrets(TENANT, scope)).toEqual([]);
        expect(await tx.getScope(TENANT, scope)).toEqual({ revision: 3, names: 0, bytes: 0 });
        expect(await tx.getBundle(TENANT, scope)).toMatchObject({ revision: 1, ciphertext: bytes(1) });
        expect(await tx.listConfigsOverriding(TENANT, name('A'))).toEqual([]);
      });
    });

    it('lists flows that ran or have a profile, each once', async () => {
      await store.write(async (tx) => {
        await tx.insertFlowConfig(TENANT, config('c1', 'flow-b', 'a'));
        await tx.insertFlowConfig(TENANT, config('c2', 'flow-b', 'b'));
        await tx.insertExecution(execution('e1', { flowId: id('flow-b') }));
        await tx.insertExecution(execution('e2', { flowId: id('flow-a') }));
        await tx.insertExecution(execution('e3', { flowId: id('flow-a') }));
      });
      const list = (limit: number, after?: string) =>
        store.read((tx) => tx.listFlows(TENANT, { limit, after }));
      expect(await list(9)).toEqual(['flow-a', 'flow-b']);
      expect(await list(1)).toEqual(['flow-a']);
      expect(await list(9, 'flow-a')).toEqual(['flow-b']);
      await store.write((tx) => tx.deleteFlowConfig(TENANT, id('c1'), 1));
      expect(await list(9)).toEqual(['flow-a', 'flow-b']);
    });

    it('keeps a tenant’s default', async () => {
      const get = () => store.read((tx) => tx.getTenantDefault(TENANT));
      expect(await get()).toBeUndefined();
      for (const record of [
        { nodeTimeoutSeconds: 30, revision: 1 },
        { nodeTimeoutSeconds: undefined, revision: 2 },
      ]) {
        await store.write((tx) => tx.putTenantDefault(TENANT, record));
        expect(await get()).toEqual(record);
      }
    });
  });
}
