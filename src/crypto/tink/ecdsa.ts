/**
 * Tink's signatures with ECDSA keys over node:crypto: the output prefix, then a DER signature. The same bytes as
 * tink-crypto's, in the call itself and at a fraction of its cost: a write signs while it holds the store's lock.
 */

import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { malformedKeyset } from '../errors';
import { createKeyRing } from '../format/key-ring';
import { Fields, parseKeyset, serializeKeyset, TYPE_URL } from '../format/keyset';

export type Sign = (message: Uint8Array) => Uint8Array;

/** Answers whether the signature is one of the keyset's over this message. */
export type Verify = (signature: Uint8Array, message: Uint8Array) => boolean;

const COORDINATE_BYTES = 32;
/** google.crypto.tink: HashType SHA256, EllipticCurveType NIST_P256, EcdsaSignatureEncoding DER. */
const PARAMS = { hash: 3, curve: 2, encoding: 2 };
/** google.crypto.tink.KeyData.KeyMaterialType */
const ASYMMETRIC_PUBLIC = 3;

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) */
export function createSign(privateKeyset: Uint8Array): Sign {
  const { primary } = createKeyRing(privateKeyset, TYPE_URL.ecdsaPrivate, importPrivateKey);
  return (message) => Buffer.concat([primary.prefix, sign('sha256', message, primary.key)]);
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET), for a keyset with private keys too. */
export function createVerify(publicKeyset: Uint8Array): Verify {
  const ring = createKeyRing(publicKeyset, TYPE_URL.ecdsaPublic, importPublicKey);
  return (signature, message) =>
    ring
      .candidates(signature)
      .some(({ prefix, key }) => verify('sha256', message, key, signature.subarray(prefix.byteLength)));
}

/** The public half of a signing keyset. */
export function publicHalfOf(privateKeyset: Uint8Array): Uint8Array {
  const keyset = parseKeyset(privateKeyset);
  const keys = keyset.keys.map((key) => ({
    ...key,
    typeUrl: TYPE_URL.ecdsaPublic,
    value: new Fields(key.value).bytes(2),
    materialType: ASYMMETRIC_PUBLIC,
  }));
  return serializeKeyset({ ...keyset, keys });
}

/** google.crypto.tink.EcdsaPublicKey: version (1) must be 0, params (2: hash 1, curve 2, encoding 3), x (3), y (4). */
function publicJwk(value: Uint8Array) {
  const fields = new Fields(value);
  const params = fields.message(2);
  const ours =
    params.number(1) === PARAMS.hash &&
    params.number(2) === PARAMS.curve &&
    params.number(3) === PARAMS.encoding;
  if (fields.number(1) !== 0 || !ours) throw malformedKeyset();
  return { kty: 'EC', crv: 'P-256', x: coordinate(fields.bytes(3)), y: coordinate(fields.bytes(4)) };
}

function importPublicKey(value: Uint8Array): KeyObject {
  const key = publicJwk(value);
  try {
    return createPublicKey({ format: 'jwk', key });
  } catch {
    throw malformedKeyset();
  }
}

/** google.crypto.tink.EcdsaPrivateKey: version (1) must be 0, public_key (2), key_value (3). */
function importPrivateKey(value: Uint8Array): KeyObject {
  const fields = new Fields(value);
  if (fields.number(1) !== 0) throw malformedKeyset();
  const key = { ...publicJwk(fields.bytes(2)), d: coordinate(fields.bytes(3)) };
  try {
    return createPrivateKey({ format: 'jwk', key });
  } catch {
    throw malformedKeyset();
  }
}

/** Some Tinks write a zero in front, as big-endian numbers with a sign have it, or leave leading zeros out. */
function coordinate(bytes: Uint8Array): string {
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  if (digits.byteLength > COORDINATE_BYTES) throw malformedKeyset();
  return Buffer.concat([Buffer.alloc(COORDINATE_BYTES - digits.byteLength), digits]).toString('base64url');
}
