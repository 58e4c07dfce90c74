/** Flow configs, API keys, packages, usage and the audit log, whatever the door. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
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
    return Number((await rooms.start(chosen)).nodeTimeout.seconds);
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
    await rooms.configs.setSecretOverride(admin, { configId, name: 'ONLY_HERE', value: text('x') });
    const { flowConfigs } = await rooms.configs.listFlowConfigs(admin, { flowId: 'flow' });
    expect(flowConfigs).toMatchObject([{ overrides: [{ name: 'ONLY_HERE' }] }]);
    const { executionToken } = await rooms.start({ config: { case: 'profileName', value: 'eu' } });
    expect(await rooms.values(executionToken)).toEqual({ ONLY_HERE: 'x' });
    expect(await rooms.values((await rooms.start({})).executionToken)).toEqual({});
  });

  it('name both fields of an override that are wrong', async () => {
    const setting = rooms.configs.setSecretOverride(admin, { configId: '', name: '', value: text('') });
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

describe('API keys', () => {
  const create = (ttl?: number) =>
    rooms.access.createApiKey(admin, {
      displayName: ' bot ',
      role: Role.EDITOR,
      ...(ttl !== undefined && { ttl: seconds(ttl) }),
    });

  it('are shown once, and listed masked after', async () => {
    const { rawKey = '', apiKey } = await create(3_600);
    expect(rawKey).toMatch(/^axk_[0-9a-f]{64}$/);
    expect(apiKey).toMatchObject({
      displayName: 'bot',
      role: Role.EDITOR,
      maskedKey: `${rawKey.slice(0, 8)}…${rawKey.slice(-4)}`,
    });
    const listed = await rooms.access.listApiKeys(admin);
    expect(
      JSON.stringify(listed, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(rawKey);
    expect(listed.apiKeys).toHaveLength(2);
  });

  it('page by age, and can be revoked at once and again', async () => {
    const made = [await create(), await create()];
    const first = await rooms.access.listApiKeys(admin, { pageSize: 2 });
    const rest = await rooms.access.listApiKeys(admin, { pageSize: 2, pageToken: first.nextPageToken ?? '' });
    expect([first.apiKeys?.length, rest.apiKeys?.length]).toEqual([2, 1]);
    const keyId = made[0]?.apiKey?.keyId ?? '';
    await rooms.access.revokeApiKey(admin, { keyId });
    await rooms.access.revokeApiKey(admin, { keyId });
    await expect(rooms.access.revokeApiKey(admin, { keyId: 'nope' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await rooms.addTenant('other');
    await expect(rooms.access.revokeApiKey(member('other'), { keyId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { apiKeys } = await rooms.access.listApiKeys(admin);
    expect(apiKeys?.filter((key) => key.revokeTime !== undefined).map((key) => key.keyId)).toEqual([keyId]);
  });

  it.each([
    ['no name', { role: Role.ADMIN }, 'display_name'],
    ['a name with a line break', { displayName: 'a\nb', role: Role.ADMIN }, 'display_name'],
    ['no role', { displayName: 'x' }, 'role'],
    ['a life of a second', { displayName: 'x', role: Role.ADMIN, ttl: seconds(1) }, 'ttl'],
  ])('are refused with %s', async (_what, request, field) => {
    await expect(rooms.access.createApiKey(admin, request)).rejects.toMatchObject({ fields: [{ field }] });
  });

  it('say who their bearer is', async () => {
    expect(await rooms.access.whoAmI(member('acme', 'viewer'))).toMatchObject({
      tenantId: 'acme',
      role: Role.VIEWER,
    });
  });
});

describe('Packages', () => {
  const manifest = (version: string, name = 'my-org/greeter') =>
    text(
      `name: ${name}\nversion: ${version}\nlanguage: python\nnodes:\n  - {name: Greet, input: A, output: B, required_secrets: [HAVE, LACK]}\n  - {name: Wave, input: A, output: B, required_secrets: [LACK]}\n`,
    );

  it('show required_secrets per node, and which of them this tenant has or lacks', async () => {
    await rooms.secrets.addSecret(admin, { name: 'HAVE', value: text('x') });
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') });
    const shown = await rooms.packages.getPackage(admin, { name: 'my-org/greeter' });
    const both = [
      { name: 'HAVE', registered: true, nodes: ['Greet'] },
      { name: 'LACK', registered: false, nodes: ['Greet', 'Wave'] },
    ];
    expect(shown.package).toMatchObject({ requiredSecrets: both });
    await rooms.addTenant('other');
    const others = await rooms.packages.getPackage(member('other'), { name: 'my-org/greeter' });
    expect(others.package).toMatchObject({
      requiredSecrets: both.map((one) => ({ ...one, registered: false })),
    });
  });

  it('never change a published version, and belong to who published under the handle first', async () => {
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') });
    await expect(rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') })).rejects.toMatchObject(
      { code: 'ALREADY_EXISTS' },
    );
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.1.0') });
    await rooms.addTenant('other');
    await expect(
      rooms.packages.publishPackage(member('other'), { manifest: manifest('2.0.0') }),
    ).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    await rooms.packages.publishPackage(member('other'), { manifest: manifest('1.0.0', 'their-org/x') });
    const { packages } = await rooms.packages.listPackages(admin);
    expect(packages).toMatchObject([
      { name: 'my-org/greeter', version: '1.1.0', versions: ['1.1.0', '1.0.0'] },
      { name: 'their-org/x' },
    ]);
    expect(
      (await rooms.packages.getPackage(admin, { name: 'my-org/greeter', version: '1.0.0' })).package,
    ).toMatchObject({ version: '1.0.0' });
    await expect(
      rooms.packages.getPackage(admin, { name: 'my-org/greeter', version: '9.9.9' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(rooms.packages.getPackage(admin, { name: 'nameless' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('are refused whole when their manifest has an error, with its place', async () => {
    const broken = text('name: my-org/greeter\nversion: one\nlanguage: cobol\n');
    await expect(rooms.packages.publishPackage(admin, { manifest: broken })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(rooms.packages.publishPackage(admin, { manifest: broken })).rejects.toThrow(
      /line 2.*line 3/s,
    );
    expect((await rooms.packages.listPackages(admin)).packages).toEqual([]);
  });

  it('need a handle to be published under, though not to be built and tested', async () => {
    const publishing = rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0', 'greeter') });
    await expect(publishing).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field: 'manifest' }],
    });
  });
});

describe('Usage: what nodes really read', () => {
  const report = async (token: string, reads: { name: string; found: boolean; count?: number }[]) =>
    rooms.reportReads({
      executions: [
        {
          executionToken: token,
          reads: reads.map((one) => ({
            count: 1,
            package: 'my-org/greeter',
            packageVersion: '1.0.0',
            node: 'Greet',
            ...one,
          })),
        },
      ],
    });

  it('shows for each secret when and by which package and node it was last read', async () => {
    for (const name of ['READ', 'NEVER']) await rooms.secrets.addSecret(admin, { name, value: text('x') });
    const { executionToken } = await rooms.start({});
    await report(executionToken, [{ name: 'READ', found: true, count: 3 }]);
    await report(executionToken, [{ name: 'READ', found: true }]);
    const { secrets } = await rooms.usage.listSecretUsage(admin);
    expect(secrets).toMatchObject([
      { name: 'NEVER' },
      { name: 'READ', readCount: 4n, lastReadPackage: 'my-org/greeter@1.0.0', lastReadNode: 'Greet' },
    ]);
    expect(secrets?.[0]).not.toHaveProperty('lastReadTime');
  });

  it('lists secrets that nothing has read for so many days', async () => {
    await rooms.secrets.addSecret(admin, { name: 'OLD', value: text('x') });
    rooms.time.now += 10 * 86_400_000;
    await rooms.secrets.addSecret(admin, { name: 'NEW', value: text('x') });
    const unread = async (unreadDays: number) =>
      (await rooms.usage.listSecretUsage(admin, { unreadDays })).secrets?.map((one) => one.name);
    expect(await unread(7)).toEqual(['OLD']);
    expect(await unread(30)).toEqual([]);
    await expect(rooms.usage.listSecretUsage(admin, { unreadDays: -1 })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('lists names asked for and not found, with the nearest registered name', async () => {
    await rooms.secrets.addSecret(admin, { name: 'ANTHROPIC_API_KEY', value: text('x') });
    const { executionToken } = await rooms.start({});
    await report(executionToken, [
      { name: 'ANTROPIC_APIKEY', found: false },
      { name: 'SOMETHING_ELSE', found: false },
    ]);
    const { misses } = await rooms.usage.listMissedReads(admin);
    expect(misses).toMatchObject([
      { name: 'ANTROPIC_APIKEY', nearestName: 'ANTHROPIC_API_KEY' },
      { name: 'SOMETHING_ELSE', nearestName: '' },
    ]);
  });

  it('is in the audit log by execution and node, with names only', async () => {
    await rooms.secrets.addSecret(admin, { name: 'READ', value: text('x') });
    const { executionToken, executionId } = await rooms.start({});
    await rooms.resolve(executionToken);
    await report(executionToken, [
      { name: 'READ', found: true },
      { name: 'not a name: a value maybe', found: false },
    ]);
    const { events } = await rooms.audit.listAuditEvents(admin, { pageSize: 3 });
    expect(events).toMatchObject([
      { action: 'secret.read', resource: '(not a secret name)', status: 'NOT_FOUND', executionId },
      { action: 'secret.read', resource: 'READ', node: 'my-org/greeter@1.0.0#Greet', executionId },
      { action: 'execution.resolve', count: 1, executionId },
    ]);
  });
});

describe('The audit log', () => {
  it('pages newest first, can be narrowed, and refuses tokens of other lists', async () => {
    for (const name of ['A', 'B', 'C']) await rooms.secrets.addSecret(admin, { name, value: text('x') });
    const first = await rooms.audit.listAuditEvents(admin, { pageSize: 2, action: 'secret.add' });
    expect(first.events?.map((one) => one.resource)).toEqual(['C', 'B']);
    const rest = await rooms.audit.listAuditEvents(admin, {
      pageSize: 2,
      action: 'secret.add',
      pageToken: first.nextPageToken ?? '',
    });
    expect(rest.events?.map((one) => one.resource)).toEqual(['A']);
    expect((await rooms.audit.listAuditEvents(admin, { resource: 'B' })).events).toHaveLength(1);
    const names = await rooms.secrets.listSecretNames(admin, { pageSize: 1 });
    await expect(
      rooms.audit.listAuditEvents(admin, { pageToken: names.nextPageToken ?? '' }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
