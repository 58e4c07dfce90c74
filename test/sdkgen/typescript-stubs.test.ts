/** sdk-stubs/typescript: what every TypeScript package is given. */

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stubsDir } from '../../src/sdkgen/stubs';
import { hostBindings } from '../../src/sdkgen/typescript/host-bindings';
import { resolveTool } from '../../src/sdkgen/typescript/resolve-tool';

const STUBS = stubsDir('typescript');

/** What the tool printed; empty where it passed. */
function complaints(name: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolveTool(STUBS, name, program).path, ...args],
    {
      cwd: STUBS,
      encoding: 'utf8',
    },
  );
  return status === 0 ? '' : stdout + stderr;
}

describe('the accessor and node host for TypeScript', () => {
  it('compile under tsc --strict where they stand', () => {
    expect(complaints('typescript', 'lib/tsc.js', '-p', '.')).toBe('');
  }, 120_000);

  it('pass their own tests', () => {
    expect(complaints('jest', 'bin/jest.js')).toBe('');
  }, 120_000);

  // Run with AXIOM_UPDATE_STUBS=1 after a change of the proto or of the generator.
  it.each([['node_pb.js'], ['node_pb.d.ts']])(
    'carry the messages of proto/axiom/node/v1/node.proto: %s',
    (name) => {
      const path = join(STUBS, 'gen', 'axiom', name);
      const current = hostBindings().find((file) => file.path === name)?.contents ?? '';
      if (process.env['AXIOM_UPDATE_STUBS'] === '1') writeFileSync(path, current);
      expect(readFileSync(path, 'utf8')).toBe(current);
    },
  );
});
