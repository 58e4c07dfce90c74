/** AES-256-GCM over node:crypto, for the HPKE library. */

import { createCipheriv, createDecipheriv } from 'node:crypto';
import { AEAD_AES_256_GCM } from 'hpke';
import type { AEAD } from 'hpke';
import { keyForm } from './key-form';

const CIPHER = 'aes-256-gcm';

export function aes256Gcm(): AEAD {
  const { Nt: authTagLength, ...rest } = AEAD_AES_256_GCM();
  return {
    ...rest,
    Nt: authTagLength,
    async Seal(key, nonce, aad, plaintext) {
      const cipher = createCipheriv(CIPHER, keyForm(key), nonce, { authTagLength }).setAAD(aad);
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    },
    async Open(key, nonce, aad, ciphertext) {
      const end = ciphertext.byteLength - authTagLength;
      const decipher = createDecipheriv(CIPHER, keyForm(key), nonce, { authTagLength });
      decipher.setAAD(aad).setAuthTag(ciphertext.subarray(end));
      const plaintext = decipher.update(ciphertext.subarray(0, end));
      try {
        // GCM adds no bytes here: final only checks the tag.
        decipher.final();
      } catch (error) {
        plaintext.fill(0);
        throw error;
      }
      return plaintext;
    },
  };
}
