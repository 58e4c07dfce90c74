/**
 * Tink's AEAD with AES-GCM keys over node:crypto: the output prefix, a 12-byte IV, the ciphertext,
 * a 16-byte tag. The same bytes as tink-crypto's, at a fraction of its cost per call.
 */

import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { doesNotOpen, malformedKeyset } from '../errors';
import { createKeyRing } from '../format/key-ring';
import { Fields, TYPE_URL } from '../format/keyset';

const IV_BYTES = 12;
const TAG_BYTES = 16;

export interface Aead {
  encrypt(plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array;
  /** @throws DomainError FAILED_PRECONDITION (CIPHERTEXT_DOES_NOT_OPEN) */
  decrypt(ciphertext: Uint8Array, associatedData: Uint8Array): Buffer;
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for anything but AES-128-GCM and AES-256-GCM keys. */
export function createAead(serializedKeyset: Uint8Array): Aead {
  const ring = createKeyRing(serializedKeyset, TYPE_URL.aesGcm, importKey);
  return {
    encrypt: (plaintext, associatedData) =>
      Buffer.concat([ring.primary.prefix, ...encrypt(ring.primary.key, plaintext, associatedData)]),
    decrypt(ciphertext, associatedData) {
      for (const { prefix, key } of ring.candidates(ciphertext)) {
        const plaintext = tryDecrypt(key, ciphertext.subarray(prefix.byteLength), associatedData);
        if (plaintext !== undefined) {
          return plaintext;
        }
      }
      throw doesNotOpen();
    },
  };
}

/** google.crypto.tink.AesGcmKey: version (1) must be 0, key_value (3). */
function importKey(value: Uint8Array): KeyObject {
  const fields = new Fields(value);
  const key = fields.bytes(3);
  if (fields.number(1) !== 0 || (key.byteLength !== 16 && key.byteLength !== 32)) {
    throw malformedKeyset();
  }
  return createSecretKey(key);
}

function cipherName(key: KeyObject): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.symmetricKeySize === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
}

function encrypt(key: KeyObject, plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array[] {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(cipherName(key), key, iv, { authTagLength: TAG_BYTES }).setAAD(
    associatedData,
  );
  return [iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
}

function tryDecrypt(key: KeyObject, bytes: Uint8Array, associatedData: Uint8Array): Buffer | undefined {
  const end = bytes.byteLength - TAG_BYTES;
  if (end < IV_BYTES) {
    return undefined;
  }
  const iv = bytes.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(cipherName(key), key, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData).setAuthTag(bytes.subarray(end));
  const plaintext = decipher.update(bytes.subarray(IV_BYTES, end));
  try {
    // GCM adds no bytes here: final only checks the tag.
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}
