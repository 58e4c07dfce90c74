/** Tink's HybridEncrypt with HPKE keys: the output prefix, the encapsulated key, the AES-GCM ciphertext. */

import { hpkeSuite } from '../hpke/suite';
import { importHpkePublicKey } from './hpke-public-key';
import { createKeyRing } from './key-ring';
import { TYPE_URL } from './keyset';

/** The public half. */
export interface HybridEncrypt {
  encrypt(plaintext: Uint8Array, contextInfo: Uint8Array): Promise<Uint8Array>;
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET), for a keyset with private keys too. */
export function createHybridEncrypt(publicKeyset: Uint8Array): HybridEncrypt {
  const { primary } = createKeyRing(publicKeyset, TYPE_URL.hpkePublic, importHpkePublicKey);
  return {
    async encrypt(plaintext, contextInfo) {
      const sealed = await hpkeSuite.Seal(primary.key, plaintext, { info: contextInfo });
      return Buffer.concat([primary.prefix, sealed.encapsulatedSecret, sealed.ciphertext]);
    },
  };
}
