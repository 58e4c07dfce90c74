/** Where a package is: the folder of the nearest axiom.yaml. */

import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DomainError } from '../domain/errors';

/** The folder that has axiom.yaml: `folder` or the nearest above it. @throws DomainError NOT_FOUND. */
export function findPackageRoot(folder: string): string {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (statSync(join(at, 'axiom.yaml'), { throwIfNoEntry: false })?.isFile() === true) return at;
    if (at !== dirname(at)) continue;
    throw new DomainError(
      'NOT_FOUND',
      `no axiom.yaml in ${resolve(folder)} or above it; go to a package's folder and try again`,
      'PACKAGE_NOT_FOUND',
    );
  }
}
