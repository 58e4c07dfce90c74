/** sdk-stubs/go is source that its own tools accept in place. */

import { describe, expect } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { stubsDir } from '../../src/sdkgen/stubs';
import { itWith } from '../support/needs';

function runs(program: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: stubsDir('go'), encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('sdk-stubs/go', () => {
  itWith('go', 'is formatted as gofmt does', async () => {
    expect(execFileSync('gofmt', ['-l', '.'], { cwd: stubsDir('go'), encoding: 'utf8' })).toBe('');
  });

  itWith('go', 'has nothing that go vet objects to', async () => {
    expect(runs('go', 'vet', './...')).toEqual({ status: 0, said: '' });
  });

  itWith('go', 'passes its own tests', async () => {
    expect(runs('go', 'test', './...')).toMatchObject({ status: 0 });
  });
});
