/** A start that cannot be says which file is wrong and what to do, and makes nothing anew that must be restored. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalKek } from '../../src/crypto/kek/local-kek';
import { generateSigningKeyset } from '../../src/crypto/tink/generate';
import { startFailure } from '../../src/server/start-failure';
import { runProgram } from '../cli/axiom';
import { AXIOM_MAIN, FREE_PORTS, startServeProcess } from '../support/serve-process';

let folder: string;
let dataDir: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-start-'));
  dataDir = join(folder, 'data');
  await (await startServeProcess(dataDir)).stop();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const failure = async (...args: string[]): Promise<string> => {
  const program = [AXIOM_MAIN, 'serve', '--json', ...FREE_PORTS, '--data-dir', dataDir, ...args];
  const { code, stdout, error } = await runProgram(process.execPath, program, {
    env: process.env,
    cwd: folder,
  });
  expect([code, stdout]).toEqual([1, '']);
  return error.message;
};

describe('Where a file of the data folder is gone', () => {
  it('the keyset that verifies is to be restored', async () => {
    const path = join(dataDir, 'management', 'verifying-keyset.tink');
    const bytes = readFileSync(path);
    rmSync(path);
    expect(await failure()).toBe(
      `the service did not start: ${path} is missing where others of its service are; restore it from a backup, or copy ${join(dataDir, 'execution', 'verifying-keyset.tink')} there`,
    );
    writeFileSync(path, bytes, { mode: 0o600 });
  });

  it("the service's keysets are to be restored with their store, and the pinned file stays what it is", async () => {
    const pinned = join(dataDir, 'management', 'verifying-keyset.tink');
    const bytes = readFileSync(pinned);
    const store = new BetterSqlite3(join(dataDir, 'store', 'store.sqlite'));
    store.exec('create table kept as select * from service_keys; delete from service_keys');
    expect(await failure()).toMatch(
      /the service's own keysets are gone from the store, .*; restore a backup$/,
    );
    expect(readFileSync(pinned).equals(bytes)).toBe(true);
    store.exec('insert into service_keys select * from kept; drop table kept');
    store.close();
    expect(await (await startServeProcess(dataDir)).stop()).toBe(0);
  });
});

describe('Where another keyset is in a file’s place, or one of an earlier life of the service', () => {
  it.each([
    [
      'management/writer-keyset.tink',
      'private',
      /writer-keyset\.tink and .* are not of one pair; restore both/,
    ],
    [
      'execution/writer-public-keyset.tink',
      'public',
      /differ, so the halves are of two services; restore both/,
    ],
    ['management/verifying-keyset.tink', 'public', /differ, so the halves are of two services; restore both/],
    ['execution/kek.tink', 'kek', /the key-encryption key/],
  ] as const)('%s: nothing is served, and what does not fit is told', async (name, which, told) => {
    const path = join(dataDir, name);
    const bytes = readFileSync(path);
    const { privateKeyset, publicKeyset } = await generateSigningKeyset();
    const other = join(folder, 'other.tink');
    if (which === 'kek') await createLocalKek(other);
    else writeFileSync(other, which === 'private' ? privateKeyset : publicKeyset);
    writeFileSync(path, readFileSync(other));
    rmSync(other);
    expect(await failure()).toMatch(told);
    writeFileSync(path, bytes);
  });
});

describe('Where the store is gone and its keys are not', () => {
  it('no empty one is made in its place', async () => {
    const store = join(dataDir, 'store');
    renameSync(store, `${store}-away`);
    expect(await failure()).toMatch(
      /store\/store\.sqlite is missing where others of its service are; put a backup there with `axiom restore FILE/,
    );
    expect(existsSync(join(store, 'store.sqlite'))).toBe(false);
    rmSync(store, { recursive: true, force: true });
    renameSync(`${store}-away`, store);
  });
});

describe('Where the data folder cannot be', () => {
  it('in a file system that takes no folders, the start says so and ends', async () => {
    expect(await failure('--data-dir', '/proc/axiom')).toBe(
      'the service did not start: no folder can be made at /proc/axiom; give --data-dir a folder on a disk',
    );
  });

  it('because sockets in it would have too long a path, the longest that works is told', async () => {
    const long = join(folder, 'd'.repeat(84 - folder.length - 1));
    expect(await failure('--data-dir', long)).toBe(
      'the service did not start: the path of the data folder has 84 bytes, and Unix sockets in it work with up to 83; give --data-dir a shorter path',
    );
    const serve = await startServeProcess(long.slice(0, 83));
    expect(existsSync(serve.info.operatorSocket)).toBe(true);
    expect(await serve.stop()).toBe(0);
  });
});

describe('Where a flag names a file', () => {
  it('that is not there', async () => {
    expect(await failure('--client-ca', '/nowhere.pem')).toBe(
      'the execution server did not start: /nowhere.pem does not exist; check the flag that names it, or restore it from a backup (ENOENT)',
    );
  });

  it('that is not a PEM file', async () => {
    writeFileSync(join(folder, 'nonsense'), 'nonsense', { mode: 0o600 });
    const message = await failure(
      '--tls-certificate',
      join(folder, 'nonsense'),
      '--tls-key',
      join(folder, 'nonsense'),
    );
    expect(message).toMatch(
      /a certificate or key is not a PEM file, .*check --tls-certificate, --tls-key and --client-ca$/,
    );
  });

  it('that is a folder', async () => {
    const message = await failure('--client-ca', folder);
    expect(message).toMatch(/ is a folder where a file should be; name the file/);
  });
});

describe('The sentence', () => {
  it('has the path and the remedy of every error that file systems know', () => {
    for (const code of ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR']) {
      const error = Object.assign(new Error(`${code}: something, open '/data/x'`), { code, path: '/data/x' });
      expect(startFailure(error)).toMatch(new RegExp(`^/data/x is .*; .* \\(${code}\\)$`));
    }
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(startFailure(full)).toBe(
      'what was to be written is on a disk that is full; free some space and try again (ENOSPC)',
    );
    mkdirSync(join(folder, 'there'));
    expect(startFailure(new Error('one of our own; do this'))).toBe('one of our own; do this');
    expect(startFailure('a word')).toBe('a word');
  });
});
