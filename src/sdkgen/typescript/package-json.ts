/** A package's own package.json, as far as its dependencies go. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import { DEVELOPMENT_DEPENDENCIES, RUNTIME_DEPENDENCIES } from './host-dependencies';

export interface PackageJson {
  /** What Node takes the package's .js files for; `module` means ECMAScript modules. */
  readonly type?: string;
  /** Names that begin with #, for the package's own files. */
  readonly imports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  /** Jest's configuration, where it is not in a file of its own. */
  readonly jest?: unknown;
}

/** Undefined where the package has none. Throws INVALID_ARGUMENT where it is not JSON. */
export async function readPackageJson(root: string): Promise<PackageJson | undefined> {
  let text: string;
  try {
    text = await readFile(join(root, 'package.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as PackageJson;
  } catch (error) {
    throw new DomainError(
      'INVALID_ARGUMENT',
      `package.json is no JSON: ${(error as Error).message}`,
      'PACKAGE_JSON_INVALID',
    );
  }
}

/** What the package itself lists, by name. */
export function listedDependencies(packageJson: PackageJson | undefined): Readonly<Record<string, string>> {
  return { ...packageJson?.devDependencies, ...packageJson?.dependencies };
}

/**
 * What it needs beyond that. The author's file is not edited for it: the package's own version always wins.
 */
export function addedDependencies(packageJson: PackageJson | undefined): Readonly<Record<string, string>> {
  const listed = listedDependencies(packageJson);
  const needed = { ...RUNTIME_DEPENDENCIES, ...DEVELOPMENT_DEPENDENCIES };
  return Object.fromEntries(Object.entries(needed).filter(([name]) => !(name in listed)));
}
