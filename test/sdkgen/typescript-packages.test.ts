/**
 * TypeScript packages in the shapes that published ones have: each generates, compiles and passes its own
 * tests.
 */

import { afterAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typescriptSupport } from '../../src/sdkgen/typescript';
import { BuiltPackage } from './typescript-host-client';

const PACKAGES = join(__dirname, '..', 'testdata', 'packages');
const EXAMPLE = join(__dirname, '..', '..', 'examples', 'greeter-typescript');

const built: BuiltPackage[] = [];

afterAll(() => built.forEach((one) => one.remove()));

async function build(source: string): Promise<BuiltPackage> {
  const one = await BuiltPackage.of(source);
  built.push(one);
  return one;
}

/** What the package's own runner printed. Throws it where a test failed. */
async function runTests({ model }: BuiltPackage, ...extra: string[]): Promise<string> {
  const { argv, cwd } = await typescriptSupport.testCommand(model, ['--colors=false', ...extra]);
  const { status, stderr } = spawnSync(argv[0], argv.slice(1), { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stderr;
}

function contentsOf(root: string, paths: readonly string[]): string[] {
  return paths.map((path) => readFileSync(join(root, path), 'utf8'));
}

describe.each([
  ['a package that has only messages and nodes', join(PACKAGES, 'typescript-testkit'), 3],
  ['a package with its own package.json, tsconfig.json and doubles', join(PACKAGES, 'typescript-doubles'), 1],
  ['a package with every kind of message, and with imports', join(PACKAGES, 'typescript-bindings'), 3],
  [
    'a package of ECMAScript modules, with # names and imports that end in .js',
    join(PACKAGES, 'typescript-modules'),
    1,
  ],
  ["the spec's greeter", EXAMPLE, 2],
])('%s', (_what, source, suites) => {
  it('compiles, and passes its tests, those that were generated among them', async () => {
    const own = readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/node_modules|dist|\.axiom|gen$|gen\//.test(entry.parentPath))
      .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1))
      .filter((path) => !['service.ts', 'jest.config.js'].includes(path));
    const one = await build(source);
    expect(existsSync(join(one.model.root, 'dist', 'service.js'))).toBe(true);
    expect(await runTests(one)).toContain(`Test Suites: ${suites} passed, ${suites} total`);
    expect(contentsOf(one.model.root, own)).toEqual(contentsOf(source, own));
  }, 240_000);
});

describe('a second build', () => {
  it('compiles nothing where nothing changed, and again where a node did', async () => {
    const one = built[0] as BuiltPackage;
    const { root } = one.model;
    const service = join(root, 'dist', 'service.js');
    const marked = `${readFileSync(service, 'utf8')}\n// built once\n`;
    writeFileSync(service, marked);
    await typescriptSupport.build(one.model, () => undefined);
    expect(readFileSync(service, 'utf8')).toBe(marked);
    appendFileSync(join(root, 'nodes', 'get_tld.ts'), '\n// changed\n');
    await typescriptSupport.build(one.model, () => undefined);
    expect(readFileSync(service, 'utf8')).not.toBe(marked);
  }, 120_000);
});

describe('editors', () => {
  it('complete the declared names, and any other name stays allowed', () => {
    const names = readFileSync(join(built[0]?.model.root ?? '', 'gen', 'axiomSecretNames.ts'), 'utf8');
    expect(names).toContain("export type AxiomSecretName = 'DB_URL' | (string & {});");
  });
});

describe('a node that does not compile', () => {
  it('fails the build with its file, line and reason', async () => {
    const one = built[1] as BuiltPackage;
    writeFileSync(
      join(one.model.root, 'nodes', 'grow.ts'),
      'export function grow(): string {\n  return 1;\n}\n',
    );
    await expect(typescriptSupport.build(one.model, () => undefined)).rejects.toThrow(
      /nodes\/grow\.ts\(2,3\): error TS2322/,
    );
  }, 120_000);
});
