/** "Add a secret in the console": what adding, replacing, deleting and listing mean, whatever the door. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { crc32c } from '../../src/domain/crc32c';
import { DomainError } from '../../src/domain/errors';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

/** The names that stand: what a refused request must not change. */
const names = async () => (await rooms.secrets.listSecretNames(admin)).secrets?.map((one) => one.name);

describe('Saving a secret', () => {
  it('answers with a receipt: name, dates, version, etag and padded length, never the value or its own length', async () => {
    const { receipt } = await rooms.secrets.addSecret(admin, {
      name: 'A',
      content: { case: 'value', value: text('wört') },
    });
    expect(receipt).toMatchObject({ name: 'A', version: 1n, paddedBytes: 64, etag: '"1"' });
    expect(Object.keys(receipt ?? {}).sort()).toEqual([
      'createTime',
      'etag',
      'name',
      'paddedBytes',
      'updateTime',
      'version',
    ]);
  });

  it('keeps the value byte for byte: newlines, PEM files, emoji, NUL', async () => {
    const value = '-----BEGIN KEY-----\r\nabc\n\n😀\u0000\u202eend\n';
    await rooms.secrets.addSecret(admin, { name: 'PEM', content: { case: 'value', value: text(value) } });
    const { executionToken } = await rooms.start({});
    expect(await rooms.values(executionToken)).toEqual({ PEM: value });
  });

  it('never overwrites by accident: adding an existing name fails, replacing a missing one too', async () => {
    await rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('1') } });
    await expect(
      rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('2') } }),
    ).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    await expect(
      rooms.secrets.replaceSecret(admin, { name: 'B', content: { case: 'value', value: text('2') } }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await rooms.values((await rooms.start({})).executionToken)).toEqual({ A: '1' });
  });

  it('refuses a stale etag, so two open tabs cannot overwrite each other unseen', async () => {
    const { receipt } = await rooms.secrets.addSecret(admin, {
      name: 'A',
      content: { case: 'value', value: text('1') },
    });
    const etag = receipt?.etag ?? '';
    await rooms.secrets.replaceSecret(admin, {
      name: 'A',
      content: { case: 'value', value: text('2') },
      etag,
    });
    await expect(
      rooms.secrets.replaceSecret(admin, { name: 'A', content: { case: 'value', value: text('3') }, etag }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(rooms.secrets.deleteSecret(admin, { name: 'A', etag })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    await expect(
      rooms.secrets.deleteSecret(admin, { name: 'A', etag, validateOnly: true }),
    ).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('never repeats a version, not even after delete and add', async () => {
    const versions: bigint[] = [];
    for (let round = 0; round < 3; round++) {
      const { receipt } = await rooms.secrets.addSecret(admin, {
        name: 'A',
        content: { case: 'value', value: text('same') },
      });
      versions.push(receipt?.version as bigint);
      await rooms.secrets.deleteSecret(admin, { name: 'A' });
    }
    expect(new Set(versions).size).toBe(3);
    expect([...versions].sort()).toEqual(versions);
  });

  it('stores nothing that does not match its checksum', async () => {
    const value = text('whole');
    await expect(
      rooms.secrets.addSecret(admin, {
        name: 'A',
        content: { case: 'value', value },
        valueCrc32c: crc32c(value) ^ 1,
      }),
    ).rejects.toMatchObject({ code: 'DATA_LOSS' });
    expect(await names()).toEqual([]);
    await rooms.secrets.addSecret(admin, {
      name: 'A',
      content: { case: 'value', value: text('whole') },
      valueCrc32c: crc32c(text('whole')),
    });
    expect(await names()).toEqual(['A']);
  });

  it('keeps a name’s first date when its value is replaced', async () => {
    const added = await rooms.secrets.addSecret(admin, {
      name: 'A',
      content: { case: 'value', value: text('1') },
    });
    rooms.time.now += 60_000;
    const replaced = await rooms.secrets.replaceSecret(admin, {
      name: 'A',
      content: { case: 'value', value: text('2') },
    });
    expect(replaced.receipt?.createTime).toEqual(added.receipt?.createTime);
    expect(replaced.receipt?.updateTime).not.toEqual(added.receipt?.updateTime);
  });
});

describe('Bad input gets a clear error and changes nothing', () => {
  it.each([
    ['an empty name', '', 'x', ['name']],
    ['a name with a space', 'A B', 'x', ['name']],
    ['a name that starts with a digit', '1A', 'x', ['name']],
    ['a name of 129 characters', 'A'.repeat(129), 'x', ['name']],
    ['the name __proto__', '__proto__', 'x', ['name']],
    ['a name with a NUL', 'A\u0000', 'x', ['name']],
    ['an empty value', 'A', '', ['value']],
    ['a value of 64 KiB and one byte', 'A', 'x'.repeat(65_537), ['value']],
    ['both wrong, named both at once', '', '', ['name', 'value']],
  ])('%s', async (_what, name, value, fields) => {
    const adding = rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text(value) } });
    const error = await Promise.resolve(adding).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect((error as DomainError).fields.map((field) => field.field)).toEqual(fields);
    expect(await names()).toEqual([]);
  });

  it('a value that is not UTF-8', async () => {
    const value = Uint8Array.of(0xff, 0xfe);
    await expect(
      rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value } }),
    ).rejects.toMatchObject({
      fields: [{ field: 'value' }],
    });
  });

  it.each([
    ['a negative page size', { pageSize: -1 }],
    ['a page token of no list', { pageToken: 'bm90IG9uZQ' }],
    ['a page token that is not base64url', { pageToken: '!!' }],
  ])('%s', async (_what, request) => {
    await expect(rooms.secrets.listSecretNames(admin, request)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('wipes the value of a write that was refused', async () => {
    await rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('one') } });
    const value = text('another');
    await expect(
      rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value } }),
    ).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    expect(value).toEqual(new Uint8Array(value.byteLength));
    const override = text('override');
    await expect(
      rooms.configs.setSecretOverride(admin, {
        configId: 'nope',
        name: 'A',
        content: { case: 'value', value: override },
      }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(override).toEqual(new Uint8Array(override.byteLength));
  });
});

