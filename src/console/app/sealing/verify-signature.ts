/** Checks Tink signatures (ECDSA P-256 with SHA-256, DER) with WebCrypto. */

import { createKeyRing } from '../../../crypto/format/key-ring';
import { TYPE_URL } from '../../../crypto/format/keyset';
import { ecdsaPoint } from '../../../crypto/format/public-keys';
import { ecdsaFromDer } from '../../../crypto/format/ecdsa-der';
import type { Bytes } from './bytes';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const HASH = { name: 'ECDSA', hash: 'SHA-256' };

/** Whether the signature is one of the keyset's over this message. @throws DomainError for what is not such a keyset. */
export async function verifySignature(
  verifyingKeyset: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const ring = createKeyRing(verifyingKeyset, TYPE_URL.ecdsaPublic, ecdsaPoint);
  for (const { prefix, key } of ring.candidates(signature)) {
    const raw = ecdsaFromDer(signature.subarray(prefix.byteLength));
    if (raw === undefined) continue;
    const publicKey = await crypto.subtle.importKey('raw', key as Bytes, CURVE, false, ['verify']);
    if (await crypto.subtle.verify(HASH, publicKey, raw as Bytes, message as Bytes)) return true;
  }
  return false;
}
