/** Commands beside a service as packaging/ runs it: it listens everywhere, and each half is a user of its own. */

import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readServiceInfo } from '../../src/cli/connection';
import { permissionFindings } from '../../src/cli/doctor-checks';
import { dataDirAt, type DataDir } from '../../src/server/data-dir';

let dir: DataDir;
beforeEach(() => {
  dir = dataDirAt(mkdtempSync(join(tmpdir(), 'axiom-beside-')));
});
afterEach(() => rmSync(dir.root, { recursive: true }));

it('call doors that listen everywhere at an address that certificates have', () => {
  const door = (address: string) => ({ address, pid: 1 });
  writeFileSync(
    dir.serviceInfo,
    JSON.stringify({
      ...{ management: door('0.0.0.0:7443'), console: door('[::]:7445') },
      ...{ execution: door('10.0.0.0:7444'), dataDir: dir.root },
    }),
    { mode: 0o600 },
  );
  expect(readServiceInfo(dir.root)).toEqual({
    ...{ management: door('127.0.0.1:7443'), console: door('[::1]:7445') },
    ...{ execution: door('10.0.0.0:7444'), dataDir: dir.root },
  });
});

(process.getuid?.() === 0 ? it : it.skip)(
  '`axiom doctor` of root leaves a half its own files, and finds those of anybody else (needs root)',
  () => {
    const [half, somebody] = [61_001, 61_002];
    const kek = dir.execution.kek;
    mkdirSync(dirname(kek), { mode: 0o700 });
    writeFileSync(kek, '', { mode: 0o600 });
    const states = () => permissionFindings(dir).map(({ state }) => state);
    chownSync(dirname(kek), half, half);
    chownSync(kek, half, half);
    expect(states()).toEqual(['ok']);
    chownSync(kek, somebody, somebody);
    expect(permissionFindings(dir)).toMatchObject([
      { state: 'failed', message: expect.stringContaining(`belongs to user ${somebody}`) },
    ]);
    chownSync(kek, half, half);
    chmodSync(kek, 0o640);
    expect(states()).toEqual(['failed']);
  },
);
