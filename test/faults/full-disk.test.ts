/** `axiom serve` on a disk that is full to the last byte: it starts again, whatever died, and deletes. */

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmdirSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from '@jest/globals';
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

describeIf(missingRight(), process.env['AXIOM_REQUIRE_USERS'] === '1', 'On a full disk', () => {
  it('a process that is killed and a service that is stopped start again, and secrets are deleted', async () => {
    mount();
    const data = join(folder, 'data');
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
      unmount();
    }
  });
});
