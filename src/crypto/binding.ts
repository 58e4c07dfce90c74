/**
 * What each ciphertext, signature and wrapped keyset is bound to, as bytes (docs/format.md, "Bindings").
 *
 * A binding is a list of fields in a fixed order, each preceded by its length, and the first
 * says what kind of binding it is: two different bindings never have the same bytes.
 */

import type { TenantId } from '../domain/ids';
import { scopeKey } from '../domain/scope';
import type { BundleBinding, SecretBinding } from './types';

/** Raised when the fields or their order change; old ciphertexts then open only under the old number. */
const FORMAT_VERSION = 1;

/** What a wrapped keyset is for; a keyset put into another column does not unwrap. */
export type TenantKeysetPurpose = 'tenant-private' | 'tenant-bundle';
export type ServiceKeysetPurpose = 'service-signing' | 'service-token';

/** HPKE's info (RFC 9180 §5.1) of a secret's ciphertext. */
export function encodeSecretBinding(binding: SecretBinding): Uint8Array {
  return encode('axiom.secret', [
    text(binding.tenantId),
    text(scopeKey(binding.scope)),
    text(binding.name),
    uint64(binding.version),
  ]);
}

/** Associated data of a bundle's ciphertext. */
export function encodeBundleBinding(binding: BundleBinding): Uint8Array {
  return encode('axiom.bundle', [
    text(binding.tenantId),
    text(scopeKey(binding.scope)),
    uint64(binding.revision),
  ]);
}

/** The message that the service signs so that a swapped public keyset is noticed. */
export function encodePublicKeysetBinding(tenantId: TenantId, publicKeyset: Uint8Array): Uint8Array {
  return encode('axiom.public-keyset', [text(tenantId), publicKeyset]);
}

/** Associated data of a tenant's wrapped keyset. */
export function encodeTenantKeysetBinding(tenantId: TenantId, purpose: TenantKeysetPurpose): Uint8Array {
  return encode('axiom.keyset', [text(purpose), text(tenantId)]);
}

/** Associated data of one of the service's own wrapped keysets. */
export function encodeServiceKeysetBinding(purpose: ServiceKeysetPurpose): Uint8Array {
  return encode('axiom.keyset', [text(purpose)]);
}

function encode(kind: string, fields: readonly Uint8Array[]): Uint8Array {
  const all = [text(kind), uint32(FORMAT_VERSION), ...fields];
  return Buffer.concat(all.flatMap((field) => [uint32(field.byteLength), field]));
}

function text(value: string): Uint8Array {
  return Buffer.from(value, 'utf8');
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** @throws RangeError for anything but a whole number that a double holds exactly. */
function uint64(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError('a version or revision is a whole number from 0 to 2^53 - 1');
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
