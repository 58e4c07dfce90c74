/**
 * First start of the execution half: the KEK, the service's keysets, a tenant and an admin API
 * key. Every step looks whether it is done, so a start that was killed half-way goes on,
 * and later starts change nothing. Runs in the execution server's process, which alone
 * may hold the KEK.
 */

import { createLocalKek, openLocalKek } from '../crypto/kek/local-kek';
import { createKeyring } from '../crypto/open/create-keyring';
import type { Keyring } from '../crypto/open/opener';
import { isApiKey, newApiKey } from '../domain/api-key';
import type { Clock, RandomBytes } from '../domain/clock';
import { parseTenantId } from '../domain/ids';
import { createTenant } from '../execution/tenants';
import type { ServiceKeysRecord } from '../store/records';
import { signedStore } from '../store/signed-store';
import type { Store } from '../store/store';
import { DomainError } from '../domain/errors';
import { readIfThere, writePrivateFile } from '../files/whole-file';
import type { ExecutionDir } from './data-dir';

/** The tenant that the first start makes. */
const FIRST_TENANT = 'default';

/** What the execution server works with after the first start's steps are done. */
export interface Started {
  readonly keyring: Keyring;
  readonly serviceKeys: ServiceKeysRecord;
}

export async function firstStart(
  dir: ExecutionDir,
  {
    store,
    clock,
    randomBytes,
    isFirstStart,
  }: {
    readonly store: Store;
    readonly clock: Clock;
    readonly randomBytes: RandomBytes;
    /** Whether a store without keysets is a new one; else its rows are lost. */
    readonly isFirstStart: boolean;
  },
): Promise<Started> {
  const standing = await store.read((tx) => tx.getServiceKeys());
  const isFirst = (await store.read((tx) => tx.listTenants({ limit: 1 }))).length === 0;
  if (standing === undefined && !isFirst) {
    // New ones would verify no tenant's public keyset, and stand in place of the pinned file.
    throw lost(
      "the service's own keysets are gone from the store, and its tenants are not; restore a backup",
    );
  }
  if (standing === undefined && !isFirstStart) {
    // Served, it would say of every secret that it does not exist.
    throw lost(
      `the store is empty, and ${dir.folder} holds the keys of one that was not; restore a backup, or start anew in an empty folder`,
    );
  }
  // A KEK that went missing is to be restored: a new one would open nothing, and stand in its place.
  const keyring = createKeyring(
    await (standing === undefined ? createLocalKek(dir.kek) : openLocalKek(dir.kek)),
  );
  const serviceKeys = standing ?? (await makeServiceKeys(dir, store, keyring));
  const signer = await keyring.openRowSigner(serviceKeys, readIfThere(dir.writerPublicKeyset));
  const signed = signedStore(store, signer);
  if (isFirst) {
    const adminApiKey = ensureAdminKeyFile(dir, randomBytes);
    const call = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: '' } as const;
    await createTenant(
      { store: signed, keyring, clock, randomBytes },
      call,
      parseTenantId(FIRST_TENANT),
      'Default',
      adminApiKey,
    );
  }
  return { keyring, serviceKeys };
}

function lost(message: string): DomainError {
  return new DomainError('FAILED_PRECONDITION', message, 'STORE_LOST');
}

/** The pinned file is written before the row: until the row is there, both are made again. */
async function makeServiceKeys(
  dir: ExecutionDir,
  store: Store,
  keyring: Keyring,
): Promise<ServiceKeysRecord> {
  const { verifyingKeyset, ...record } = await keyring.createServiceKeys();
  writePrivateFile(dir.verifyingKeyset, verifyingKeyset);
  await store.write((tx) => tx.insertServiceKeys(record));
  return record;
}

/** The key's file is written before its row, so that a key that works is never lost to a crash. */
function ensureAdminKeyFile(dir: ExecutionDir, randomBytes: RandomBytes): string {
  const standing = readIfThere(dir.adminApiKey)?.toString('utf8').trim();
  if (standing !== undefined && isApiKey(standing)) return standing;
  const rawKey = newApiKey(randomBytes);
  writePrivateFile(dir.adminApiKey, `${rawKey}\n`);
  return rawKey;
}
