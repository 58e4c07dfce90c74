/** Where built tools and compiled dependencies are kept between packages. */

import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../domain/errors';

/** AXIOM_CACHE_DIR, or ~/.cache/axiom; made. @throws DomainError FAILED_PRECONDITION where it cannot be, as in a home folder of no user. */
export function cacheDir(): string {
  const folder = process.env.AXIOM_CACHE_DIR || join(homedir(), '.cache', 'axiom');
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${folder}, where what is installed for packages is kept, cannot be made (${(error as NodeJS.ErrnoException).code}); name another folder with AXIOM_CACHE_DIR`,
      'CACHE_UNUSABLE',
    );
  }
}
