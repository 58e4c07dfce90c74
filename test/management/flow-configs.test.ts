/** Flow configs: profiles, the tenant default, overrides by name. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

const seconds = (value: number) => ({ seconds: BigInt(value), nanos: 0 });

describe('Flow configs', () => {
  const create = async (profileName = '', nodeTimeout?: number) => {
    const timeout = nodeTimeout === undefined ? {} : { nodeTimeout: seconds(nodeTimeout) };
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, {
      flowId: 'flow',
      profileName,
      ...timeout,
    });
    return flowConfig ?? {};
  };
  const timeoutOf = async (config?: string) => {
    const chosen = config === undefined ? {} : { config: { case: 'profileName', value: config } as const };
    return Number((await rooms.start(chosen)).nodeTimeout?.seconds);
  };

  it('resolve the node timeout: the profile, then the tenant default, then the platform’s 300 seconds', async () => {
    await create('eu', 20);
    await create('us');
    expect(await timeoutOf()).toBe(300);
    await rooms.configs.updateTenantDefault(admin, { nodeTimeout: seconds(100) });
    expect([await timeoutOf(), await timeoutOf('us'), await timeoutOf('eu')]).toEqual([100, 100, 20]);
    await rooms.configs.updateTenantDefault(admin, {});
    expect(await timeoutOf('us')).toBe(300);
  });

  it('apply a flow’s default profile when the invocation names no config', async () => {
    expect(await create('', 7)).toMatchObject({ profileName: 'default' });
    expect(await timeoutOf()).toBe(7);
    await expect(create('')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  it('fail the start of an execution that names a config which is not the flow’s', async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'another' });
    const config = { case: 'configId', value: flowConfig?.configId ?? '' } as const;
    await expect(rooms.start({ config })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(timeoutOf('nope')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each([0, 3_601, -1])('refuse a node timeout of %s seconds', async (value) => {
    await expect(create('eu', value)).rejects.toMatchObject({ fields: [{ field: 'node_timeout' }] });
    await expect(
      rooms.configs.updateTenantDefault(admin, { nodeTimeout: seconds(value) }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('can be renamed and changed, by whoever read their latest state', async () => {
    const created = await create('eu', 20);
    const configId = created.configId ?? '';
    await create('us');
    const etag = created.etag ?? '';
    const { flowConfig } = await rooms.configs.updateFlowConfig(admin, {
      configId,
      profileName: 'emea',
      etag,
    });
    expect(flowConfig).toMatchObject({ profileName: 'emea', nodeTimeout: { seconds: 20n } });
    await expect(
      rooms.configs.updateFlowConfig(admin, { configId, profileName: 'x', etag }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(
      rooms.configs.updateFlowConfig(admin, { configId, profileName: 'us' }),
    ).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    const both = { configId, clearNodeTimeout: true, nodeTimeout: seconds(20) };
    await expect(rooms.configs.updateFlowConfig(admin, both)).rejects.toMatchObject({
      fields: [{ field: 'clear_node_timeout' }],
    });
    const cleared = await rooms.configs.updateFlowConfig(admin, { configId, clearNodeTimeout: true });
    expect(cleared.flowConfig).not.toHaveProperty('nodeTimeout');
    await rooms.configs.deleteFlowConfig(admin, { configId });
    await expect(rooms.configs.getFlowConfig(admin, { configId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('list which names they override, never the values, and may override a name that the tenant lacks', async () => {
    const { configId = '' } = await create('eu');
    await rooms.configs.setSecretOverride(admin, {
      configId,
      name: 'ONLY_HERE',
      content: { case: 'value', value: text('x') },
    });
    const { flowConfigs } = await rooms.configs.listFlowConfigs(admin, { flowId: 'flow' });
    expect(flowConfigs).toMatchObject([{ overrides: [{ name: 'ONLY_HERE' }] }]);
    const { executionToken } = await rooms.start({ config: { case: 'profileName', value: 'eu' } });
    expect(await rooms.values(executionToken)).toEqual({ ONLY_HERE: 'x' });
    expect(await rooms.values((await rooms.start({})).executionToken)).toEqual({});
  });

  it('are made and changed with an answer that needs nothing read after the write', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-configs-'));
    const store = await openSqliteStore({ path: join(folder, 'store.sqlite') });
    let isGone = false;
    let goes = false;
    const other = await openRooms({
      openStore: async () => ({
        ...store,
        read: (...step) => (isGone ? Promise.reject(new Error('gone')) : store.read(...step)),
        write: async (...step) => {
          const result = await store.write(...step);
          isGone = goes;
          return result;
        },
      }),
    });
    goes = true;
    const { flowConfig } = await other.configs.createFlowConfig(admin, { flowId: 'flow' });
    isGone = false;
    const { configId = '', etag = '' } = flowConfig ?? {};
    const changed = await other.configs.updateFlowConfig(admin, { configId, etag, profileName: 'eu' });
    expect(changed.flowConfig).toMatchObject({ profileName: 'eu', overrides: [] });
    await other.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('name both fields of an override that are wrong', async () => {
    const setting = rooms.configs.setSecretOverride(admin, {
      configId: '',
      name: '',
      content: { case: 'value', value: text('') },
    });
    await expect(setting).rejects.toMatchObject({
      fields: [{ field: 'config_id' }, { field: 'name' }, { field: 'value' }],
    });
    await expect(
      rooms.configs.deleteSecretOverride(admin, { configId: 'x', name: '' }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('page, and list flows that ran or have a profile', async () => {
    for (const profileName of ['c', 'a', 'b']) await create(profileName);
    await rooms.start({ flowId: 'ran' });
    const first = await rooms.configs.listFlowConfigs(admin, { pageSize: 2 });
    const second = await rooms.configs.listFlowConfigs(admin, {
      pageSize: 2,
      pageToken: first.nextPageToken ?? '',
    });
    const profiles = [...(first.flowConfigs ?? []), ...(second.flowConfigs ?? [])].map(
      (one) => one.profileName,
    );
    expect(profiles).toEqual(['a', 'b', 'c']);
    expect((await rooms.configs.listFlows(admin)).flowIds).toEqual(['flow', 'ran']);
    expect((await rooms.configs.getTenantDefault(admin)).tenantDefault).toMatchObject({
      effectiveNodeTimeout: { seconds: 300n },
    });
  });

  it('stop at 1,000 in a tenant', async () => {
    for (let index = 0; index < 1_000; index++) await create(`p${index}`);
    await expect(create('one-more')).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  });
});
