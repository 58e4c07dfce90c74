/** The private half: makes keysets and opens what was sealed. Only the execution server imports it. */

import type { TenantId } from '../../domain/ids';
import type { NoteSigner } from '../../domain/signed-note';
import type { SecretValue } from '../../domain/secret-value';
import type { StatementSigner } from '../row-signer';
import type {
  BundleBinding,
  BundlePartBinding,
  Format1SecretBinding,
  SealedValue,
  SecretBinding,
} from '../types';

/** Opens one tenant's ciphertexts. */
export interface TenantOpener {
  /** Unwraps what opens secrets' own rows, which is done no sooner than it is needed. @throws as Keyring.openTenant. */
  unwrapPrivate(): Promise<void>;
  /** @throws DomainError FAILED_PRECONDITION (reason CIPHERTEXT_DOES_NOT_OPEN) when the ciphertext does not open for this binding. */
  openSecret(ciphertext: Uint8Array, binding: SecretBinding): Promise<SecretValue>;
  /** Seals anew, in the current format, what was sealed in format version 1. @throws as openSecret. */
  takeOver(ciphertext: Uint8Array, binding: Format1SecretBinding): Promise<SealedValue>;
  /** @returns a Tink AEAD ciphertext of the padded plaintext. */
  sealBundle(plaintext: Uint8Array, binding: BundleBinding): Promise<Uint8Array>;
  /** Also one of format version 1. @throws as openSecret. The caller zeroes the answer after use. */
  openBundle(ciphertext: Uint8Array, binding: BundleBinding): Promise<Uint8Array>;
  /** As sealBundle. */
  sealBundlePart(plaintext: Uint8Array, binding: BundlePartBinding): Promise<Uint8Array>;
  /** @throws as openSecret. The caller zeroes the answer after use. */
  openBundlePart(ciphertext: Uint8Array, binding: BundlePartBinding): Promise<Uint8Array>;
}

/** New keysets of a tenant, ready to store. */
export interface NewTenantKeys {
  readonly publicKeyset: Uint8Array;
  readonly publicKeysetSignature: Uint8Array;
  readonly wrappedPrivateKeyset: Uint8Array;
  readonly wrappedBundleKeyset: Uint8Array;
}

/** New keysets of the service, ready to store. */
export interface NewServiceKeys {
  readonly wrappedSigningKeyset: Uint8Array;
  readonly wrappedTokenKeyset: Uint8Array;
  /** Tink public keyset that verifies signatures over tenants' public keysets; the management server pins it. */
  readonly verifyingKeyset: Uint8Array;
}

/** MACs execution tokens. */
export interface TokenMac {
  /** @returns a Tink MAC (5-byte prefix and 32-byte tag). */
  compute(data: Uint8Array): Promise<Uint8Array>;
  /** Constant-time; false for anything but this keyset's MAC of data. */
  verify(mac: Uint8Array, data: Uint8Array): Promise<boolean>;
}

/** Everything that needs the KEK. */
export interface Keyring {
  createServiceKeys(): Promise<NewServiceKeys>;
  createTenantKeys(tenantId: TenantId, wrappedSigningKeyset: Uint8Array): Promise<NewTenantKeys>;
  /** Unwraps what bundles take, once; callers may keep the opener. */
  openTenant(
    tenantId: TenantId,
    keys: { readonly wrappedPrivateKeyset: Uint8Array; readonly wrappedBundleKeyset: Uint8Array },
  ): Promise<TenantOpener>;
  openTokenMac(wrappedTokenKeyset: Uint8Array): Promise<TokenMac>;
  /** @param writerPublicKeyset verifies what the management half signed; undefined before its first start. */
  openRowSigner(
    keys: { readonly wrappedSigningKeyset: Uint8Array; readonly wrappedTokenKeyset: Uint8Array },
    writerPublicKeyset: Uint8Array | undefined,
  ): Promise<StatementSigner>;
  /** @returns a new wrapped keyset that signs checkpoints of the audit logs. */
  createCheckpointKeyset(): Promise<Uint8Array>;
  /** The signer's name is made from its public key, so every service has another. */
  openCheckpointSigner(wrappedCheckpointKeyset: Uint8Array): Promise<NoteSigner>;
}
