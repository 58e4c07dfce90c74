/** Tells points of P-256 from other bytes. */

import { P256PublicKey } from '../hpke/kem';

/** Whether the bytes are an uncompressed point of the curve. */
export function isP256Point(bytes: Uint8Array): boolean {
  try {
    return new P256PublicKey(bytes).type === 'public';
  } catch {
    return false;
  }
}
