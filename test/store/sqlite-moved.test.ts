/** Files of a SQLite store that somebody moves, removes or replaces while it has them open. */

import fs, { copyFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server } from '@grpc/grpc-js';
import { pino } from 'pino';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, jest } from '@jest/globals';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { addHealth } from '../../src/server/health';
import { NamedFiles } from '../../src/store/sqlite/named-files';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';
import { eventually } from '../faults/fault-service';
import { name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();
const NAMES = ['A', 'B', 'C'];
const MOVED = { code: 'UNAVAILABLE', reason: 'STORE_MOVED' };
/** Of the write that noticed it. */
const MOVED_UNDER = {
  ...MOVED,
  message: expect.stringMatching(/may or may not have been kept: look once it is back$/),
};
/** Of what comes later: nothing of it is kept. */
const MOVED_BEFORE = { ...MOVED, message: expect.stringMatching(/and start it again$/) };

const put = (store: Store, secretName: string) =>
  store.write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret(secretName, NAMES.indexOf(secretName) + 1)));
const namesIn = (store: Store) =>
  store.read(async (tx) =>
    (await tx.getSecrets(TENANT, TENANT_SCOPE, NAMES.map(name))).map((one) => one.name),
  );

describe('While a store is open', () => {
  it.each([[['-wal']], [['-shm']], [['-wal', '-shm']]])(
    'nothing more is taken after the write that notices it where %j are removed, and the next start has all that was acknowledged',
    async (removed) => {
      await disk.withStore(async (store) => {
        await put(store, 'A');
        for (const end of removed) rmSync(`${disk.path}${end}`);
        await expect(put(store, 'B')).rejects.toMatchObject(MOVED_UNDER);
        // As a kill leaves it: the database's file alone.
        const copy = join(disk.folder, 'copy.db');
        copyFileSync(disk.path, copy);
        const asKilled = await openSqliteStore({ path: copy });
        expect(await namesIn(asKilled)).toContain('A');
        await asKilled.close();
        for (const refused of [put(store, 'C'), namesIn(store), store.checkHealth()])
          await expect(refused).rejects.toMatchObject(MOVED_BEFORE);
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
      await expect(put(store, 'C')).rejects.toMatchObject(MOVED_UNDER);
      await expect(namesIn(store)).rejects.toMatchObject(MOVED_BEFORE);
    });
    await disk.withStore(async (store) => expect(await namesIn(store)).toEqual(['A']));
    for (const end of ['-wal', '-shm']) rmSync(`${disk.path}${end}`, { force: true });
    renameSync(moved, disk.path);
    await disk.withStore(async (store) => expect(await namesIn(store)).toEqual(['A', 'B', 'C']));
  });

  it('no read is answered from what took its place, though nobody has written since', async () => {
    const older = join(disk.folder, 'older.db');
    await disk.withStore((store) => put(store, 'A'));
    copyFileSync(disk.path, older);
    await disk.withStore(async (store) => {
      await put(store, 'B');
      // The connection that reads has the file that was there; whoever reads beside it needs another.
      await store.read(async (tx) => {
        await tx.getSecrets(TENANT, TENANT_SCOPE, NAMES.map(name));
        renameSync(disk.path, join(disk.folder, 'moved.db'));
        copyFileSync(older, disk.path);
        await expect(namesIn(store)).rejects.toMatchObject(MOVED_BEFORE);
      });
    });
  });

  it('what a reader of an older snapshot kept in the log alone is copied once that is gone', async () => {
    const copy = join(disk.folder, 'copy.db');
    await disk.withStore(async (store) => {
      await put(store, 'A');
      const reader = new BetterSqlite3(disk.path, { readonly: true });
      reader.exec('begin');
      reader.prepare('select count(*) from secrets').get();
      await put(store, 'B');
      rmSync(`${disk.path}-wal`);
      await expect(put(store, 'C')).rejects.toMatchObject(MOVED_UNDER);
      const namesInCopy = async () => {
        for (const end of ['', '-wal', '-shm']) rmSync(`${copy}${end}`, { force: true });
        copyFileSync(disk.path, copy);
        const asKilled = await openSqliteStore({ path: copy });
        return namesIn(asKilled).finally(() => asKilled.close());
      };
      expect(await namesInCopy()).not.toContain('B');
      reader.close();
      await eventually(async () => expect(await namesInCopy()).toContain('B'));
    });
  });

  it('a moment in which its files may not be looked at is none in which they were moved', async () => {
    await disk.withStore(async (store) => {
      for (const [index, code] of ['EACCES', 'EIO', 'ESTALE'].entries()) {
        const refused = jest.spyOn(fs, 'statSync').mockImplementation(() => {
          throw Object.assign(new Error('refused'), { code });
        });
        try {
          await put(store, NAMES[index] ?? '');
          expect(refused).toHaveBeenCalled();
        } finally {
          refused.mockRestore();
        }
      }
      const files = new NamedFiles(disk.path);
      expect(files.areMoved).toBe(false);
      // Where the folder itself went, and a file has its name.
      renameSync(disk.folder, `${disk.folder}-moved`);
      writeFileSync(disk.folder, '');
      expect(files.areMoved).toBe(true);
      rmSync(disk.folder);
      renameSync(`${disk.folder}-moved`, disk.folder);
    });
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
