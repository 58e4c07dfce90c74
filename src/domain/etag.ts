/** Etags (AIP-154): opaque to callers, made from a version that is never used twice. */

import { DomainError } from './errors';

/** The etag of a version or revision. */
export function etagOf(version: number): string {
  return `"${version.toString(36)}"`;
}

/** @throws DomainError ABORTED when the caller named another state than the one that exists; '' matches any. */
export function checkEtag(sent: string, version: number, what: string): void {
  if (sent !== '' && sent !== etagOf(version)) {
    throw new DomainError(
      'ABORTED',
      `${what} has changed since you read it; list it again and repeat the change with its new etag`,
      'ETAG_MISMATCH',
    );
  }
}
