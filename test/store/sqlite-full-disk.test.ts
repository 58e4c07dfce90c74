/** A SQLite store on a disk that is truly full: a small file system of its own, filled to the last byte. */

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hashApiKey, newApiKey } from '../../src/domain/api-key';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { createApiKeyAuthenticator } from '../../src/server/bearer';
import type { Store } from '../../src/store/store';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { apiKey, entry, name, secret, TENANT } from './rows';

const folder = mkdtempSync(join(tmpdir(), 'axiom-full-disk-'));
const mount = () => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'axiom-test', folder]).status === 0;
const unmount = () => spawnSync('umount', [folder]);

function mayMount(): boolean {
  const may = mount();
  if (may) unmount();
  return may;
}

const inThere = (file: string) => join(folder, file);
let store: Store;

afterAll(() => rmdirSync(folder));

/** Writes until the file system takes no byte more. */
function fill(): void {
  const file = openSync(inThere('filler'), 'a');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
      const chunk = Buffer.alloc(size);
      try {
        while (writeSync(file, chunk) > 0);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

const put = (version: number) =>
  store.write((tx) =>
    tx.putSecret(
      TENANT,
      TENANT_SCOPE,
      secret(`N${version}`, version, { ciphertext: new Uint8Array(60_000) }),
    ),
  );
const remove = (options: { urgent?: boolean }) =>
  store.write(
    async (tx) => {
      await tx.deleteSecret(TENANT, TENANT_SCOPE, name('N1'), 100);
      await tx.appendAudit(TENANT, entry({ action: 'secret.delete' }));
    },
    { scrub: true, ...options },
  );

if (mayMount()) {
  describe('On a full disk', () => {
    beforeEach(async () => {
      mount();
      store = await openSqliteStore({ path: inThere('store.sqlite') });
      for (const version of [1, 2, 3]) await put(version);
      await store.checkHealth();
    });
    afterEach(async () => {
      await store.close();
      unmount();
    });

    it('deletion is immediate still, and nothing else is kept', async () => {
      fill();
      await expect(store.checkHealth()).rejects.toMatchObject({ reason: 'STORE_NEARLY_FULL' });
      const outcomes = await Promise.allSettled([put(4), remove({ urgent: true }), put(5)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
      expect(outcomes[0]).toMatchObject({ reason: { code: 'UNAVAILABLE', reason: 'STORE_FULL' } });
      const rows = await store.read((tx) => tx.listSecrets(TENANT, TENANT_SCOPE, { limit: 9 }));
      expect(rows.map((row) => row.name)).toEqual(['N2', 'N3']);
      const [event] = await store.read((tx) => tx.listAuditEvents(TENANT, {}, { limit: 1 }));
      expect(event?.action).toBe('secret.delete');
    });

    it('an API key is still taken for what it is, though its last use cannot be noted', async () => {
      const rawKey = newApiKey(randomBytes);
      const record = {
        ...apiKey('k1', 1),
        keyHash: hashApiKey(rawKey),
        expireTime: undefined,
        revokeTime: undefined,
      };
      await store.write((tx) => tx.insertApiKey(record));
      fill();
      const { authenticateKey } = createApiKeyAuthenticator(store, Date.now);
      expect(await authenticateKey(rawKey)).toMatchObject({ tenantId: TENANT, apiKeyId: 'k1' });
    });

    it('what is not urgent leaves the space kept back alone', async () => {
      fill();
      await expect(put(4)).rejects.toMatchObject({ reason: 'STORE_FULL' });
      expect(existsSync(inThere('store.sqlite-ballast'))).toBe(true);
    });

    it('a second deletion finds room again once space was freed', async () => {
      fill();
      await remove({ urgent: true });
      expect(existsSync(inThere('store.sqlite-ballast'))).toBe(false);
      rmSync(inThere('filler'));
      await store.checkHealth();
      expect(existsSync(inThere('store.sqlite-ballast'))).toBe(true);
      await put(101);
    });
  });
} else {
  describe('On a full disk', () => {
    it.skip('needs the right to mount a small file system', () => {});
  });
}
