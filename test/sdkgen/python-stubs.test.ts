import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeServiceModule } from '../../src/sdkgen/python/node-service';
import { environmentPython, prepareEnvironment } from '../../src/sdkgen/python/toolchain';
import { stubsDir } from '../../src/sdkgen/stubs';
import { BUILD_TIME_MS, describeWith } from '../support/needs';

const STUBS = stubsDir('python');

describe("The Python host's NodeService messages are those of proto/axiom/node/v1/node.proto", () => {
  const { source, typings } = nodeServiceModule();

  // Run with AXIOM_UPDATE_STUBS=1 after a change of the proto.
  it.each([
    ['node_pb2.py', source],
    ['node_pb2.pyi', typings],
  ])('%s in sdk-stubs is current', (name, contents) => {
    const path = join(STUBS, 'gen', 'axiom_host', name);
    if (process.env.AXIOM_UPDATE_STUBS === '1') writeFileSync(path, contents);
    expect(readFileSync(path, 'utf8')).toBe(contents);
  });
});

describeWith('python', 'sdk-stubs/python is source that its own tools accept in place', () => {
  it.each([
    ['ruff check', ['ruff', 'check', '--no-cache', '.']],
    ['ruff format', ['ruff', 'format', '--no-cache', '--check', '.']],
    ['mypy --strict', ['mypy', '--cache-dir', '/dev/null']],
    ['pytest', ['pytest', '-q', '-p', 'no:cacheprovider']],
  ])(
    '%s',
    async (_, args) => {
      await prepareEnvironment(STUBS, () => undefined);
      const python = await environmentPython(STUBS);
      const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
      const { status, stdout, stderr } = spawnSync(python, ['-m', ...args], {
        cwd: STUBS,
        env,
        encoding: 'utf8',
      });
      expect({ status, said: stdout + stderr }).toMatchObject({ status: 0 });
    },
    BUILD_TIME_MS,
  );
});
