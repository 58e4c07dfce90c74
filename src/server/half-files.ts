/** What a half needs of the other one. */

import { existsSync } from 'node:fs';
import { DomainError } from '../domain/errors';

/**
 * Each half believes a public keyset of the other's, which whoever runs both brings from one to the other.
 * @throws DomainError FAILED_PRECONDITION saying which file to copy from where.
 */
export function requireFromOtherHalf(path: string, theirs: string): void {
  if (existsSync(path)) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    `${path} is missing; copy the other half's ${theirs} there, then start again`,
    'PUBLIC_KEYSET_MISSING',
  );
}
