/** How a TypeScript package comes by its npm dependencies. */

import { describe, expect, it } from '@jest/globals';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies } from '../../src/sdkgen/typescript/install';
import { PackageFolder } from '../support/package-folder';

const NEEDED = ['@grpc/grpc-js', 'google-protobuf', 'typescript', 'jest', 'ts-jest', '@types/node'];

function packageJson(dependencies: Record<string, string>): string {
  return JSON.stringify({ name: 'a-package', private: true, dependencies }, undefined, 2);
}

function isLink(folder: PackageFolder, name: string): boolean {
  return lstatSync(join(folder.root, 'node_modules', name)).isSymbolicLink();
}

async function install(folder: PackageFolder): Promise<string[]> {
  const told: string[] = [];
  await installDependencies(folder.root, (line) => told.push(line));
  // What is said twice a minute depends on the machine and the network.
  return told.filter((line) => !line.includes('still running'));
}

describe('a package without dependencies of its own', () => {
  it("is given axiom's own, with no download", async () => {
    using folder = new PackageFolder({ 'package.json': packageJson({ 'google-protobuf': '^4.0.0' }) });
    expect(await install(folder)).toEqual([]);
    expect(NEEDED.map((name) => isLink(folder, name))).toEqual(NEEDED.map(() => true));
  });

  it('is given them without a package.json, and only once', async () => {
    using folder = new PackageFolder({ 'axiom.yaml': '' });
    await install(folder);
    const before = lstatSync(join(folder.root, 'node_modules', 'typescript')).ctimeMs;
    await install(folder);
    expect(lstatSync(join(folder.root, 'node_modules', 'typescript')).ctimeMs).toBe(before);
    expect(readdirSync(folder.root).sort()).toEqual(['axiom.yaml', 'node_modules']);
  });
});

describe('a package whose dependencies Node finds above it', () => {
  it('is left alone', async () => {
    using folder = new PackageFolder({ 'inner/package.json': packageJson({}) });
    await install(folder);
    await installDependencies(join(folder.root, 'inner'), () => undefined);
    expect(existsSync(join(folder.root, 'inner', 'node_modules'))).toBe(false);
  });
});

describe('a package with dependencies of its own', () => {
  it('has npm install them; its package.json and its own links stay as they are', async () => {
    using folder = new PackageFolder({
      'package.json': packageJson({}),
      'lib/package.json': '{"name":"lib","version":"1.0.0"}',
    });
    // An earlier build linked axiom's; the author linked a library of theirs.
    await install(folder);
    mkdirSync(join(folder.root, 'node_modules'), { recursive: true });
    symlinkSync(join(folder.root, 'lib'), join(folder.root, 'node_modules', 'lib'));
    const wanted = packageJson({ ms: '2.1.3', lib: 'file:./lib', 'google-protobuf': '^3.21.2' });
    folder.write('package.json', wanted);
    expect(await install(folder)).toEqual(['installing 2 npm packages: ms, google-protobuf']);
    const version = (name: string): unknown =>
      (
        JSON.parse(readFileSync(join(folder.root, 'node_modules', name, 'package.json'), 'utf8')) as {
          version: string;
        }
      ).version;
    expect([version('ms'), version('google-protobuf')]).toEqual(['2.1.3', expect.stringMatching(/^3\.21\./)]);
    expect([isLink(folder, 'lib'), isLink(folder, 'typescript')]).toEqual([true, false]);
    expect(readFileSync(join(folder.root, 'package.json'), 'utf8')).toBe(wanted);
    expect(readdirSync(folder.root)).not.toContain('package-lock.json');
  }, 300_000);
});
