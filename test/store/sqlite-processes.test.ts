/** Several processes on one SQLite file, some of them killed. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { TENANT } from './rows';

const REGISTER = join(__dirname, '../support/register.cjs');
const WRITER = join(__dirname, 'child-writer.ts');

let folder: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-store-'));
  path = join(folder, 'store.db');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Starts a writer; `lines` grows as it prints. */
function startWriter(writes: number) {
  const child = spawn(process.execPath, ['--require', REGISTER, WRITER, path, String(writes)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const lines: string[] = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, errors }));
  const printed = async (count: number) => {
    while (lines.length < count && child.exitCode === null) {
      await Promise.race([once(child.stdout, 'data'), ended]);
    }
  };
  return { child, lines, ended, printed };
}

/** Checks that nothing is half written; answers every version that is on disk. */
async function survey(): Promise<readonly number[]> {
  const store = await openSqliteStore({ path });
  try {
    return await store.read(async (tx) => {
      const scope = await tx.getScope(TENANT, TENANT_SCOPE);
      const secrets = await tx.listSealedSecrets(TENANT, TENANT_SCOPE);
      const events = await tx.listAuditEvents(TENANT, {}, { limit: 1_000_000 });
      const versions = events.map((event) => event.version).reverse();
      expect(versions).toEqual(Array.from({ length: scope.revision }, (_, i) => i + 1));
      expect(scope).toMatchObject({ names: secrets.length, bytes: secrets.length * 3 });
      expect(secrets.map((s) => s.version).sort((a, b) => a - b)).toEqual(versions.slice(-50));
      for (const s of secrets) expect(s.ciphertext).toEqual(Uint8Array.of(s.version));
      return versions;
    });
  } finally {
    await store.close();
  }
}

describe('processes that share a SQLite file', () => {
  it('start at once on a file that is not there, and all succeed', async () => {
    const writers = Array.from({ length: 4 }, () => startWriter(4));
    const ends = await Promise.all(writers.map((writer) => writer.ended));
    expect(ends).toEqual(writers.map(() => ({ code: 0, errors: '' })));
    expect(await survey()).toHaveLength(16);
  });

  it('write at once and lose nothing', async () => {
    const writers = [startWriter(400), startWriter(400)];
    const ends = await Promise.all(writers.map((writer) => writer.ended));
    expect(ends).toEqual(writers.map(() => ({ code: 0, errors: '' })));
    const acknowledged = writers.flatMap((w) => w.lines.slice(1).map(Number)).sort((a, b) => a - b);
    expect(acknowledged).toEqual(await survey());
  });

  it('may be killed at any instant: every acknowledged write is there, and nothing half', async () => {
    const acknowledged: number[] = [];
    for (let round = 0; round < 8; round++) {
      const writers = [startWriter(0), startWriter(0)];
      // From the first write of a fresh process, when it recovers the log, to the middle of many.
      await Promise.all(writers.map((w) => w.printed(Math.floor(Math.random() * 200))));
      for (const writer of writers) writer.child.kill('SIGKILL');
      await Promise.all(writers.map((w) => w.ended));
      acknowledged.push(...writers.flatMap((w) => w.lines.slice(1).map(Number)));
      const there = new Set(await survey());
      expect(acknowledged.filter((version) => !there.has(version))).toEqual([]);
    }
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
  });
});
