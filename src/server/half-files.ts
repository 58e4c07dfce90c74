/** What a half reads of its own folder. */

import { existsSync, readFileSync } from 'node:fs';
import { DomainError } from '../domain/errors';
import { readPrivateFile } from '../files/private-file';
import type { PairFiles } from './data-dir';

/** A certificate chain and its key, as grpc-js takes them. */
export interface Pair {
  readonly cert_chain: Buffer;
  readonly private_key: Buffer;
}

export function readPair({ certificate, key }: PairFiles): Pair {
  return { cert_chain: readFileSync(certificate), private_key: readPrivateFile(key) };
}

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
