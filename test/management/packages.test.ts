/** Packages: what they declare, whose they are, which secrets a tenant lacks. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { operatorPackagesHandlers } from '../../src/execution/packages';
import {
  MoveHandleRequestSchema,
  RemovePackageRequestSchema,
} from '../../src/gen/axiom/packages/v1/packages_pb';
import type { PackageRecord } from '../../src/store/records';
import { filled, member, OPERATOR, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

describe('Packages', () => {
  const manifest = (version: string, name = 'my-org/greeter') =>
    text(
      `name: ${name}\nversion: ${version}\nlanguage: python\nnodes:\n  - {name: Greet, input: A, output: B, required_secrets: [HAVE, LACK]}\n  - {name: Wave, input: A, output: B, required_secrets: [LACK]}\n`,
    );

  it('show required_secrets per node, and which of them this tenant has or lacks', async () => {
    await rooms.secrets.addSecret(admin, { name: 'HAVE', content: { case: 'value', value: text('x') } });
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

  it('are answered by every name under which they could be published', async () => {
    await rooms.packages.publishPackage(admin, {
      manifest: text('name: My_Org/Greeter\nversion: 0.1.0\nlanguage: python\n'),
    });
    expect((await rooms.packages.getPackage(admin, { name: 'My_Org/Greeter' })).package?.version).toBe(
      '0.1.0',
    );
  });

  it('are refused before anything is written where their listing would be larger than an answer may be', async () => {
    const names = Array.from({ length: 1_000 }, (_, i) => `KEY_${i}`.padEnd(40, '_')).join(', ');
    const node = (i: number) =>
      `  - {name: ${`N${i}`.padEnd(60, 'x')}, input: A, output: B, required_secrets: *s}\n`;
    const large = `name: my-org/large\nversion: 1.0.0\nlanguage: python\nx: &s [${names}]\nnodes:\n${Array.from({ length: 20 }, (_, i) => node(i)).join('')}`;
    await expect(rooms.packages.publishPackage(admin, { manifest: text(large) })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/makes a listing of \d{7} bytes, and 1048576 are the most/),
    });
    expect((await rooms.packages.listPackages(admin)).packages).toEqual([]);
  });

  it('are listed without their nodes where those were published before there was a limit', async () => {
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') });
    const node = { description: '', input: 'A', output: 'B', pipeline: false };
    const nodes = (count: number, requiredSecrets: string[]) =>
      Array.from({ length: count }, () => ({ ...node, name: 'N'.repeat(128), requiredSecrets }));
    await insert('my-org/huge', '1.0.0', nodes(3_000, ['KEY'.repeat(100)]));
    await insert(
      'my-org/wide',
      '1.0.0',
      nodes(
        1,
        Array.from({ length: 20_000 }, (_, i) => `${i}`),
      ),
    );
    const { packages } = await rooms.packages.listPackages(admin);
    const shown = packages?.map((one) => [one.name, one.nodes?.length, one.nodesOmitted]);
    expect(shown).toEqual([
      ['my-org/greeter', 2, false],
      ['my-org/huge', 0, true],
      ['my-org/wide', 0, true],
    ]);
    const huge = await rooms.packages.getPackage(admin, { name: 'my-org/huge' });
    expect(huge.package).toMatchObject({ nodesOmitted: true, versions: ['1.0.0'] });
  });

  it('are bounded: 500 versions of one, 1,000 of a tenant, 64 MiB in all', async () => {
    const publish = (name: string, version: string) =>
      rooms.packages.publishPackage(admin, { manifest: manifest(version, name) });
    await rooms.store.write(async (tx) => {
      for (let i = 0; i < 500; i++) await tx.insertPackage(record('my-org/old', `0.0.${i}`));
    });
    await expect(publish('my-org/old', '1.0.0')).rejects.toThrow(
      /my-org\/old has 500 versions, the most it can/,
    );
    await rooms.store.write(async (tx) => {
      await tx.claimHandle('mine', tenantId);
      for (let i = 0; i < 1_000; i++) await tx.insertPackage(record(`mine/p${i}`, '1.0.0'));
    });
    await expect(publish('mine/more', '1.0.0')).rejects.toThrow(
      /has published 1000 packages, the most it can/,
    );
    await publish('mine/p1', '1.1.0');
    await rooms.store.write((tx) =>
      tx.insertPackage({ ...record('mine/p2', '1.1.0'), manifest: new Uint8Array(64 * 1024 * 1024) }),
    );
    await expect(publish('mine/p1', '1.2.0')).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    await rooms.packages.unpublishPackage(admin, { name: 'mine/p2', version: '1.1.0' });
    await publish('mine/p1', '1.2.0');
  });

  it('are unpublished by their tenant, and their version stays taken', async () => {
    await rooms.addTenant('other');
    for (const version of ['1.0.0', '1.1.0'])
      await rooms.packages.publishPackage(admin, { manifest: manifest(version) });
    const which = { name: 'my-org/greeter', version: '1.1.0' };
    await expect(rooms.packages.unpublishPackage(member('other'), which)).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    await rooms.packages.unpublishPackage(admin, which);
    await expect(rooms.packages.unpublishPackage(admin, which)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await rooms.packages.getPackage(admin, { name: which.name })).package).toMatchObject({
      version: '1.0.0',
      versions: ['1.0.0'],
    });
    await expect(rooms.packages.publishPackage(admin, { manifest: manifest('1.1.0') })).rejects.toThrow(
      'my-org/greeter@1.1.0 was published and stays taken; raise the version in axiom.yaml',
    );
    const { events } = await rooms.audit.listAuditEvents(admin, { action: 'package.unpublish' });
    expect(events?.map((event) => event.resource)).toEqual(['my-org/greeter@1.1.0']);
  });

  it('are removed by the operator, who also moves a handle to another tenant', async () => {
    await rooms.addTenant('other');
    await rooms.packages.publishPackage(admin, { manifest: manifest('1.0.0') });
    const operator = operatorPackagesHandlers(rooms.execution);
    const remove = (version: string) =>
      operator.removePackage(
        OPERATOR,
        filled(RemovePackageRequestSchema, { name: 'my-org/greeter', version }),
      );
    const move = (handle: string, to: string) =>
      operator.moveHandle(OPERATOR, filled(MoveHandleRequestSchema, { handle, tenantId: to }));
    await remove('1.0.0');
    await expect(remove('1.0.0')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await rooms.packages.listPackages(admin)).packages).toEqual([]);
    await expect(move('nobody', 'other')).rejects.toMatchObject({ reason: 'HANDLE_NOT_FOUND' });
    await expect(move('my-org', 'nobody')).rejects.toMatchObject({ reason: 'TENANT_NOT_FOUND' });
    expect(await move('my-org', 'other')).toEqual({ previousTenantId: 'acme' });
    await expect(rooms.packages.publishPackage(admin, { manifest: manifest('2.0.0') })).rejects.toMatchObject(
      { reason: 'HANDLE_TAKEN' },
    );
    await rooms.packages.publishPackage(member('other'), { manifest: manifest('2.0.0') });
    for (const [tenant, action] of [
      ['acme', 'handle.move_out'],
      ['other', 'handle.move_in'],
    ] as const) {
      const { events } = await rooms.audit.listAuditEvents(member(tenant), { action });
      expect(events).toMatchObject([{ resource: 'my-org', principal: 'operator' }]);
    }
  });
});

const { tenantId } = admin.principal;

const record = (name: string, version: string, nodes: PackageRecord['nodes'] = []): PackageRecord => ({
  ...{ name, version, nodes, language: 'python', description: '' },
  ...{ manifest: new Uint8Array(), publishedBy: tenantId, createTime: 0 },
});

const insert = (name: string, version: string, nodes: PackageRecord['nodes']) =>
  rooms.store.write((tx) => tx.insertPackage(record(name, version, nodes)));
