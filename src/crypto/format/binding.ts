/**
 * What each ciphertext, signature and wrapped keyset is bound to, as bytes (docs/format.md, "Bindings").
 *
 * A binding is a list of fields in a fixed order, each preceded by its length, and the first
 * says what kind of binding it is: two different bindings never have the same bytes.
 */

import { putUint32, text, uint32, uint64 } from './bytes';
import type { TenantId } from '../../domain/ids';
import { scopeKey } from '../../domain/scope';
import type {
  BundleBinding,
  BundlePartBinding,
  Format1SecretBinding,
  SecretBinding,
  SecretPlace,
} from '../types';

/** Of a secret's value, of a bundle and of its parts. It is raised when what is bound or sealed changes its form. */
export const FORMAT_VERSION = 2;

/** Of everything else that is bound: none of it has changed since the first format. */
const FIRST_FORMAT_VERSION = 1;

/** Length of a seal id. */
export const SEAL_ID_BYTES = 16;

/** What a wrapped keyset is for; a keyset put into another column does not unwrap. */
export type TenantKeysetPurpose = 'tenant-private' | 'tenant-bundle';
export type ServiceKeysetPurpose = 'service-signing' | 'service-token' | 'service-checkpoint';

/** HPKE's info (RFC 9180 §5.1) of a secret's ciphertext. */
export function encodeSecretBinding(binding: SecretBinding): Uint8Array {
  if (binding.sealId.byteLength !== SEAL_ID_BYTES) throw new RangeError('a seal id is 16 bytes long');
  return encode('axiom.secret', FORMAT_VERSION, [...place(binding), binding.sealId]);
}

/** HPKE's info of a secret's ciphertext that was sealed in format version 1. */
export function encodeFormat1SecretBinding(binding: Format1SecretBinding): Uint8Array {
  return encode('axiom.secret', FIRST_FORMAT_VERSION, [...place(binding), uint64(binding.version)]);
}

function place({ tenantId, scope, name }: SecretPlace): Uint8Array[] {
  return [text(tenantId), text(scopeKey(scope)), text(name)];
}

/** Associated data of a bundle's ciphertext. */
export function encodeBundleBinding(binding: BundleBinding): Uint8Array {
  return encodeBundle(binding, FORMAT_VERSION);
}

/** Associated data of a bundle's ciphertext that was made in format version 1. */
export function encodeFormat1BundleBinding(binding: BundleBinding): Uint8Array {
  return encodeBundle(binding, FIRST_FORMAT_VERSION);
}

function encodeBundle({ tenantId, scope, revision }: BundleBinding, format: number): Uint8Array {
  return encode('axiom.bundle', format, [text(tenantId), text(scopeKey(scope)), uint64(revision)]);
}

/** Associated data of the ciphertext of a bundle's part. */
export function encodeBundlePartBinding({ part, revision, ...place }: BundlePartBinding): Uint8Array {
  const fields = [text(place.tenantId), text(scopeKey(place.scope)), uint64(part), uint64(revision)];
  return encode('axiom.bundle-part', FORMAT_VERSION, fields);
}

/** The message that the service signs so that a swapped public keyset is noticed. */
export function encodePublicKeysetBinding(tenantId: TenantId, publicKeyset: Uint8Array): Uint8Array {
  return encode('axiom.public-keyset', FIRST_FORMAT_VERSION, [text(tenantId), publicKeyset]);
}

/** Associated data of a tenant's wrapped keyset. */
export function encodeTenantKeysetBinding(tenantId: TenantId, purpose: TenantKeysetPurpose): Uint8Array {
  return encode('axiom.keyset', FIRST_FORMAT_VERSION, [text(purpose), text(tenantId)]);
}

/** Associated data of one of the service's own wrapped keysets. */
export function encodeServiceKeysetBinding(purpose: ServiceKeysetPurpose): Uint8Array {
  return encode('axiom.keyset', FIRST_FORMAT_VERSION, [text(purpose)]);
}

function encode(kind: string, format: number, fields: readonly Uint8Array[]): Uint8Array {
  const all = [text(kind), uint32(format), ...fields];
  const bytes = new Uint8Array(all.reduce((length, field) => length + 4 + field.byteLength, 0));
  let at = 0;
  for (const field of all) {
    putUint32(bytes, at, field.byteLength);
    bytes.set(field, at + 4);
    at += 4 + field.byteLength;
  }
  return bytes;
}
