/** Tink's HybridEncrypt with HPKE keys: the output prefix, the encapsulated key, the AES-GCM ciphertext. */

import type { P256PublicKey } from '../hpke/kem';
import { hpkeSuite } from '../hpke/suite';
import { importHpkePublicKey } from './hpke-public-key';
import { createKeyRing } from '../format/key-ring';
import type { PrefixedKey } from '../format/key-ring';
import { TYPE_URL } from '../format/keyset';

/** The public half. */
export interface HybridEncrypt {
  /** What every ciphertext of its key starts with. */
  readonly prefix: Uint8Array;
  encrypt(plaintext: Uint8Array, contextInfo: Uint8Array): Promise<Uint8Array>;
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET), for a keyset with private keys too. */
export function createHybridEncrypt(publicKeyset: Uint8Array): HybridEncrypt {
  return encryptTo(primaryOf(publicKeyset));
}

/** The key that is encrypted to. @throws DomainError as createHybridEncrypt. */
export function primaryOf(publicKeyset: Uint8Array): PrefixedKey<P256PublicKey> {
  return createKeyRing(publicKeyset, TYPE_URL.hpkePublic, importHpkePublicKey).primary;
}

export function encryptTo({ prefix, key }: PrefixedKey<P256PublicKey>): HybridEncrypt {
  return {
    prefix,
    async encrypt(plaintext, contextInfo) {
      const sealed = await hpkeSuite.Seal(key, plaintext, { info: contextInfo });
      return Buffer.concat([prefix, sealed.encapsulatedSecret, sealed.ciphertext]);
    },
  };
}
