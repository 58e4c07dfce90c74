/** What works on a disk that is full to the last byte, and what is left as it was there. */

import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from '@jest/globals';
import { Shell } from '../cli/axiom';
import { describeIf } from '../support/needs';
import { startServeProcess } from '../support/serve-process';
import { codeOf, eventually, openDoors, valueOf } from './fault-service';

/** What the store keeps back (src/store/sqlite/ballast.ts). */
const KEPT_BYTES = 5 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'axiom-full-'));
const mount = () => spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'axiom-test', folder]).status === 0;
const unmount = () => spawnSync('umount', [folder]);

function missingRight(): string | undefined {
  if (!mount()) return 'the right to mount a small file system is missing';
  unmount();
  return undefined;
}

afterAll(() => rmdirSync(folder));

/** Until the file system takes no byte more. */
function fill(): void {
  const file = openSync(join(folder, 'filler'), 'a');
  try {
    for (let size = 1024 * 1024; size >= 1; size = Math.floor(size / 2)) {
      try {
        while (writeSync(file, Buffer.alloc(size)) > 0);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

/** Each file's content by its path; locks are empty and come and go. */
function filesIn(root: string): Record<string, string> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((path) => join(root, path));
  const files = paths.filter((path) => statSync(path).isFile() && !path.endsWith('.lock'));
  return Object.fromEntries(files.map((path) => [path, readFileSync(path, 'base64')]));
}

describeIf(missingRight(), process.env['AXIOM_REQUIRE_USERS'] === '1', 'On a full disk', () => {
  it('a process that is killed and a service that is stopped start again, and secrets are deleted', async () => {
    mount();
    const data = join(folder, 'data');
    const shell = new Shell({ AXIOM_DATA_DIR: data });
    const kept = join(data, 'store', 'store.sqlite-ballast');
    let serve = await startServeProcess(data);
    try {
      const before = openDoors(serve);
      for (const name of ['A', 'B', 'C'])
        await before.secrets.addSecret({ name, content: valueOf('value') }, before.admin());
      before.close();
      // Health lays up what is kept back.
      while (!existsSync(kept) || statSync(kept).size < KEPT_BYTES) await sleep(50);
      fill();
      const doctor = await shell.run(['doctor', '--json']);
      expect([doctor.code, doctor.json.findings]).toEqual([
        1,
        expect.arrayContaining([
          {
            check: 'disk',
            state: 'failed',
            message: expect.stringMatching(/^0 MiB are free .*: make room$/),
          },
        ]),
      ]);
      expect(await serve.stop()).toBe(0);
      // What the database's log had taken is full as well.
      fill();
      serve = await startServeProcess(data);
      const doors = openDoors(serve);
      process.kill(serve.info.execution.pid, 'SIGKILL');
      process.kill(serve.info.management.pid, 'SIGKILL');
      await eventually(() => doors.secrets.deleteSecret({ name: 'A' }, doors.admin()));
      // A token that is not one is refused by the execution server itself, once it is there again.
      const resolved = () => doors.resolver.resolveForExecution({ executionToken: 'x' }, doors.deadline());
      await eventually(async () => expect(await codeOf(resolved())).not.toBe('UNAVAILABLE'));
      expect(serve.child.exitCode).toBeNull();
      await eventually(() => doors.secrets.deleteSecret({ name: 'B' }, doors.admin()));
      const { secrets } = await doors.secrets.listSecretNames({}, doors.admin());
      expect(secrets.map(({ name }) => name)).toEqual(['C']);
      doors.close();
    } finally {
      await serve.stop();
      shell.remove();
      unmount();
    }
  });

  it('axiom doctor tells of the store’s disk, where the data folder is on another', async () => {
    mount();
    const shell = new Shell({});
    const data = shell.path('data');
    try {
      mkdirSync(join(data, 'execution'), { recursive: true, mode: 0o700 });
      symlinkSync(folder, join(data, 'store'));
      writeFileSync(join(data, 'store', 'store.sqlite'), '');
      fill();
      const { findings } = (await shell.run(['doctor', '--json', '--data-dir', data])).json;
      expect(findings).toContainEqual({
        check: 'disk',
        state: 'failed',
        message: `0 MiB are free for ${join(data, 'store')}; with less than 32 the service does not say that it serves: make room`,
      });
    } finally {
      shell.remove();
      unmount();
    }
  });

  it('a certificate is issued whole or not at all, and revoked at every door or not at all', async () => {
    mount();
    const shell = new Shell({ AXIOM_DATA_DIR: join(folder, 'data') });
    const certificates = (...args: string[]) => shell.run(['certificates', ...args]);
    const full = /^error: \S+ is on a disk that is full; free some space and try again \(ENOSPC\)\n$/;
    try {
      for (const args of [['create-ca'], ['issue', 'engine', 'checkout']])
        expect((await certificates(...args)).code).toBe(0);
      const before = filesIn(folder);
      fill();
      for (const args of [
        ['revoke', 'engine', 'checkout'],
        ['issue', 'sidecar', 'greeter'],
        ['issue', 'engine', 'checkout'],
        ['create-ca', '--replace'],
      ])
        expect(await certificates(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(full) });
      rmSync(join(folder, 'filler'));
      expect(filesIn(folder)).toEqual(before);
      expect((await certificates('revoke', 'engine', 'checkout')).stderr).toMatch(/^revoked 1 certificate\n/);
      const { certificates: listed } = (await certificates('list', '--json')).json;
      for (const list of ['ca', 'workloads'])
        expect(readFileSync(join(folder, 'data', list, 'revoked-certificates'), 'utf8')).toBe(
          `${listed[0].serial}\n`,
        );
    } finally {
      shell.remove();
      unmount();
    }
  });
});
