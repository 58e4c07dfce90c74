/** The errors of the crypto room. None tells why: an answer that does could be asked questions. */

import { DomainError } from '../domain/errors';

/** A ciphertext that is damaged, moved, of another key or of another binding: the same answer for each. */
export function doesNotOpen(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the stored ciphertext does not open: it was damaged, moved, or sealed with other keys; ' +
      'replace or delete it, or restore a backup',
    'CIPHERTEXT_DOES_NOT_OPEN',
  );
}

/** A wrapped keyset that this KEK does not unwrap for this tenant and purpose. */
export function keysetDoesNotUnwrap(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'a stored keyset does not unwrap: start the service with the key-encryption key it was made with, ' +
      'or restore a backup',
    'KEYSET_DOES_NOT_UNWRAP',
  );
}

/** A public keyset that the service did not sign for this tenant. */
export function keysetNotSigned(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    "the tenant's public keyset does not carry this service's signature, so nothing is sealed to it; " +
      'restore a backup, and find out who changed the store',
    'PUBLIC_KEYSET_NOT_SIGNED',
  );
}

/** A value that a client sealed to a key that the tenant does not seal to, or does not any more. */
export function sealedToOtherKey(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    "the value was sealed to another key than the tenant's current one, and nothing was stored; " +
      'fetch the public keyset again and seal the value to that',
    'SEALED_TO_OTHER_KEY',
  );
}

/** Bytes that are not a keyset of the kind wanted. */
export function malformedKeyset(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'a stored keyset cannot be read as a Tink keyset of its kind; restore a backup',
    'MALFORMED_KEYSET',
  );
}
