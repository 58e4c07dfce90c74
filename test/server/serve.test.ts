/** `axiom serve`: its ready line, what a second start does, how it stops, and when it refuses to start. */

import BetterSqlite3 from 'better-sqlite3';
import { credentials } from '@grpc/grpc-js';
import { create, toBinary } from '@bufbuild/protobuf';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AddSecretRequestSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { readIfThere, readUnlinked } from '../../src/files/whole-file';
import { dataDirAt } from '../../src/server/data-dir';
import { endFirstStart } from '../../src/server/prepare';
import { hasPermissionModel } from '../../src/server/separation';
import { ROOT, runProgram } from '../cli/axiom';
import { AXIOM_MAIN, FREE_PORTS, startServeProcess } from '../support/serve-process';
import { ADD_SECRET, caOf, LIST_NAMES, rawCall, withKey } from './doors';

let folder: string;
let dataDir: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-serve-'));
  dataDir = join(folder, 'data');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOCALHOST_PORT = /^127\.0\.0\.1:[1-9]\d*$/;
const serveOnce = (args: string[], env: NodeJS.ProcessEnv = process.env) =>
  runProgram(process.execPath, [AXIOM_MAIN, 'serve', '--json', ...FREE_PORTS, ...args], { env, cwd: folder });
const manage = (
  info: { management: { address: string } } & Parameters<typeof withKey>[0],
  path: string,
  request = new Uint8Array(),
) => rawCall(info.management.address, credentials.createSsl(caOf(info)), path, request, withKey(info));
const add = (name: string) =>
  toBinary(
    AddSecretRequestSchema,
    create(AddSecretRequestSchema, { name, content: { case: 'value', value: Buffer.from('x') } }),
  );

function filesOf(root: string, at = root): string[] {
  return readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
    const path = join(at, entry.name);
    return entry.isDirectory() ? filesOf(root, path) : [relative(root, path)];
  });
}

/** Everything but the store, which notes when a key was last used, and where the service listens now. */
function hashes(root: string): Record<string, string> {
  const kept = filesOf(root).filter(
    (file) => !/^store\/|^service\.json$/.test(file) && statSync(join(root, file)).isFile(),
  );
  return Object.fromEntries(
    kept.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex'),
    ]),
  );
}

describe('First start', () => {
  it('prints one line of JSON when both servers and the console answer, and makes everything private', async () => {
    const serve = await startServeProcess(dataDir);
    try {
      const { info } = serve;
      expect(info).toEqual({
        management: { address: expect.stringMatching(LOCALHOST_PORT), pid: expect.any(Number) },
        execution: { address: expect.stringMatching(LOCALHOST_PORT), pid: expect.any(Number) },
        console: { address: expect.stringMatching(LOCALHOST_PORT), pid: info.management.pid },
        operatorSocket: join(dataDir, 'execution', 'operator.sock'),
        dataDir,
        caCertificate: join(dataDir, 'ca.crt'),
        adminApiKeyFile: join(dataDir, 'admin-api-key'),
        separation: hasPermissionModel() ? 'permission-model' : 'keys-only',
      });
      expect(info.management.pid).not.toBe(info.execution.pid);
      expect((await manage(info, LIST_NAMES)).status).toBe('OK');
      // Certificates of CAs and serial numbers of revoked ones are nobody's secret.
      const shown = /(^|\/)((client-)?ca\.crt|revoked-certificates)$/;
      for (const file of filesOf(dataDir).filter((one) => !shown.test(one)))
        expect([file, statSync(join(dataDir, file)).mode & 0o077]).toEqual([file, 0]);
      for (const part of ['', 'management', 'execution', 'ca', 'workloads', 'store'])
        expect(statSync(join(dataDir, part)).mode & 0o077).toBe(0);
      expect(serve.log()).not.toContain(readFileSync(info.adminApiKeyFile, 'utf8').trim());
    } finally {
      expect(await serve.stop()).toBe(0);
    }
  });
});

