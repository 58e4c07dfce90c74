/** Packages as commands name them: a folder in or around which axiom.yaml is, or `handle/name@version`. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { EXIT } from './exit-codes';
import { CliError } from './failure';

/** `handle/package-name@version`; the version is '' where none is named. */
export function splitName(which: string): { readonly name: string; readonly version: string } {
  const [name = '', version = ''] = which.split('@');
  return { name, version };
}

/** The nearest axiom.yaml, walking up. @throws CliError where there is none. */
export function findManifest(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const path = join(at, 'axiom.yaml');
    if (existsSync(path)) return path;
    if (at === dirname(at))
      throw new CliError('there is no axiom.yaml here or above; run this in a package', EXIT.usage);
  }
}

/** Its bytes. @throws CliError where there is none. */
export function readManifestBytes(folder: string): Buffer {
  return readFileSync(findManifest(folder));
}