describe('A scope has limits', () => {
  it('holds at most 1,000 names', async () => {
    for (let index = 0; index < 1_000; index++)
      await rooms.secrets.addSecret(admin, {
        name: `N${index}`,
        content: { case: 'value', value: text('x') },
      });
    await expect(
      rooms.secrets.addSecret(admin, { name: 'ONE_MORE', content: { case: 'value', value: text('x') } }),
    ).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    await rooms.secrets.replaceSecret(admin, { name: 'N0', content: { case: 'value', value: text('y') } });
    await rooms.secrets.deleteSecret(admin, { name: 'N0' });
    await rooms.secrets.addSecret(admin, { name: 'ONE_MORE', content: { case: 'value', value: text('x') } });
  });

  it('holds at most 1 MiB of values, each counted as it is padded', async () => {
    // 15 times 67,584 bytes and once 34,816 are 1 MiB.
    for (let index = 0; index < 15; index++)
      await rooms.secrets.addSecret(admin, {
        name: `N${index}`,
        content: { case: 'value', value: text('x'.repeat(65_536)) },
      });
    await rooms.secrets.addSecret(admin, {
      name: 'N15',
      content: { case: 'value', value: text('x'.repeat(34_815)) },
    });
    await expect(
      rooms.secrets.addSecret(admin, { name: 'ONE_MORE', content: { case: 'value', value: text('x') } }),
    ).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    await rooms.secrets.replaceSecret(admin, {
      name: 'N0',
      content: { case: 'value', value: text('x'.repeat(65_535)) },
    });
    await rooms.secrets.addSecret(admin, { name: 'ONE_MORE', content: { case: 'value', value: text('x') } });
  });
});

