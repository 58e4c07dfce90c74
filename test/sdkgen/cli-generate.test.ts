import { afterEach, expect, it, jest } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PackageCopy } from '../support/package-copy';
import { PackageFolder } from '../support/package-folder';
import { BUILD_TIME_MS, describeWith } from '../support/needs';

jest.setTimeout(BUILD_TIME_MS);

const REPOSITORY = join(__dirname, '..', '..');
const GREETER = join(REPOSITORY, 'examples', 'greeter-python');

let copy: PackageCopy | undefined;

function copyOf(source: string): PackageCopy {
  copy = new PackageCopy(source);
  return copy;
}

afterEach(() => {
  copy?.[Symbol.dispose]();
  copy = undefined;
});

const axiom = (cwd: string, ...args: string[]) => axiomIn(cwd, {}, ...args);

function axiomIn(cwd: string, variables: Readonly<Record<string, string>>, ...args: string[]) {
  const command = [
    join(REPOSITORY, 'test', 'support', 'register.cjs'),
    join(REPOSITORY, 'src', 'cli', 'main.ts'),
  ];
  const env = { ...process.env, NODE_PATH: join(REPOSITORY, 'node_modules'), ...variables };
  return spawnSync(process.execPath, ['--require', ...command, ...args], { cwd, env, encoding: 'utf8' });
}

describeWith('python', 'axiom generate', () => {
  it('finds the package from any folder below it and says as JSON what it wrote and what it kept', () => {
    const folder = copyOf(GREETER);
    mkdirSync(folder.path('nodes', 'deep'));
    const { status, stdout, stderr } = axiom(folder.path('nodes', 'deep'), 'generate', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      package: 'my-org/greeter',
      root: folder.root,
      language: 'python',
      written: expect.arrayContaining(['gen/axiom_context.py', 'gen/messages_pb2.py']),
      kept: ['nodes/conftest.py', 'nodes/greet_test.py'],
    });
    expect(stderr).toContain('kept nodes/greet_test.py');
    expect(JSON.parse(axiom(folder.root, 'generate', '--json').stdout)).toMatchObject({ written: [] });
  });

  it('says where it looked when there is no package, and exits with the code for not found', () => {
    using empty = new PackageFolder({});
    const { status, stderr } = axiom(empty.root, 'generate');
    expect(status).toBe(3);
    expect(stderr).toContain(`no axiom.yaml in ${empty.root} or above it`);
  });
});

describeWith('python', 'axiom test', () => {
  it("generates what is missing, builds, and exits with the runner's code", () => {
    const folder = copyOf(GREETER);
    const passed = axiom(folder.root, 'test', '--', '-k', 'anonymous');
    expect(passed).toMatchObject({ status: 0, stdout: expect.stringContaining('2 passed') });
    expect(existsSync(folder.path('gen', 'axiom_context.py'))).toBe(true);
    writeFileSync(folder.path('nodes', 'broken_test.py'), 'def test_broken():\n    assert False\n');
    expect(axiom(folder.root, 'test')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('1 failed'),
    });
  });
});

describeWith('python', "A package's messages", () => {
  it.each([
    ['generate', []],
    ['validate', []],
    ['test', []],
    ['run', ['Greet', '--secrets-file', 'none.env']],
  ])('are compiled once by axiom %s', (command, more) => {
    const folder = copyOf(GREETER);
    writeFileSync(folder.path('none.env'), '');
    const programs = folder.path('programs');
    // What the command starts is written down, with its arguments.
    writeFileSync(
      folder.path('count.cjs'),
      `const processes = require('child_process');
      const { execFile } = processes;
      processes.execFile = (program, args, ...more) => {
        require('fs').appendFileSync(process.env.PROGRAMS, [program, ...args].join(' ') + '\\n');
        return execFile(program, args, ...more);
      };`,
    );
    const options = `--require=${folder.path('count.cjs')}`;
    const { status, stderr } = axiomIn(
      folder.root,
      { NODE_OPTIONS: options, PROGRAMS: programs },
      command,
      ...more,
    );
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    const started = readFileSync(programs, 'utf8').split('\n');
    expect(started.filter((line) => /@bufbuild\/buf\S*\/bin\/buf build\b/.test(line))).toHaveLength(1);
  });
});
