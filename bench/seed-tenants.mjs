// Fills the store of a service that does not run with tenants, for a bench: rows by the store's own code, hundreds to a
// commit, with keysets that threads wrap beside it. Each tenant has its own rows, signatures and wrapped keysets, as
// CreateTenant makes them; the key pairs in the keysets are shared by the tenants of one commit, since making them takes longest.
//
//     node bench/seed-tenants.mjs DATA-DIR COUNT

import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { root } from '../scripts/setup.mjs';

const TENANTS_A_COMMIT = 500;

const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));

export const tenantIdOf = (number) => `seeded-${number}`;

/** Opens what both threads need of the execution half's folder. */
async function openHalf(dataDir) {
  const { dataDirAt } = dist('server/data-dir.js');
  const dir = dataDirAt(dataDir);
  const kek = await dist('crypto/kek/local-kek.js').openLocalKek(dir.execution.kek);
  return { dir, kek, keyring: dist('crypto/open/create-keyring.js').createKeyring(kek) };
}

/** Makes the keysets of the tenants with these numbers, batch by batch. */
async function makeKeysets({ dataDir, wrappedSigningKeyset, numbers }) {
  const { keyring, kek } = await openHalf(dataDir);
  const { wrapKeyset, unwrapKeyset } = dist('crypto/tink/encrypted-keyset.js');
  const { encodePublicKeysetBinding, encodeServiceKeysetBinding, encodeTenantKeysetBinding } =
    dist('crypto/format/binding.js');
  const { createSign } = dist('crypto/tink/ecdsa.js');
  const signing = encodeServiceKeysetBinding('service-signing');
  const sign = createSign(await unwrapKeyset(kek, wrappedSigningKeyset, signing));
  let pair;
  for (let at = 0; at < numbers.length; at += TENANTS_A_COMMIT) {
    const batch = [];
    for (const number of numbers.slice(at, at + TENANTS_A_COMMIT)) {
      const tenantId = tenantIdOf(number);
      const binding = (purpose) => encodeTenantKeysetBinding(tenantId, purpose);
      if (pair === undefined || batch.length === 0) {
        const keys = await keyring.createTenantKeys(tenantId, wrappedSigningKeyset);
        pair = {
          publicKeyset: keys.publicKeyset,
          privateKeyset: await unwrapKeyset(kek, keys.wrappedPrivateKeyset, binding('tenant-private')),
          bundleKeyset: await unwrapKeyset(kek, keys.wrappedBundleKeyset, binding('tenant-bundle')),
        };
      }
      // Who wraps a keyset overwrites it.
      batch.push({
        tenantId,
        publicKeyset: pair.publicKeyset,
        publicKeysetSignature: sign(encodePublicKeysetBinding(tenantId, pair.publicKeyset)),
        wrappedPrivateKeyset: await wrapKeyset(
          kek,
          Uint8Array.from(pair.privateKeyset),
          binding('tenant-private'),
        ),
        wrappedBundleKeyset: await wrapKeyset(
          kek,
          Uint8Array.from(pair.bundleKeyset),
          binding('tenant-bundle'),
        ),
      });
    }
    parentPort.postMessage(batch);
  }
}

/** @returns how many seconds it took. */
export async function seedTenants(dataDir, count) {
  const begun = performance.now();
  const { dir, keyring } = await openHalf(dataDir);
  const { newApiKey, hashApiKey, maskApiKey } = dist('domain/api-key.js');
  const { auditEntry } = dist('domain/audit-entry.js');
  const { randomId } = dist('domain/clock.js');
  const opened = await dist('store/sqlite/open.js').openSqliteStore({
    path: dist('server/data-dir.js').dataDirAt(dataDir).store,
  });
  const serviceKeys = await opened.read((tx) => tx.getServiceKeys());
  const signer = await keyring.openRowSigner(serviceKeys, readFileSync(dir.execution.writerPublicKeyset));
  const store = dist('store/signed-store.js').signedStore(opened, signer);
  const call = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: 'unix' };

  const insert = (batch) =>
    store.write(async (tx) => {
      const now = Date.now();
      for (const { tenantId, ...keys } of batch) {
        await tx.insertTenant({ tenantId, displayName: tenantId, createTime: now });
        await tx.insertTenantKeys({ tenantId, keysRevision: 1, ...keys, createTime: now });
        const apiKey = newApiKey(randomBytes);
        await tx.insertApiKey({
          ...{ keyId: randomId(randomBytes), tenantId, displayName: 'first admin key', role: 'admin' },
          ...{ keyHash: hashApiKey(apiKey), maskedKey: maskApiKey(apiKey), createTime: now },
          ...{ expireTime: undefined, lastUseTime: undefined, revokeTime: undefined },
        });
        await tx.appendAudit(
          tenantId,
          auditEntry(call, now, { action: 'tenant.create', resource: tenantId }),
        );
      }
    });

  const threads = Math.max(1, availableParallelism() - 1);
  const numbers = Array.from({ length: count }, (_, index) => index);
  const { wrappedSigningKeyset } = serviceKeys;
  let writing = Promise.resolve();
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const own = numbers.filter((_, index) => index % threads === thread);
      const data = { dataDir, wrappedSigningKeyset, numbers: own };
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data });
      return new Promise((resolve, reject) => {
        worker.on('message', (batch) => (writing = writing.then(() => insert(batch))));
        worker.once('error', reject);
        worker.once('exit', resolve);
      });
    }),
  );
  await writing;
  // As the service would have done by the time that anybody asks for them.
  const { openCheckpointSigner, signMovedLogs } = dist('execution/checkpoints.js');
  const { SignedEnds } = dist('execution/signed-ends.js');
  await signMovedLogs({
    store,
    checkpointSigner: await openCheckpointSigner(store, keyring),
    signedEnds: new SignedEnds(() => undefined),
    clock: Date.now,
  });
  await store.close();
  return (performance.now() - begun) / 1_000;
}

if (!isMainThread) await makeKeysets(workerData);
else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [dataDir, count] = process.argv.slice(2);
  console.log(`${count} tenants: ${(await seedTenants(dataDir, Number(count))).toFixed(0)} s`);
}