describe('Later starts change nothing', () => {
  it('not one byte of keys, certificates and the admin key', async () => {
    const before = hashes(dataDir);
    expect(Object.keys(before).length).toBeGreaterThan(10);
    const serve = await startServeProcess(dataDir);
    expect((await manage(serve.info, LIST_NAMES)).status).toBe('OK');
    expect(await serve.stop()).toBe(0);
    expect(hashes(dataDir)).toEqual(before);
  });
});

describe('SIGTERM drains', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'a call under way at %s completes, and the service exits with 0',
    async (signal) => {
      const serve = await startServeProcess(dataDir);
      // The call has come in and waits for the store, because we hold its write lock.
      const store = new BetterSqlite3(join(dataDir, 'store', 'store.sqlite'));
      store.exec('begin immediate');
      const underWay = manage(serve.info, ADD_SECRET, add(`UNDER_WAY_${signal}`));
      await until(async () => (await manage(serve.info, LIST_NAMES)).status === 'OK');
      const stopped = serve.stop(signal);
      await until(() => serve.log().includes('"name":"management"') && serve.log().includes('stopping'));
      store.exec('rollback');
      store.close();
      expect((await underWay).status).toBe('OK');
      expect(await stopped).toBe(0);
      expect(serve.log()).not.toContain('"level":50');
      for (const { pid } of [serve.info.management, serve.info.execution]) expect(isAlive(pid)).toBe(false);
    },
  );

  it('a parent that is killed takes both servers with it', async () => {
    const serve = await startServeProcess(dataDir);
    await serve.stop('SIGKILL');
    await until(() => !isAlive(serve.info.management.pid) && !isAlive(serve.info.execution.pid));
  });
});

describe('Two services on one folder', () => {
  it('make it once when both start first at the same time, and serve the same secrets', async () => {
    const shared = join(folder, 'shared');
    const both = await Promise.all([startServeProcess(shared), startServeProcess(shared)]);
    try {
      const [one, two] = both;
      expect(one.info.operatorSocket).not.toBe(two.info.operatorSocket);
      expect((await manage(one.info, ADD_SECRET, add('SHARED'))).status).toBe('OK');
      expect((await manage(two.info, LIST_NAMES)).answer.toString()).toContain('SHARED');
    } finally {
      expect(await Promise.all(both.map((serve) => serve.stop()))).toEqual([0, 0]);
    }
  });

  it('hand over the first API key, whichever of them is the later', () => {
    const dir = dataDirAt(mkdtempSync(join(folder, 'handed-')));
    mkdirSync(dir.execution.folder);
    writeFileSync(dir.execution.adminApiKey, 'key');
    for (const service of ['the first', 'the later'] as const) {
      endFirstStart(dir);
      expect([service, readFileSync(dir.adminApiKey, 'utf8')]).toEqual([service, 'key']);
      expect(existsSync(dir.execution.adminApiKey)).toBe(false);
    }
    // It was there when the later looked, and is not when it reads.
    writeFileSync(dir.execution.adminApiKey, 'key');
    const readTooLate = (path: string) => {
      rmSync(path);
      return readUnlinked(path);
    };
    expect(readIfThere(dir.execution.adminApiKey, readTooLate)).toBeUndefined();
  });
});

