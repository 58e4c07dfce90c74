/** The shapes that the two halves of the crypto room share. */

import type { SecretName, TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';

/** What a secret's ciphertext is bound to (HPKE context info, RFC 9180 §5.1). */
export interface SecretBinding {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly name: SecretName;
  readonly version: number;
}

/** What a bundle's ciphertext is bound to (AEAD associated data). */
export interface BundleBinding {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
}
