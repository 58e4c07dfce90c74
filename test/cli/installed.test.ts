/** The package as a user installs it: `npm pack`, then `npm install` of the tarball somewhere else. */

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, runProgram, Shell } from './axiom';

let shell: Shell;
let files: string[];
let tarball: string;

function npm(args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', env: shell.env });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  return stdout;
}

beforeAll(() => {
  shell = new Shell();
  // The build is done, or the tests would not run; prepack would do it again beside other tests.
  const [packed] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', shell.folder], ROOT),
  ) as {
    filename: string;
    files: { path: string }[];
  }[];
  files = packed?.files.map((file) => file.path) ?? [];
  tarball = shell.path(packed?.filename ?? '');
});

afterAll(() => shell.remove());

describe('The tarball', () => {
  it.each([
    ...[
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'dist/cli/main.js',
      'dist/server/management-main.js',
      'dist/server/execution-main.js',
    ],
    ...['dist/console/index.html', 'proto/axiom/node/v1/node.proto', 'docs/cli.md'],
    // The contract as one file, which docs/admin-clients.md names.
    'proto/last-release.binpb',
  ])('holds %s', (path) => expect(files).toContain(path));

  it('holds the stubs of six languages', () => {
    for (const language of ['csharp', 'go', 'java', 'python', 'rust', 'typescript']) {
      expect(files.some((path) => path.startsWith(`sdk-stubs/${language}/`))).toBe(true);
    }
  });

  it('holds none of the repository’s tests, no data, no build output of other toolchains', () => {
    const unwanted =
      /^(src|test|bench|scripts|coverage|\.ci|\.axiom|\.cache)\/|node_modules\/|\/target\/|\/\.?venv\/|__pycache__|\.pyc$|\/(bin|obj)\/|\.sqlite|kek|admin-api-key/;
    expect(files.filter((path) => unwanted.test(path) && !path.startsWith('dist/crypto/kek/'))).toEqual([]);
    expect(
      files
        .filter((path) => path.startsWith('dist/crypto/kek/'))
        .every((path) => /\.(js|js\.map|d\.ts)$/.test(path)),
    ).toBe(true);
  });
});

describe('Installed elsewhere', () => {
  let folder: string;
  let serve: ServeProcess | undefined;
  const axiom = (args: string[], options: { input?: string; cwd?: string } = {}) =>
    runProgram(join(folder, 'node_modules', '.bin', 'axiom'), args, {
      cwd: folder,
      env: shell.env,
      ...options,
    });

  // Where no prebuilt one fits, the native SQLite driver is compiled, which takes a minute. The same version was
  // installed here by the same script, so what came of it is taken over.
  beforeAll(() => {
    folder = shell.path('elsewhere');
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', tarball], folder);
    const driver = (root: string, path: string) => join(root, 'node_modules', 'better-sqlite3', path);
    const manifest = (root: string) => readFileSync(driver(root, 'package.json'), 'utf8');
    if (manifest(folder) === manifest(ROOT)) {
      cpSync(driver(ROOT, 'build/Release'), driver(folder, 'build/Release'), { recursive: true });
    } else npm(['rebuild', 'better-sqlite3'], folder);
  }, 600_000);

  afterAll(() => serve?.stop());

  it('`npx axiom --version` answers', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(npm(['exec', '--offline', '--', 'axiom', '--version'], folder)).toBe(`${version}\n`);
  });

  it('`axiom serve`, `secrets add` and `list` work', async () => {
    serve = await startServeProcess(
      join(folder, 'data'),
      shell.env,
      join(folder, 'node_modules', 'axiom-secrets', 'dist', 'cli', 'main.js'),
    );
    const flags = ['--data-dir', join(folder, 'data')];
    expect((await axiom(['secrets', 'add', 'GREETER_SIGNATURE', ...flags], { input: 'x' })).code).toBe(0);
    expect((await axiom(['secrets', 'list', '--json', ...flags])).json.secrets).toMatchObject([
      { name: 'GREETER_SIGNATURE' },
    ]);
  });

  it('`axiom generate` and `axiom validate` work in a copied example', async () => {
    const example = join(folder, 'greeter');
    cpSync(join(ROOT, 'examples', 'greeter-python'), example, {
      recursive: true,
      filter: (path) => !/\/(gen|\.axiom|__pycache__)$/.test(path),
    });
    expect((await axiom(['generate'], { cwd: example })).code).toBe(0);
    expect(existsSync(join(example, 'gen', 'axiom_context.py'))).toBe(true);
    const { code, json } = await axiom(['validate', '--json'], { cwd: example });
    expect(code).toBe(0);
    expect(json.reads).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'GREETER_SIGNATURE' })]),
    );
  });

  it('says what to run where the package manager did not let SQLite’s driver be built', async () => {
    const built = join(folder, 'node_modules', 'better-sqlite3', 'build');
    renameSync(built, `${built}-away`);
    try {
      const { code, stderr } = await axiom([
        'serve',
        '--data-dir',
        join(folder, 'other'),
        '--console-address',
        '127.0.0.1:0',
        '--management-address',
        '127.0.0.1:0',
        '--execution-address',
        '127.0.0.1:0',
      ]);
      expect(code).toBe(1);
      expect(stderr).toContain(
        "SQLite's driver, better-sqlite3, is not built for this Node.js; allow its install script",
      );
    } finally {
      renameSync(`${built}-away`, built);
    }
  });
});
