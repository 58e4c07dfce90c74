/** Which writes share a commit and a wait for the disk. */

import { expect, it, jest } from '@jest/globals';
import { parseTenantId } from '../../src/domain/ids';
import { GroupCommit, type WriteConnection } from '../../src/store/group-commit';
import { Ballast } from '../../src/store/sqlite/ballast';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { SqliteWriteConnection } from '../../src/store/sqlite/write-connection';
import { TENANT_SCOPE } from '../../src/domain/scope';
import type { WriteTx } from '../../src/store/store';
import { CallUnderWay } from '../../src/work/pace';
import { bytes, entry, name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();

/** How often the disk is waited for, where each write takes so long by the clock. */
async function waitsFor(writes: number, eachMs: number): Promise<number> {
  await disk.withStore(async () => {});
  const connection = new SqliteConnection(disk.path, { readonly: false });
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  let waited = 0;
  const log = { flush: async () => void waited++, close: () => {} };
  const writer = new GroupCommit(
    new SqliteWriteConnection(connection, log, new Ballast(disk.path), 100),
    9_999,
  );
  const append = () =>
    writer.write((tx) => {
      now += eachMs;
      return tx.appendAudit(TENANT, entry({}));
    });
  const ends = await Promise.all(Array.from({ length: writes }, append));
  await writer.close();
  clock.mockRestore();
  // In the order in which they were asked for.
  expect(ends.map(({ sequence }) => sequence)).toEqual(ends.map((_, index) => index + 1));
  return waited;
}

it.each([
  [1, 1],
  [64, 1],
  [65, 2],
  [128, 2],
])(
  '%d quick writes that are asked for at the same time wait for the disk %d times',
  async (writes, waits) => {
    expect(await waitsFor(writes, 0)).toBe(waits);
  },
);

it.each([
  [32, 1],
  [33, 2],
  [64, 2],
  [96, 3],
])('%d slow ones wait for it %d times', async (writes, waits) => {
  expect(await waitsFor(writes, 1)).toBe(waits);
});

it.each([
  // Those that begin at 0, 30, 60 and 90 ms, and so on.
  [10, 30, 3],
  [3, 1_000, 3],
])('%d of one tenant that take %d ms wait for it %d times', async (writes, eachMs, waits) => {
  expect(await waitsFor(writes, eachMs)).toBe(waits);
});

it.each([
  [1, ['write', 'turn']],
  [2, ['turn', 'write']],
])('of %d calls under way a write and the end of the turn come so: %j', async (count, expected) => {
  await disk.withStore(async (store) => {
    const calls = Array.from({ length: count }, () => new CallUnderWay());
    const order: string[] = [];
    setImmediate(() => order.push('turn'));
    await store.write(async () => void order.push('write'));
    for (const call of calls) call.over();
    expect(order).toEqual(expected);
  });
});

it('a tenant whose writes take long has one carried out before each of the others had a turn, and no more', async () => {
  const connection = {
    ...{
      inTransaction: true,
      session: () => ({ end: () => {} }),
      begin: async () => true,
      savepoint: async () => true,
    },
    ...Object.fromEntries(
      ['undo', 'release', 'commit', 'rollback', 'scrub', 'close'].map((name) => [name, async () => {}]),
    ),
  } as unknown as WriteConnection;
  const writer = new GroupCommit(connection, 9_999);
  let now = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
  const order: string[] = [];
  const write = (tenant: string) =>
    writer
      .write(async () => void (now += 1_000), { tenant: parseTenantId(tenant) })
      .then(() => order.push(tenant));
  await Promise.all(['loud', 'loud', 'loud', 'quiet', 'silent'].map(write));
  clock.mockRestore();
  expect(order).toEqual(['loud', 'quiet', 'silent', 'loud', 'loud']);
});

it('puts a ciphertext where another write of the same commit made room, also after one that was undone', async () => {
  const put = (secretName: string, version: number) => (tx: WriteTx) =>
    tx.putSecret(TENANT, TENANT_SCOPE, secret(secretName, version));
  const remove = (secretName: string, version: number) => (tx: WriteTx) =>
    tx.deleteSecret(TENANT, TENANT_SCOPE, name(secretName), version);
  const places = () =>
    disk.withRaw((db) => [
      db.prepare('select name, ciphertext_id from secrets').raw().all(),
      db.prepare('select id from ciphertexts').pluck().all(),
    ]);
  await disk.withStore(async (store) => {
    await Promise.all([put('A', 1), remove('A', 2), put('B', 3)].map((body) => store.write(body)));
    expect(places()).toEqual([[['B', 1]], [1]]);
    const outcomes = await Promise.allSettled(
      [
        remove('B', 4),
        async (tx: WriteTx) => {
          await put('C', 5)(tx);
          await put('D', 6)(tx);
          throw new Error('changed its mind');
        },
        put('B', 5),
      ].map((body) => store.write(body)),
    );
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true]);
    expect(places()).toEqual([[['B', 1]], [1]]);
    const rows = await store.read((tx) => tx.findSealedSecrets(TENANT, TENANT_SCOPE));
    expect(rows.map((row) => `${row.name}: ${row.ciphertext.join()}`)).toEqual(['B: 5']);
  });
});

