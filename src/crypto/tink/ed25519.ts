/** Tink keysets of Ed25519 keys over node:crypto; tink-crypto has no keys of this type, Tink's other languages have. */

import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomInt,
  sign,
  type KeyObject,
} from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { malformedKeyset } from '../errors';
import { createKeyRing } from '../format/key-ring';
import { Fields, KEY_ENABLED, PREFIX_RAW, serializeKeyset, TYPE_URL } from '../format/keyset';

/** google.crypto.tink.KeyData.KeyMaterialType */
const ASYMMETRIC_PRIVATE = 2;
const KEY_BYTES = 32;

/** The primary key of a keyset. */
export interface Ed25519Key {
  /** Raw: 32 bytes. */
  readonly publicKey: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** A keyset of one Ed25519PrivateKey with output prefix RAW, in the clear. */
export function generateEd25519Keyset(): Uint8Array {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  // google.crypto.tink.Ed25519PrivateKey: key_value (2), public_key (3: Ed25519PublicKey, key_value 2).
  const value = new BinaryWriter();
  value.tag(2, WireType.LengthDelimited).bytes(Buffer.from(d ?? '', 'base64url'));
  value.tag(3, WireType.LengthDelimited).fork();
  value
    .tag(2, WireType.LengthDelimited)
    .bytes(Buffer.from(x ?? '', 'base64url'))
    .join();
  const keyId = randomInt(1, 2 ** 32);
  const key = {
    typeUrl: TYPE_URL.ed25519Private,
    value: value.finish(),
    materialType: ASYMMETRIC_PRIVATE,
    status: KEY_ENABLED,
    keyId,
    prefixType: PREFIX_RAW,
  };
  return serializeKeyset({ primaryKeyId: keyId, keys: [key] });
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for anything but Ed25519 private keys. */
export function openEd25519Keyset(serializedKeyset: Uint8Array): Ed25519Key {
  const { key } = createKeyRing(serializedKeyset, TYPE_URL.ed25519Private, importKey).primary;
  return { publicKey: key.publicKey, sign: (message) => sign(null, message, key.privateKey) };
}

function importKey(value: Uint8Array): { readonly privateKey: KeyObject; readonly publicKey: Uint8Array } {
  const fields = new Fields(value);
  const [d, x] = [fields.bytes(2), fields.message(3).bytes(2)];
  if (fields.number(1) !== 0 || d.byteLength !== KEY_BYTES) throw malformedKeyset();
  const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: base64url(d), x: base64url(x) };
  try {
    const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
    // Node takes a public half that is not the private one's.
    if (createPublicKey(privateKey).export({ format: 'jwk' }).x !== jwk.x) throw malformedKeyset();
    return { privateKey, publicKey: Buffer.from(x) };
  } catch {
    throw malformedKeyset();
  }
}
