/** The public half: seals values to a tenant's public keyset. Nothing here can open anything. */

import type { TenantId } from '../../domain/ids';
import type { SecretValue } from '../../domain/secret-value';
import type { SealedValue, SecretPlace } from '../types';

/** Seals values of one tenant. */
export interface TenantSealer {
  seal(value: SecretValue, place: SecretPlace): Promise<SealedValue>;
  /**
   * Takes what a client sealed, as far as can be told without opening it.
   * @throws DomainError FAILED_PRECONDITION (SEALED_TO_OTHER_KEY) for another key than the keyset's primary one.
   */
  accept(sealed: SealedValue): SealedValue;
}

/** A tenant's public keyset with the service's signature over it. */
export interface SignedPublicKeyset {
  readonly tenantId: TenantId;
  readonly publicKeyset: Uint8Array;
  readonly publicKeysetSignature: Uint8Array;
}

/** Makes sealers, of keysets whose signature holds. */
export interface SealerFactory {
  /** The service's Tink keyset that signatures over public keysets hold under. */
  readonly verifyingKeyset: Uint8Array;
  /** @throws DomainError FAILED_PRECONDITION when the signature does not hold: nothing is sealed to a swapped key. */
  forTenant(keyset: SignedPublicKeyset): Promise<TenantSealer>;
}
