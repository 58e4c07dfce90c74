/** SQLite's log beside a long reader: it grows while the reader needs it, and no longer. */

import { statSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();
const LIMIT_BYTES = 16 * 1024 * 1024;

it('A log that grew beside a long reader is cut once the reader is gone', async () => {
  await disk.withStore(async (store) => {
    const logBytes = () => statSync(`${disk.path}-wal`).size;
    const put = (version: number) =>
      store.write((tx) =>
        tx.putSecret(TENANT, TENANT_SCOPE, secret('A', version, { ciphertext: new Uint8Array(60_000) })),
      );
    await put(1);
    let end = () => {};
    const reading = store.read(async (tx) => {
      await tx.getScope(TENANT, TENANT_SCOPE);
      await new Promise<void>((resolve) => (end = resolve));
    });
    for (let version = 2; version <= 700; version++) await put(version);
    expect(logBytes()).toBeGreaterThan(LIMIT_BYTES);
    expect(await store.checkHealth()).toMatchObject({ logBytes: logBytes() });
    end();
    await reading;
    // The first write copies the log, the second begins it anew.
    await put(701);
    await put(702);
    expect(logBytes()).toBeLessThanOrEqual(LIMIT_BYTES);
  });
});
