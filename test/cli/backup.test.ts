/** `axiom backup`, `restore` and `verify` as an operator uses them. */

import { cpSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input = '') =>
  shell.run(args, { input, env: { AXIOM_DATA_DIR: serve.info.dataDir } });

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell();
  await axiom(['secrets', 'add', 'DATABASE_URL'], 'postgres://app:canary-9f@db/app');
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('An operator', () => {
  it('backs the live store up to a file that holds no value, never over another', async () => {
    const { code, stderr } = await axiom(['backup', 'daily.sqlite']);
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(
        /^wrote \d+ bytes to .*daily\.sqlite; it opens only with the keys in this service's data folder\n$/,
      ),
    ]);
    expect(statSync(shell.path('daily.sqlite')).mode & 0o777).toBe(0o600);
    expect(readFileSync(shell.path('daily.sqlite')).includes('canary-9f')).toBe(false);
    const again = await axiom(['backup', 'daily.sqlite', '--json']);
    expect([again.code, again.error.code]).toEqual([4, 'ALREADY_EXISTS']);
    expect((await axiom(['backup', 'second.sqlite', '--json'])).json.sizeBytes).toBe(
      String(statSync(shell.path('second.sqlite')).size),
    );
  });

  it('verifies that everything opens, with counts and no values', async () => {
    const [table, lines] = await Promise.all([
      axiom(['verify']),
      axiom(['verify', '--tenant', 'default', '--json']),
    ]);
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(
      /^TENANT +SECRETS +OVERRIDES +BUNDLES +AUDIT EVENTS +FAULTS\ndefault +1 +0 +\d+ +\d+ +0\n\(service\) +- +- +- +\d+ +0\n$/,
    );
    expect(lines.json).toMatchObject({ tenantId: 'default', secretCount: '1', faults: [] });
    expect((await axiom(['verify', '--tenant', 'nobody'])).code).toBe(3);
  });

  it('is told which secret does not open, and what to do, by a failing exit code', async () => {
    await axiom(['secrets', 'add', 'BROKEN'], 'x');
    const database = new BetterSqlite3(join(serve.info.dataDir, 'store', 'store.sqlite'));
    database.exec("update secrets set version = version + 100 where name = 'BROKEN'");
    database.close();
    const { code, stderr } = await axiom(['verify']);
    expect([code, stderr]).toEqual([
      1,
      'default: tenant: secrets were added, taken away or set back beneath the service; restore a backup\n' +
        'default: tenant: BROKEN (version 102) is not as a server wrote it; save it again or delete it\n',
    ]);
    expect((await axiom(['secrets', 'delete', 'BROKEN'])).code).toBe(0);
    expect((await axiom(['verify'])).code).toBe(0);
  });

  it('restores into a new folder, with the keys, and serves from there', async () => {
    const dataDir = shell.path('new');
    const restored = await shell.run(['restore', 'daily.sqlite', '--data-dir', dataDir]);
    expect([restored.code, restored.stderr]).toEqual([
      0,
      expect.stringMatching(
        /restored the store of 1 tenant into .*\nwhat was deleted or revoked after the backup is in force again: .* where ca\/ is of a time before\nput the management\/, execution\/ and ca\/ folders/,
      ),
    ]);
    expect((await shell.run(['restore', 'daily.sqlite', '--data-dir', dataDir, '--json'])).error.reason).toBe(
      'STORE_EXISTS',
    );
    for (const kept of ['management', 'execution', 'ca', 'admin-api-key'])
      cpSync(join(serve.info.dataDir, kept), join(dataDir, kept), {
        recursive: true,
        filter: (path) => !path.endsWith('.sock'), // a socket is not a file
      });
    const again = await startServeProcess(dataDir);
    try {
      expect((await shell.run(['secrets', 'list', '--data-dir', dataDir])).stdout).toContain('DATABASE_URL');
      expect((await shell.run(['verify', '--data-dir', dataDir])).code).toBe(0);
    } finally {
      await again.stop();
    }
  });
});
