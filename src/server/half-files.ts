/** What a half needs of the other one. */

import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { DomainError } from '../domain/errors';

/**
 * Each half believes a public keyset of the other's, which whoever runs both brings from one to the other.
 * @param root the data folder of this half; the other one's may be another, on another machine.
 * @throws DomainError FAILED_PRECONDITION saying which file to copy from where.
 */
export function requireFromOtherHalf(root: string, path: string, theirs: string): void {
  if (existsSync(path)) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    `${path} is missing; copy ${relative(root, theirs)} of the other half's data folder there, then start again`,
    'PUBLIC_KEYSET_MISSING',
  );
}
