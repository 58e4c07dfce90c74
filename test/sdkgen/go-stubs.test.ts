/** sdk-stubs/go is source that its own tools accept in place. */

import { describe, expect } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { goSupport } from '../../src/sdkgen/go';
import { stubsDir } from '../../src/sdkgen/stubs';
import { itWith, toolchainOf } from './with-toolchain';

const withGo = itWith(() => toolchainOf(goSupport));

function runs(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: stubsDir('go'), encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('sdk-stubs/go', () => {
  withGo('is formatted as gofmt does', async () => {
    expect(execFileSync('gofmt', ['-l', '.'], { cwd: stubsDir('go'), encoding: 'utf8' })).toBe('');
  });

  withGo('has nothing that go vet objects to', async () => {
    expect(runs('go', 'vet', './...')).toEqual({ status: 0, said: '' });
  });

  withGo('passes its own tests', async () => {
    expect(runs('go', 'test', './...')).toMatchObject({ status: 0 });
  });
});
