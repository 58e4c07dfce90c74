/** The public half: seals values to a tenant's public keyset. Nothing here can open anything. */

import type { TenantId } from '../../domain/ids';
import type { SecretValue } from '../../domain/secret-value';
import type { SecretBinding } from '../types';

/** Seals values of one tenant. */
export interface TenantSealer {
  /** @returns a Tink hybrid ciphertext (prefix, encapsulated key, AES-256-GCM ciphertext). */
  seal(value: SecretValue, binding: SecretBinding): Promise<Uint8Array>;
}

/** A tenant's public keyset with the service's signature over it. */
export interface SignedPublicKeyset {
  readonly tenantId: TenantId;
  readonly publicKeyset: Uint8Array;
  readonly publicKeysetSignature: Uint8Array;
}

/** Makes sealers, of keysets whose signature holds. */
export interface SealerFactory {
  /** @throws DomainError FAILED_PRECONDITION when the signature does not hold: nothing is sealed to a swapped key. */
  forTenant(keyset: SignedPublicKeyset): Promise<TenantSealer>;
}
