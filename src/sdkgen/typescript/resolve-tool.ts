/** Finds a program of an npm package as the author's package would. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DomainError } from '../../domain/errors';

/**
 * The program's absolute path and its package's version. Throws FAILED_PRECONDITION where it is not
 * installed.
 */
export function resolveTool(root: string, name: string, program: string): { path: string; version: string } {
  try {
    const manifest = createRequire(join(root, 'package.json')).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return { path: join(dirname(manifest), program), version };
  } catch {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${name} is not installed for this package; build it first, or add ${name} to its package.json`,
      'TOOL_MISSING',
    );
  }
}
