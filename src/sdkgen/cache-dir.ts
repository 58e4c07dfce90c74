/** Where built tools and compiled dependencies are kept between packages. */

import { homedir } from 'node:os';
import { join } from 'node:path';

/** AXIOM_CACHE_DIR, or ~/.cache/axiom. */
export function cacheDir(): string {
  return process.env.AXIOM_CACHE_DIR || join(homedir(), '.cache', 'axiom');
}
