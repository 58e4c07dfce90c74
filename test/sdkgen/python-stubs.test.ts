import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonSupport } from '../../src/sdkgen/python';
import { loadPackage } from '../../src/sdkgen/load-package';
import { nodeServiceModule } from '../../src/sdkgen/python/node-service';
import { environmentPython, prepareEnvironment } from '../../src/sdkgen/python/toolchain';
import { stubsDir } from '../../src/sdkgen/stubs';
import { writeFiles } from '../../src/sdkgen/write-files';
import { BUILD_TIME_MS, describeWith } from '../support/needs';
import { AUTHORS } from './echo-packages';
import { ReservedPackage, wordsOf } from './reserved-package';

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

describeWith('python', 'The typings of messages', () => {
  it(
    'are what type checkers take, though fields, messages and values are called by reserved words and by types',
    async () => {
      const types = ['bool', 'bytes', 'float', 'int', 'object', 'self', 'str'];
      using source = new ReservedPackage('python', AUTHORS.python, {
        words: [...wordsOf('python'), ...types],
      });
      const model = await loadPackage(source.root);
      await writeFiles(source.root, await pythonSupport.generate(model, () => undefined), () => undefined);
      await prepareEnvironment(STUBS, () => undefined);
      const checked = spawnSync(
        await environmentPython(STUBS),
        ['-m', 'mypy', '--strict', '--cache-dir', '/dev/null', 'gen/messages_pb2.pyi'],
        { cwd: source.root, encoding: 'utf8' },
      );
      expect(checked).toMatchObject({ status: 0, stdout: 'Success: no issues found in 1 source file\n' });
    },
    BUILD_TIME_MS,
  );
});
