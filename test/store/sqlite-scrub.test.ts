/** Deleted ciphertext leaves the files of a SQLite store. */

import { describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { withSeed } from '../support/seeded-random';
import { entry, execution, name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();

describe('deleted ciphertext', () => {
  /** True when any stretch of 16 bytes of it is in a file of the folder. */
  function remains(ciphertext: Uint8Array, folder = disk.folder): boolean {
    const files = readdirSync(folder).map((file) => readFileSync(join(folder, file)));
    for (let at = 0; at + 16 <= ciphertext.length; at += 16) {
      if (files.some((file) => file.includes(Buffer.from(ciphertext.subarray(at, at + 16))))) return true;
    }
    return false;
  }

  it('is in no file once the scrubbing delete is answered', async () => {
    await disk.withStore(async (store) => {
      const ciphertext = randomBytes(20_000);
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext })));
      expect(remains(ciphertext)).toBe(true);
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2), { scrub: true });
      expect(remains(ciphertext)).toBe(false);
    });
  });

  it('is in no file after a long history of adds, replaces and deletes that moved it about', async () => {
    await withSeed((random) =>
      disk.withStore(async (store) => {
        const live = new Map<string, Uint8Array>();
        const dead: Uint8Array[] = [];
        let revision = 0;
        for (let round = 0; round < 60; round++) {
          await store.write(async (tx) => {
            for (let i = 0; i < 50; i++) {
              const key = `N${random.below(300)}`;
              const old = live.get(key);
              if (old !== undefined) dead.push(old);
              if (old !== undefined && random.below(2) === 0) {
                live.delete(key);
                await tx.deleteSecret(TENANT, TENANT_SCOPE, name(key), ++revision);
              } else {
                const ciphertext = random.bytes(100 + random.below(400));
                live.set(key, ciphertext);
                await tx.putSecret(TENANT, TENANT_SCOPE, secret(key, ++revision, { ciphertext }));
              }
            }
          });
        }
        await store.write(async () => {}, { scrub: true });
        const files = readdirSync(disk.folder).map((file) => readFileSync(join(disk.folder, file)));
        const found = (c: Uint8Array) =>
          [0, 40, c.length - 24].some((at) =>
            files.some((f) => f.includes(Buffer.from(c.subarray(at, at + 24)))),
          );
        expect(dead.length).toBeGreaterThan(1_000);
        expect(dead.filter(found)).toEqual([]);
        expect([...live.values()].every(found)).toBe(true);
      }),
    );
  });

  it('leaves with the bundle that held it, when the last execution that pinned it is over', async () => {
    await disk.withStore(async (store) => {
      const ciphertext = randomBytes(9_000);
      await store.write(async (tx) => {
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
        await tx.putBundle(TENANT, TENANT_SCOPE, { revision: 1, ciphertext });
        await tx.insertExecution(execution('e', { tenantRevision: 1, expireTime: 10 }));
        await tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2);
      });
      await store.write((tx) => tx.dropUnpinnedBundles(TENANT, TENANT_SCOPE, 5), { scrub: true });
      expect(remains(ciphertext)).toBe(true);
      await store.write((tx) => tx.removeDeadExecutions(11, 9), { scrub: true });
      expect(remains(ciphertext)).toBe(false);
    });
  });

  it('leaves with the part of a bundle that held it, when its name is replaced, deleted or cleared', async () => {
    await disk.withStore(async (store) => {
      const ciphertext = randomBytes(9_000);
      let revision = 1;
      const put = (n: string) =>
        store.write(
          (tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret(n, revision++)),
          n === 'A' ? { scrub: true } : {},
        );
      const putPart = (part: Uint8Array) =>
        store.write((tx) =>
          tx.putBundleParts(TENANT, TENANT_SCOPE, {
            ...{ revision: revision - 1, count: 1 },
            parts: [{ part: 1, ciphertext: part }],
          }),
        );
      await put('A');
      await putPart(ciphertext);
      await put('B');
      expect(remains(ciphertext)).toBe(true);
      await put('A');
      expect(remains(ciphertext)).toBe(false);
      await putPart(ciphertext);
      expect(remains(ciphertext)).toBe(true);
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), revision++), {
        scrub: true,
      });
      expect(remains(ciphertext)).toBe(false);
    });
  });

  it('leaves the log with the next write that asks for it, whoever removed it, and else the log stays as it is', async () => {
    await disk.withStore(async (store) => {
      const logBytes = () => statSync(`${disk.path}-wal`).size;
      const ciphertext = randomBytes(300);
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext })));
      await store.write(async () => {}, { scrub: true });
      expect(logBytes()).toBeGreaterThan(0);
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2));
      expect(remains(ciphertext)).toBe(true);
      await store.write(async () => {}, { scrub: true });
      expect(remains(ciphertext)).toBe(false);
      expect(logBytes()).toBe(0);
    });
  });

  it('leaves the log when the store is opened after a process that ended too early', async () => {
    const ciphertext = randomBytes(300);
    const left = join(disk.folder, 'left');
    await disk.withStore(async (store) => {
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext })));
      await store.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2));
      // The files of a process that is killed now.
      mkdirSync(left);
      for (const end of ['', '-wal']) copyFileSync(`${disk.path}${end}`, join(left, `store.db${end}`));
    });
    expect(remains(ciphertext, left)).toBe(true);
    const store = await openSqliteStore({ path: join(left, 'store.db') });
    expect(remains(ciphertext, left)).toBe(false);
    await store.close();
  });

  it('is answered while a reader still holds the log, and leaves when the reader is done', async () => {
    await disk.withStore(async (store) => {
      const ciphertext = randomBytes(300);
      await store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext })));
      await store.read(async (tx) => {
        await tx.getScope(TENANT, TENANT_SCOPE);
        await store.write((other) => other.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2), { scrub: true });
        expect(remains(ciphertext)).toBe(true);
        // Nobody else waits for it meanwhile.
        await store.write((other) => other.appendAudit(TENANT, entry({})));
      });
      await store.write(async () => {}, { scrub: true });
      expect(remains(ciphertext)).toBe(false);
    });
  });
});
