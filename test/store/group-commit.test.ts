/** Which writes share a commit and a wait for the disk. */

import { expect, it } from '@jest/globals';
import { GroupCommit } from '../../src/store/group-commit';
import { Ballast } from '../../src/store/sqlite/ballast';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { SqliteWriteConnection } from '../../src/store/sqlite/write-connection';
import { entry, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();

it.each([
  [1, 1],
  [64, 1],
  [65, 2],
  [128, 2],
])('%d writes that are asked for at the same time wait for the disk %d times', async (writes, waits) => {
  await disk.withStore(async () => {});
  const connection = new SqliteConnection(disk.path, { readonly: false });
  let waited = 0;
  const log = { flush: async () => void waited++, close: () => {} };
  const writer = new GroupCommit(
    new SqliteWriteConnection(connection, log, new Ballast(disk.path), 100),
    100,
  );
  const append = () => writer.write((tx) => tx.appendAudit(TENANT, entry({})));
  await Promise.all(Array.from({ length: writes }, append));
  await writer.close();
  expect(waited).toBe(waits);
});