describe('The list shows names and dates, in pages', () => {
  it('goes through all of them once, in byte order, whatever the size of the page', async () => {
    const all = ['a', 'B', '_', 'a.b', 'a-b', 'Z1', 'z'].sort();
    for (const name of all)
      await rooms.secrets.addSecret(admin, { name, content: { case: 'value', value: text('x') } });
    for (const pageSize of [1, 2, 3, 7, 8]) {
      const seen: (string | undefined)[] = [];
      let pageToken = '';
      do {
        const page = await rooms.secrets.listSecretNames(admin, { pageSize, pageToken });
        seen.push(...(page.secrets ?? []).map((one) => one.name));
        pageToken = page.nextPageToken ?? '';
      } while (pageToken !== '');
      expect(seen).toEqual(all);
    }
  });

  it('shows a tenant its own names only', async () => {
    await rooms.addTenant('other');
    await rooms.secrets.addSecret(admin, { name: 'MINE', content: { case: 'value', value: text('x') } });
    expect((await rooms.secrets.listSecretNames(member('other'))).secrets).toEqual([]);
  });
});

describe('Deleting a secret', () => {
  it('names the configs that still override it and the packages that declare it', async () => {
    await rooms.secrets.addSecret(admin, { name: 'KEY', content: { case: 'value', value: text('x') } });
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, {
      flowId: 'checkout',
      profileName: 'eu',
    });
    await rooms.configs.setSecretOverride(admin, {
      configId: flowConfig?.configId ?? '',
      name: 'KEY',
      content: { case: 'value', value: text('y') },
    });
    const manifest = text(
      'name: my-org/pay\nversion: 1.2.0\nlanguage: go\nnodes:\n  - {name: Pay, input: A, output: B, required_secrets: [KEY]}\n',
    );
    await rooms.packages.publishPackage(admin, { manifest });
    const concerned = {
      overridingConfigs: [{ flowId: 'checkout', profileName: 'eu' }],
      declaringPackages: ['my-org/pay@1.2.0'],
    };
    expect(await rooms.secrets.deleteSecret(admin, { name: 'KEY', validateOnly: true })).toMatchObject(
      concerned,
    );
    expect(await names()).toEqual(['KEY']);
    expect(await rooms.secrets.deleteSecret(admin, { name: 'KEY' })).toMatchObject(concerned);
    expect(await names()).toEqual([]);
    await expect(
      rooms.secrets.deleteSecret(admin, { name: 'KEY', validateOnly: true }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('names packages that this tenant runs before those that it never ran', async () => {
    await rooms.secrets.addSecret(admin, { name: 'KEY', content: { case: 'value', value: text('x') } });
    for (const name of ['a-first', 'b-running', 'c-last']) {
      const node = '  - {name: Pay, input: A, output: B, required_secrets: [KEY]}';
      const manifest = `name: my-org/${name}\nversion: 1.2.0\nlanguage: go\nnodes:\n${node}\n`;
      await rooms.packages.publishPackage(admin, { manifest: text(manifest) });
    }
    const { executionToken } = await rooms.start({});
    const read = { name: 'OTHER', found: false, count: 1, node: 'Pay' };
    const reads = [{ ...read, package: 'my-org/b-running', packageVersion: '1.1.0' }];
    await rooms.reportReads({ executions: [{ executionToken, reads }] });
    expect(await rooms.secrets.deleteSecret(admin, { name: 'KEY', validateOnly: true })).toMatchObject({
      declaringPackages: ['my-org/b-running@1.2.0', 'my-org/a-first@1.2.0', 'my-org/c-last@1.2.0'],
      declaringPackagesInUse: 1,
    });
  });
});

describe('A tenant whose keyset was swapped', () => {
  it('gets nothing sealed to the key that was put in its place', async () => {
    await rooms.addTenant('attacker');
    await rooms.store.write(async (tx) => {
      const stolen = await tx.getTenantKeys('attacker' as never);
      if (stolen !== undefined)
        await tx.insertTenantKeys({ ...stolen, tenantId: 'acme' as never, keysRevision: 2 });
    });
    await expect(
      rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('x') } }),
    ).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
    });
    expect(await names()).toEqual([]);
  });
});
