/** sdk-stubs/rust is source that its own tools accept in place. */

import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cargoEnv, packageTarget, preparePackageTarget } from '../../src/sdkgen/rust/target-folder';
import { missingRust } from '../../src/sdkgen/rust/toolchain';
import { stubsDir } from '../../src/sdkgen/stubs';
import { itWith } from '../support/needs';

// cargo writes a Cargo.lock beside the sources.
let copy: string;

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), 'axiom-rust-stubs-'));
  cpSync(stubsDir('rust'), copy, {
    recursive: true,
    filter: (path) => !/\/(target|Cargo\.lock)$/.test(path),
  });
  if ((await missingRust()) === undefined) await preparePackageTarget(copy, () => undefined);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function cargo(...args: string[]) {
  const env = { ...process.env, ...cargoEnv(packageTarget(copy)) };
  const { status, stdout, stderr } = spawnSync('cargo', args, { cwd: copy, env, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('sdk-stubs/rust', () => {
  itWith('rust', 'is formatted as rustfmt does', async () => {
    expect(cargo('fmt', '--check')).toEqual({ status: 0, said: '' });
  });

  itWith('rust', 'has nothing that clippy warns of', async () => {
    expect(cargo('clippy', '--quiet', '--all-targets', '--', '-D', 'warnings')).toEqual({
      status: 0,
      said: '',
    });
  });

  itWith('rust', 'passes its own tests', async () => {
    expect(cargo('test')).toMatchObject({ status: 0 });
  });
});
