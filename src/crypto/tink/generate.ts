/** Makes new Tink keysets of one key each, in the clear: callers wrap them, and overwrite them with zeros. */

import { randomBytes, randomInt } from 'node:crypto';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { KEY_ENABLED, PREFIX_TINK, serializeKeyset, TYPE_URL } from '../format/keyset';
import { tinkLibrary } from './library';
import type { KeysetHandle } from './library';
import { HASH_SHA256, HMAC_SHA256_TAG_BYTES } from './mac';

export interface KeysetPair {
  readonly privateKeyset: Uint8Array;
  readonly publicKeyset: Uint8Array;
}

/** HPKE with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, TINK prefix. */
export async function generateHybridKeyset(): Promise<KeysetPair> {
  const tink = tinkLibrary();
  return pair(await tink.generateNewKeysetHandle(tink.hybrid.hpkeP256HkdfSha256Aes256GcmKeyTemplate));
}

/** ECDSA over P-256 with SHA-256, DER signatures, TINK prefix. */
export async function generateSigningKeyset(): Promise<KeysetPair> {
  const tink = tinkLibrary();
  return pair(await tink.generateNewKeysetHandle(tink.signature.ecdsaP256KeyTemplate()));
}

/** AES-256-GCM, TINK prefix. */
export async function generateAeadKeyset(): Promise<Uint8Array> {
  const tink = tinkLibrary();
  const handle = await tink.generateNewKeysetHandle(tink.aead.aes256GcmKeyTemplate());
  return tink.binaryInsecure.serializeKeyset(handle);
}

/** HMAC-SHA256 with a key and tags of 32 bytes, TINK prefix. tink-crypto has no such key type. */
export function generateMacKeyset(): Uint8Array {
  const keyId = randomInt(1, 2 ** 32);
  // google.crypto.tink.HmacKey: params (2), key_value (3).
  const value = new BinaryWriter().tag(2, WireType.LengthDelimited).fork();
  value
    .tag(1, WireType.Varint)
    .int32(HASH_SHA256)
    .tag(2, WireType.Varint)
    .uint32(HMAC_SHA256_TAG_BYTES)
    .join();
  value.tag(3, WireType.LengthDelimited).bytes(randomBytes(32));
  const key = {
    typeUrl: TYPE_URL.hmac,
    value: value.finish(),
    materialType: SYMMETRIC,
    status: KEY_ENABLED,
    keyId,
    prefixType: PREFIX_TINK,
  };
  return serializeKeyset({ primaryKeyId: keyId, keys: [key] });
}

/** google.crypto.tink.KeyData.KeyMaterialType */
const SYMMETRIC = 1;

function pair(handle: KeysetHandle): KeysetPair {
  const { binaryInsecure } = tinkLibrary();
  return {
    privateKeyset: binaryInsecure.serializeKeyset(handle),
    publicKeyset: binaryInsecure.serializeKeyset(handle.getPublicKeysetHandle()),
  };
}
