/** What a SQLite store does when the disk fails it. */

import { mkdirSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { DomainError } from '../../src/domain/errors';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { GroupCommit } from '../../src/store/group-commit';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { Ballast } from '../../src/store/sqlite/ballast';
import { LogSync } from '../../src/store/sqlite/log-sync';
import { NamedFiles } from '../../src/store/sqlite/named-files';
import { SqliteWriteConnection } from '../../src/store/sqlite/write-connection';
import type { WriteTx } from '../../src/store/store';
import { entry, name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

const disk = sqliteFolder();

describe('a disk that fails', () => {
  /** A writer of which the test holds the connection. */
  async function withWriter<T>(
    body: (writer: GroupCommit, connection: SqliteConnection) => Promise<T>,
    flush = async () => {},
  ): Promise<T> {
    await disk.withStore(async () => {});
    const connection = new SqliteConnection(disk.path, { readonly: false });
    const writer = new GroupCommit(
      new SqliteWriteConnection(connection, { flush, close: () => {} }, new Ballast(disk.path), 100),
      100,
    );
    try {
      return await body(writer, connection);
    } finally {
      await writer.close();
    }
  }
  const append = (writer: GroupCommit) => writer.write((tx) => tx.appendAudit(TENANT, entry({})));
  const put = (writer: GroupCommit, version: number, size: number) =>
    writer.write((tx) =>
      tx.putSecret(TENANT, TENANT_SCOPE, secret('A', version, { ciphertext: new Uint8Array(size) })),
    );

  it('fails the write that does not fit with what to do, and still takes a deletion', async () => {
    await withWriter(async (writer, connection) => {
      await put(writer, 1, 60_000);
      connection.pragma(`max_page_count = ${Number(connection.pragma('page_count')) + 3}`);
      const outcomes = await Promise.allSettled([append(writer), put(writer, 2, 200_000), append(writer)]);
      // The others of its group lose nothing.
      expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await expect(put(writer, 2, 200_000)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        reason: 'STORE_FULL',
        message: expect.stringContaining('free space'),
      });
      await writer.write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('A'), 2));
    });
  });

  it('fails it so also where the space that was kept back cannot be given up, and goes on', async () => {
    await withWriter(async (writer, connection) => {
      rmSync(`${disk.path}-ballast`, { force: true });
      mkdirSync(`${disk.path}-ballast`); // what removes a file removes no folder
      connection.pragma(`max_page_count = ${Number(connection.pragma('page_count')) + 3}`);
      const large = (tx: WriteTx) =>
        tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1, { ciphertext: new Uint8Array(200_000) }));
      await expect(writer.write(large, { urgent: true })).rejects.toMatchObject({ reason: 'STORE_FULL' });
      expect(await append(writer)).toMatchObject({ sequence: 1 });
    });
  });

  it('fails the writes that ran in a transaction that SQLite gave up, and takes the next', async () => {
    await withWriter(async (writer, connection) => {
      const outcomes = await Promise.allSettled([
        append(writer),
        writer.write(async () => {
          // What SQLite does by itself on an I/O error (sqlite.org/lang_transaction.html, section 2.3).
          connection.run('rollback');
          throw new DomainError('UNAVAILABLE', 'the disk does not work', 'STORE_IO');
        }),
        append(writer),
      ]);
      expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
      expect(await append(writer)).toMatchObject({ sequence: 2 });
    });
  });

  it('lets no body go on outside the transaction that it lost', async () => {
    await withWriter(async (writer, connection) => {
      // As on an I/O error: the statement fails, and takes the transaction along.
      connection.run(
        "create temp trigger gives_up before insert on secrets begin select raise(rollback, 'gone'); end",
      );
      const stubborn = writer.write(async (tx) => {
        await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1)).catch(() => {});
        await tx.appendAudit(TENANT, entry({})).catch(() => {});
      });
      await expect(stubborn).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await append(writer)).toMatchObject({ sequence: 1 });
    });
  });

  it('fails a write that the disk did not confirm', async () => {
    const flush = () => Promise.reject(new DomainError('UNAVAILABLE', 'not confirmed', 'STORE_IO'));
    await withWriter(async (writer) => {
      await expect(append(writer)).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'STORE_IO' });
    }, flush);
  });

  it('is waited for by SQLite itself where Node lets no program wait, and room is kept back all the same', async () => {
    // As late versions of Node 24 refuse it under their permission model, which the Node that tests run on may not have.
    const denied = Object.assign(new Error('disabled'), { code: 'ERR_ACCESS_DENIED' });
    const handle = await open(__filename);
    const ofHandles = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const refused = (['sync', 'datasync'] as const).map((how) =>
      jest.spyOn(ofHandles, how).mockRejectedValue(denied),
    );
    try {
      await withWriter(async (writer, connection) => {
        await append(writer);
        const log = new LogSync(disk.path, connection, new NamedFiles(disk.path));
        // https://www.sqlite.org/pragma.html#pragma_synchronous: 2 is FULL.
        connection.pragma('synchronous = NORMAL');
        for (let i = 0; i < 2; i++) await expect(log.flush()).resolves.toBeUndefined();
        expect(connection.pragma('synchronous')).toBe(2);
        log.close();
        rmSync(`${disk.path}-ballast`, { force: true });
        await expect(new Ballast(disk.path).restore(Infinity)).resolves.toBeUndefined();
      });
    } finally {
      for (const one of refused) one.mockRestore();
    }
  });

  it('is not believed again after it failed to confirm once', async () => {
    await disk.withStore(async () => {
      const log = new LogSync(disk.path, { pragma: () => undefined }, new NamedFiles(disk.path));
      await expect(log.flush()).resolves.toBeUndefined();
      log.close();
      for (let i = 0; i < 2; i++) {
        await expect(log.flush()).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'STORE_IO' });
      }
    });
  });
});
