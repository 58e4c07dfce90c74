/** HKDF-SHA256 in its two stages (RFC 5869) over node:crypto, for the HPKE library. */

import { createHmac } from 'node:crypto';
import { KDF_HKDF_SHA256 } from 'hpke';
import type { KDF } from 'hpke';

const HASH = 'sha256';

export function hkdfSha256(): KDF {
  return {
    ...KDF_HKDF_SHA256(),
    Extract: async (salt, ikm) => createHmac(HASH, salt).update(ikm).digest(),
    Expand: async (prk, info, length) => {
      const blocks: Buffer[] = [];
      let last = Buffer.alloc(0);
      for (let bytes = 0; bytes < length; bytes += last.byteLength) {
        const counter = Buffer.of(blocks.length + 1);
        last = createHmac(HASH, prk).update(last).update(info).update(counter).digest();
        blocks.push(last);
      }
      return Buffer.concat(blocks, length);
    },
  };
}
