/**
 * The one HPKE suite of the service (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM,
 * base mode. The protocol is the `hpke` library's; the primitives beneath it are node:crypto's.
 */

import { CipherSuite } from 'hpke';
import { aes256Gcm } from './aead';
import { hkdfSha256 } from './kdf';
import { dhkemP256 } from './kem';

/** Bytes of the encapsulated key in front of a ciphertext. */
export const ENCAPSULATED_KEY_BYTES = 65;
export const TAG_BYTES = 16;

export const hpkeSuite = new CipherSuite(dhkemP256, hkdfSha256, aes256Gcm);
