/** Puts a package's npm dependencies in place, with as little downloading as can be. */

import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { satisfies, validRange } from 'semver';
import type { Report } from '../language';
import { runTool } from '../run-tool';
import { addedDependencies, listedDependencies, readPackageJson } from './package-json';

interface Dependency {
  readonly name: string;
  /** As package.json writes it: a semver range, or a URL, a tag, a path. */
  readonly range: string;
}

/**
 * What the package lists and what its host needs beyond that, in three steps of rising cost: what Node finds
 * from the package's folder is taken as it is (in a workspace, or in this repository's examples); what is
 * still missing is linked from axiom's own installation where the versions fit, so that a package without
 * dependencies of its own is built with no download; else npm installs it, from its cache where it can.
 * The author's package.json and lock file are read and not written.
 */
export async function installDependencies(root: string, report: Report): Promise<void> {
  const packageJson = await readPackageJson(root);
  const listed = entries(listedDependencies(packageJson));
  const added = entries(addedDependencies(packageJson));
  const missing = [...listed, ...added].filter((dependency) => !isInstalled(root, dependency));
  if (missing.length === 0) return;
  const own = missing.map((dependency) => ({ ...dependency, from: installedAt(__dirname, dependency) }));
  if (own.every(({ from }) => from !== undefined)) {
    for (const { name, from } of own) await link(root, name, from as string);
    return;
  }
  report(`installing ${missing.length} npm packages: ${missing.map(({ name }) => name).join(', ')}`);
  // npm takes a link for a package under development, and would run its scripts.
  for (const dependency of [...listed, ...added]) await unlink(root, dependency);
  const extra = added.map(({ name, range }) => `${name}@${range}`);
  const options = ['--no-save', '--no-audit', '--no-fund', '--prefer-offline'];
  await runTool(
    { argv: ['npm', 'install', ...options, ...extra], cwd: root },
    { tool: 'npm', purpose: 'npm install', report },
  );
}

function entries(dependencies: Readonly<Record<string, string>>): readonly Dependency[] {
  return Object.entries(dependencies).map(([name, range]) => ({ name, range }));
}

function isInstalled(root: string, dependency: Dependency): boolean {
  return installedAt(root, dependency) !== undefined;
}

/**
 * The folder of an installed version that fits, as Node finds it from `from`; for a URL or a tag, any
 * version.
 */
function installedAt(from: string, { name, range }: Dependency): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return fits(found, range) ? found : undefined;
    if (dirname(folder) === folder) return undefined;
  }
}

function fits(folder: string, range: string): boolean {
  if (range === '' || validRange(range) === null) return true;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version?: string };
  return satisfies(version ?? '', range);
}

async function link(root: string, name: string, from: string): Promise<void> {
  const place = join(root, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { recursive: true, force: true });
  await symlink(from, place, 'junction');
}

/** Removes a link that an earlier build made; one that the author made stays. */
async function unlink(root: string, { name }: Dependency): Promise<void> {
  const place = join(root, 'node_modules', name);
  const target = await readlink(place).catch(() => undefined);
  if (target !== undefined && target === installedAt(__dirname, { name, range: '' })) await rm(place);
}
