/** Tink's HybridDecrypt with HPKE keys: opens what hybrid-encrypt, or another language's Tink, sealed. */

import { doesNotOpen, malformedKeyset } from '../errors';
import { P256PrivateKey, P256PublicKey } from '../hpke/kem';
import { ENCAPSULATED_KEY_BYTES, hpkeSuite, TAG_BYTES } from '../hpke/suite';
import { importHpkePublicKey } from './hpke-public-key';
import { encryptTo } from './hybrid-encrypt';
import type { HybridEncrypt } from './hybrid-encrypt';
import { createKeyRing } from '../format/key-ring';
import { Fields, TYPE_URL } from '../format/keyset';

/** The private half. */
export interface HybridDecrypt {
  /** Seals to the primary key, for whoever seals anew what it opened. */
  readonly publicHalf: HybridEncrypt;
  /** @throws DomainError FAILED_PRECONDITION (CIPHERTEXT_DOES_NOT_OPEN) */
  decrypt(ciphertext: Uint8Array, contextInfo: Uint8Array): Promise<Uint8Array>;
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) */
export function createHybridDecrypt(privateKeyset: Uint8Array): HybridDecrypt {
  const ring = createKeyRing(privateKeyset, TYPE_URL.hpkePrivate, importPrivateKey);
  const { prefix, key } = ring.primary;
  return {
    publicHalf: encryptTo({ prefix, key: new P256PublicKey(key.point) }),
    async decrypt(ciphertext, contextInfo) {
      for (const { prefix, key } of ring.candidates(ciphertext)) {
        const plaintext = await tryDecrypt(key, ciphertext.subarray(prefix.byteLength), contextInfo);
        if (plaintext !== undefined) {
          return plaintext;
        }
      }
      throw doesNotOpen();
    },
  };
}

/** google.crypto.tink.HpkePrivateKey: version (1) must be 0, public_key (2), private_key (3). */
function importPrivateKey(value: Uint8Array): P256PrivateKey {
  const fields = new Fields(value);
  const publicKey = importHpkePublicKey(fields.bytes(2));
  const privateKey = scalarToKey(fields.bytes(3));
  // Halves that do not belong together would seal what never opens.
  if (fields.number(1) !== 0 || !Buffer.from(privateKey.point).equals(publicKey.point)) {
    throw malformedKeyset();
  }
  return privateKey;
}

function scalarToKey(scalar: Uint8Array): P256PrivateKey {
  try {
    return new P256PrivateKey(scalar);
  } catch {
    throw malformedKeyset();
  }
}

async function tryDecrypt(
  key: P256PrivateKey,
  bytes: Uint8Array,
  contextInfo: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (bytes.byteLength < ENCAPSULATED_KEY_BYTES + TAG_BYTES) {
    return undefined;
  }
  const encapsulatedKey = bytes.subarray(0, ENCAPSULATED_KEY_BYTES);
  try {
    return await hpkeSuite.Open(key, encapsulatedKey, bytes.subarray(ENCAPSULATED_KEY_BYTES), {
      info: contextInfo,
    });
  } catch {
    return undefined;
  }
}
