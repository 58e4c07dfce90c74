/** What a read of an API key on SQLite need not ask again, and that it asks again whatever anybody may have changed. */

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { DomainError } from '../../src/domain/errors';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { signedStore } from '../../src/store/signed-store';
import type { RowSigner } from '../../src/store/signing';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { ReadTx, Store, WriteTx } from '../../src/store/store';
import { apiKey, entry, id, name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const signer: RowSigner = {
  sign: (table, statement) => createHash('sha256').update(table).update(statement).digest(),
  verify: (table, statement, signature) => signer.sign(table, statement).toString() === signature.toString(),
};

const key = apiKey('key-1', 1);
const other = apiKey('key-2', 2);

const disk = sqliteFolder();
let unsigned: Store;
let store: Store;
/** How often a key was asked of the database. */
let asked: number;

beforeEach(async () => {
  unsigned = await openSqliteStore({ path: disk.path });
  store = signedStore(unsigned, signer);
  await write(async (tx) => {
    await tx.insertTenant({ tenantId: TENANT, displayName: 'Acme', createTime: 1 });
    await tx.insertApiKey(key);
    await tx.insertApiKey(other);
  });
  const run = SqliteConnection.prototype.run;
  asked = 0;
  jest.spyOn(SqliteConnection.prototype, 'run').mockImplementation(function (
    this: SqliteConnection,
    ...args
  ) {
    if (/"key_hash" = /.test(args[0])) asked++;
    return run.apply(this, args);
  });
});

afterEach(async () => {
  jest.restoreAllMocks();
  await unsigned.close();
});

function write<T>(body: (tx: WriteTx) => Promise<T>): Promise<T> {
  return store.write(body, { tenant: TENANT });
}

const find = (tx: ReadTx) => tx.findApiKeyByHash(key.keyHash);
const found = (from = store) => from.read(find).catch((error: unknown) => (error as DomainError).code);
const revoke = (tx: WriteTx) => tx.revokeApiKey(TENANT, key.keyId, 7);
const revoked = { ...key, revokeTime: 7 };

it('A key is not asked for again after secrets and events were written', async () => {
  expect(await found()).toEqual(key);
  await write(async (tx) => {
    await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
    await tx.dropUnpinnedBundlesLater(TENANT, TENANT_SCOPE, 1);
    await tx.appendAudit(TENANT, entry({ action: 'secret.add' }));
  });
  await write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 2)));
  await write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 3));
  expect(await found()).toEqual(key);
  expect(asked).toBe(1);
  // Another store believes nothing that this one checked.
  expect(await found(unsigned)).toEqual(key);
  expect(asked).toBe(2);
});

it('A key that is not there is asked for each time', async () => {
  const none = (tx: ReadTx) => tx.findApiKeyByHash('none');
  expect([await store.read(none), await store.read(none)]).toEqual([undefined, undefined]);
  expect(asked).toBe(2);
});

const sets = (sql: string) => async () => disk.withRaw((db) => void db.exec(sql));

it.each<[what: string, change: () => Promise<unknown>, finds: unknown]>([
  ['it was revoked', () => write(revoke), revoked],
  ['it was used', () => write((tx) => tx.touchApiKey(key.keyId, 5)), { ...key, lastUseTime: 5 }],
  ['another one was revoked', () => write((tx) => tx.revokeApiKey(TENANT, other.keyId, 7)), key],
  ['another program changed it', sets("update api_keys set role = 'admin'"), 'DATA_LOSS'],
  ['another program took it away', sets('delete from api_keys'), undefined],
  [
    'another program changed the list',
    sets("update scopes set names = 9 where scope = 'access'"),
    'DATA_LOSS',
  ],
  [
    'the log says that it was revoked',
    () => write((tx) => tx.appendAudit(TENANT, entry({ action: 'api_key.revoke', resource: key.keyId }))),
    'DATA_LOSS',
  ],
  [
    'a store without signatures wrote it anew',
    () => unsigned.write((tx) => tx.revokeApiKey(TENANT, key.keyId, 9)),
    'DATA_LOSS',
  ],
  [
    'its revocation was undone',
    () =>
      write(async (tx) => {
        await revoke(tx);
        throw new Error('changed its mind');
      }).catch(() => undefined),
    key,
  ],
])('A key is asked for again after %s', async (_what, change, finds) => {
  expect(await found()).toEqual(key);
  await change();
  expect(await found()).toEqual(finds);
  expect(asked).toBe(2);
});

it('What is read while a key is written reaches nobody after it', async () => {
  await write(async (tx) => {
    await revoke(tx);
    expect([await found(), await found()]).toEqual([key, key]);
  });
  expect(await found()).toEqual(revoked);
  await write(async (tx) => {
    await tx.touchApiKey(key.keyId, 5);
    expect([await found(), await found()]).toEqual([revoked, revoked]);
  });
  expect(await found()).toEqual({ ...revoked, lastUseTime: 5 });
});

it('What a snapshot from before a revocation shows reaches nobody after it', async () => {
  await store.read(async (tx) => {
    await tx.getApiKey(TENANT, id('key-2'));
    await write(revoke);
    expect(await found()).toEqual(revoked);
    expect(await find(tx)).toEqual(key);
  });
  expect(await found()).toEqual(revoked);
  // Nor does what was on its way when the revocation was committed.
  const reading = Array.from({ length: 8 }, () => found());
  const writing = write((tx) => tx.touchApiKey(key.keyId, 5));
  await Promise.all([...reading, writing, ...Array.from({ length: 8 }, () => found())]);
  expect(await found()).toEqual({ ...revoked, lastUseTime: 5 });
});