describe('It refuses to start, and says what to do,', () => {
  it.each(['--management-address', '--execution-address', '--console-address'])(
    'where the port of %s is taken',
    async (flag) => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const address = `127.0.0.1:${(taken.address() as { port: number }).port}`;
      try {
        const { code, stdout, error } = await serveOnce(['--data-dir', dataDir, flag, address]);
        expect(code).toBe(1);
        expect(stdout).toBe('');
        expect(error.message).toMatch(
          new RegExp(
            `did not start: cannot listen on ${address}: another program listens there; .*EADDRINUSE`,
          ),
        );
      } finally {
        taken.close();
      }
    },
  );

  it('where others may write to the data folder', async () => {
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const { code, error } = await serveOnce(['--data-dir', open]);
    expect(code).toBe(1);
    expect(error.message).toMatch(/others may write to the data folder .*chmod go-w/);
    expect(readdirSync(open)).toEqual([]);
  });

  (process.getuid?.() === 0 ? it : it.skip)(
    'at the root of a volume that its group may write to, and not in a folder in it (needs root)',
    () => {
      const [user, group] = [61_001, 61_500];
      const volume = join(folder, 'volume');
      mkdirSync(volume);
      chownSync(volume, 0, group);
      for (const [path, mode] of [
        [folder, 0o711],
        [volume, 0o2775],
      ] as const)
        chmodSync(path, mode);
      const start = (dataDir: string) => {
        // In a process of an ordinary user, which has no folder made but the first.
        const script = `const { dataDirAt } = require('./dist/server/data-dir'); require('./dist/server/prepare').createFolders(dataDirAt(${JSON.stringify(dataDir)}), 'both');`;
        return spawnSync(process.execPath, ['-e', script], {
          ...{ cwd: ROOT, uid: user, gid: group, encoding: 'utf8' },
        });
      };
      expect(start(volume).stderr).toContain(
        `others may write to the data folder ${volume} (mode 775); use a folder in it: ${volume}/axiom`,
      );
      expect(start(join(volume, 'axiom'))).toMatchObject({ status: 0, stderr: '' });
      expect(statSync(join(volume, 'axiom')).mode & 0o777).toBe(0o700);
    },
  );

  it('where others may read the KEK, and where the KEK is gone', async () => {
    const kek = join(dataDir, 'execution', 'kek.tink');
    chmodSync(kek, 0o644);
    expect((await serveOnce(['--data-dir', dataDir])).error.message).toMatch(/chmod 600/);
    chmodSync(kek, 0o600);
    const bytes = readFileSync(kek);
    rmSync(kek);
    expect((await serveOnce(['--data-dir', dataDir])).error.message).toMatch(
      /kek\.tink is missing where others of its service are; restore it from a backup/,
    );
    expect(filesOf(dataDir)).not.toContain('execution/kek.tink');
    const { writePrivateFile } = await import('../../src/files/whole-file');
    writePrivateFile(kek, bytes);
    const serve = await startServeProcess(dataDir);
    expect(await serve.stop()).toBe(0);
  });

  it('where the data folder is a file, or a certificate is not there', async () => {
    const [file, certificate] = await Promise.all([
      serveOnce(['--data-dir', join(dataDir, 'admin-api-key')]),
      serveOnce(['--data-dir', dataDir, '--tls-certificate', 'nowhere.crt', '--tls-key', 'nowhere.key']),
    ]);
    for (const { code, error, stderr } of [file, certificate]) {
      expect(code).toBe(1);
      expect(error.message).toBeTruthy();
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });
});

describe('A first start that was killed goes on', () => {
  it('after kill -9 at random instants, again and again', async () => {
    const killed = join(folder, 'killed');
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, [AXIOM_MAIN, 'serve', '--data-dir', killed, ...FREE_PORTS], {
        stdio: 'ignore',
        detached: true,
      });
      await new Promise((resolve) => setTimeout(resolve, 250 + Math.random() * 750));
      const gone = new Promise((resolve) => child.once('exit', resolve));
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await gone;
    }
    const serve = await startServeProcess(killed);
    expect((await manage(serve.info, ADD_SECRET, add('AFTER'))).status).toBe('OK');
    expect(await serve.stop()).toBe(0);
    const again = await startServeProcess(killed);
    expect((await manage(again.info, LIST_NAMES)).answer.toString()).toContain('AFTER');
    expect(await again.stop()).toBe(0);
  });

  it('and leaves no server behind when only the command was killed', async () => {
    const killed = join(folder, 'orphans');
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [AXIOM_MAIN, 'serve', '--data-dir', killed, ...FREE_PORTS], {
        stdio: 'ignore',
        detached: true,
      });
      await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 500));
      child.kill('SIGKILL');
      await until(() => groupOf(child.pid ?? 0).length === 0);
    }
  });
});

/** Processes of this process group that are alive (Linux). */
function groupOf(group: number): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const [state, , processGroup] = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return Number(processGroup) === group && state !== 'Z';
    } catch {
      return false;
    }
  });
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 25));
}
