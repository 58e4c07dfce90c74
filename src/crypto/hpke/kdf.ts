/** HKDF-SHA256 in its two stages (RFC 5869) over node:crypto, for the HPKE library. */

import { createHmac } from 'node:crypto';
import type { Hmac } from 'node:crypto';
import { KDF_HKDF_SHA256 } from 'hpke';
import type { KDF } from 'hpke';
import { keyForm } from './key-form';

const HASH = 'sha256';

function hmac(key: Uint8Array): Hmac {
  return createHmac(HASH, keyForm(key));
}

export function hkdfSha256(): KDF {
  return {
    ...KDF_HKDF_SHA256(),
    Extract: async (salt, ikm) => hmac(salt).update(ikm).digest(),
    Expand: async (prk, info, length) => {
      const blocks: Buffer[] = [];
      let last = Buffer.alloc(0);
      for (let bytes = 0; bytes < length; bytes += last.byteLength) {
        const counter = Buffer.of(blocks.length + 1);
        last = hmac(prk).update(last).update(info).update(counter).digest();
        blocks.push(last);
      }
      return Buffer.concat(blocks, length);
    },
  };
}