const keys = (keysRevision: number) => ({
  ...{ tenantId: TENANT, keysRevision, createTime: 1 },
  ...{ publicKeyset: bytes(1), publicKeysetSignature: bytes(2) },
  ...{ wrappedPrivateKeyset: bytes(3), wrappedBundleKeyset: bytes(4) },
});

it('asks once for writes that share a commit which keysets are the newest, and for bundles that nobody needs', async () => {
  await disk.withStore(async (store) => {
    await store.write(async (tx) => {
      await tx.insertTenant({ tenantId: TENANT, displayName: 'Acme', createTime: 1 });
      await tx.insertTenantKeys(keys(1));
    });
    const run = jest.spyOn(SqliteConnection.prototype, 'run');
    const add = (secretName: string, version: number) =>
      store.write(async (tx) => {
        const revision = await tx.getTenantKeysRevision(TENANT);
        await tx.putSecret(TENANT, TENANT_SCOPE, secret(secretName, version), true);
        await tx.dropUnpinnedBundlesLater(TENANT, TENANT_SCOPE, 1);
        return revision;
      });
    expect(await Promise.all([add('A', 1), add('B', 2), add('C', 3)])).toEqual([1, 1, 1]);
    const asked = (what: RegExp) => run.mock.calls.filter(([sql]) => what.test(sql)).length;
    expect(asked(/from "tenant_keys"/)).toBe(1);
    expect(asked(/delete from "bundles"/)).toBe(1);
    // Whether there is a row of that name was asked by whoever says that there is none.
    expect(asked(/^select .* from "secrets"/)).toBe(0);
    run.mockRestore();
  });
});

it('tells of keysets that another write of the same commit put, and of none that was undone', async () => {
  await disk.withStore(async (store) => {
    await store.write((tx) => tx.insertTenant({ tenantId: TENANT, displayName: 'Acme', createTime: 1 }));
    const revision = () => store.write((tx) => tx.getTenantKeysRevision(TENANT));
    const rotate = (keysRevision: number, thenFails: boolean) =>
      store
        .write(async (tx) => {
          await tx.insertTenantKeys(keys(keysRevision));
          expect(await tx.getTenantKeysRevision(TENANT)).toBe(keysRevision);
          if (thenFails) throw new Error('changed its mind');
        })
        .catch(() => 'undone');
    const outcomes = [revision(), rotate(1, false), revision(), rotate(2, true), revision()];
    expect(await Promise.all(outcomes)).toEqual([undefined, undefined, 1, 'undone', 1]);
  });
});
