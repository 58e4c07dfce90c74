/** The shapes that the two halves of the crypto room share. */

import type { SecretName, TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';

/** Where a secret's value belongs. */
export interface SecretPlace {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly name: SecretName;
}

/** What a secret's ciphertext is bound to (HPKE context info, RFC 9180 §5.1). */
export interface SecretBinding extends SecretPlace {
  /** 16 random bytes, made by whoever sealed the value: no two ciphertexts stand for each other. */
  readonly sealId: Uint8Array;
}

/** What a ciphertext of format version 1 is bound to. */
export interface Format1SecretBinding extends SecretPlace {
  readonly version: number;
}

/** A sealed value as it is stored. */
export interface SealedValue {
  readonly sealId: Uint8Array;
  /** A Tink hybrid ciphertext (prefix, encapsulated key, AES-256-GCM ciphertext) of the padded value. */
  readonly ciphertext: Uint8Array;
}

/** What a bundle's ciphertext is bound to (AEAD associated data). */
export interface BundleBinding {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
}

/** What the ciphertext of a bundle's part is bound to. */
export interface BundlePartBinding extends BundleBinding {
  readonly part: number;
}
