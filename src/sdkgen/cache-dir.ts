/** Where built tools and compiled dependencies are kept between packages. */

import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../domain/errors';

/**
 * AXIOM_CACHE_DIR, or ~/.cache/axiom; made.
 * @throws DomainError FAILED_PRECONDITION where it cannot be, as in a home folder of no user, or cannot be written to.
 */
export function cacheDir(): string {
  const folder = process.env.AXIOM_CACHE_DIR || join(homedir(), '.cache', 'axiom');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return folder;
  } catch (error) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${folder}, where what is installed for packages is kept, cannot be written to (${(error as NodeJS.ErrnoException).code}); name another folder with AXIOM_CACHE_DIR`,
      'CACHE_UNUSABLE',
    );
  }
}
