/** Files of a SQLite store that somebody moves, removes or replaces while it has them open. */

import { copyFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '@grpc/grpc-js';
import { pino } from 'pino';
import { describe, expect, it } from '@jest/globals';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { addHealth } from '../../src/server/health';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';
import { eventually } from '../faults/fault-service';
import { name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();
const NAMES = ['A', 'B', 'C'];
const MOVED = { code: 'UNAVAILABLE', reason: 'STORE_MOVED' };

const put = (store: Store, secretName: string) =>
  store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret(secretName, NAMES.indexOf(secretName) + 1)));
const namesIn = (store: Store) =>
  store.read(async (tx) =>
    (await tx.getSecrets(TENANT, TENANT_SCOPE, NAMES.map(name))).map((one) => one.name),
  );

describe('While a store is open', () => {
  it.each([[['-wal']], [['-shm']], [['-wal', '-shm']]])(
    'nothing more is taken where %j are removed, and the next start has all that was acknowledged',
    async (removed) => {
      await disk.withStore(async (store) => {
        await put(store, 'A');
        for (const end of removed) rmSync(`${disk.path}${end}`);
        await expect(put(store, 'B')).rejects.toMatchObject(MOVED);
        // As a kill leaves it: the database's file alone.
        const copy = join(disk.folder, 'copy.db');
        copyFileSync(disk.path, copy);
        const asKilled = await openSqliteStore({ path: copy });
        expect(await namesIn(asKilled)).toContain('A');
        await asKilled.close();
        for (const refused of [put(store, 'C'), namesIn(store), store.checkHealth()])
          await expect(refused).rejects.toMatchObject(MOVED);
      });
      await disk.withStore(async (store) => expect(await namesIn(store)).toContain('A'));
    },
  );

  it('nothing of it gets into a database that is put in its place, and it is whole where it was moved', async () => {
    const [older, moved] = [join(disk.folder, 'older.db'), join(disk.folder, 'moved.db')];
    await disk.withStore((store) => put(store, 'A'));
    copyFileSync(disk.path, older);
    await disk.withStore(async (store) => {
      await put(store, 'B');
      renameSync(disk.path, moved);
      copyFileSync(older, disk.path);
      await expect(put(store, 'C')).rejects.toMatchObject(MOVED);
      await expect(namesIn(store)).rejects.toMatchObject(MOVED);
    });
    await disk.withStore(async (store) => expect(await namesIn(store)).toEqual(['A']));
    for (const end of ['-wal', '-shm']) rmSync(`${disk.path}${end}`, { force: true });
    renameSync(moved, disk.path);
    await disk.withStore(async (store) => expect(await namesIn(store)).toEqual(['A', 'B', 'C']));
  });

  it('health says so and the log why, also where nobody writes', async () => {
    const lines: { readonly serving?: boolean; readonly why?: string }[] = [];
    const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
    await disk.withStore(async (store) => {
      const server = new Server();
      const health = addHealth(server, [], store, logger);
      rmSync(`${disk.path}-wal`);
      await eventually(async () =>
        expect(lines).toContainEqual(
          expect.objectContaining({
            serving: false,
            why: expect.stringMatching(
              /^the database’s files were moved, removed or replaced .* start it again$/,
            ),
          }),
        ),
      );
      health.stop();
      server.forceShutdown();
    });
  });
});
