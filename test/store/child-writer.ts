/**
 * A process that writes to a store as fast as it can, one secret and one audit entry each
 * time, and prints each version once it was acknowledged.
 * argv: the database file, how many writes (0: until killed).
 */

import { writeSync } from 'node:fs';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { entry, secret, TENANT } from './rows';

async function main(path: string, writes: number): Promise<void> {
  const store = await openSqliteStore({ path, busyTimeoutMs: 30_000 });
  writeSync(1, 'open\n');
  const writeOne = async () => {
    const version = await store.write(async (tx) => {
      const { revision } = await tx.getScope(TENANT, TENANT_SCOPE);
      const version = revision + 1;
      await tx.putSecret(TENANT, TENANT_SCOPE, secret(`N${version % 50}`, version));
      await tx.appendAudit(TENANT, entry({ version }));
      return version;
    });
    writeSync(1, `${version}\n`);
  };
  for (let i = 0; writes === 0 || i < writes; i += 4) await Promise.all([1, 2, 3, 4].map(writeOne));
  await store.close();
}

void main(process.argv[2] ?? '', Number(process.argv[3]));
