/** The public keys of Tink keysets as plain points, for whoever imports them into its own cryptography. */

import { malformedKeyset } from '../errors';
import { Fields } from './keyset';

/** google.crypto.tink.HpkeParams of the service's one suite (RFC 9180). */
const HPKE_PARAMS = { kem: 2, kdf: 1, aead: 2 } as const;

/** google.crypto.tink.EcdsaParams: SHA-256, P-256, DER signatures. */
const ECDSA_PARAMS = { hash: 3, curve: 2, encoding: 2 } as const;

const COORDINATE_BYTES = 32;
const UNCOMPRESSED = 0x04;

/**
 * google.crypto.tink.HpkePublicKey: version (1) must be 0, params (2: kem 1, kdf 2, aead 3), public_key (3).
 * @returns the point; whether it is on the curve is for its importer to check.
 * @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for other suites.
 */
export function hpkePoint(value: Uint8Array): Uint8Array {
  const fields = new Fields(value);
  const params = fields.message(2);
  const { kem, kdf, aead } = HPKE_PARAMS;
  const ours = params.number(1) === kem && params.number(2) === kdf && params.number(3) === aead;
  if (fields.number(1) !== 0 || !ours) throw malformedKeyset();
  return fields.bytes(3);
}

/**
 * google.crypto.tink.EcdsaPublicKey: version (1) must be 0, params (2: hash 1, curve 2, encoding 3), x (3), y (4).
 * @returns the uncompressed point; whether it is on the curve is for its importer to check.
 * @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for other curves, hashes and encodings.
 */
export function ecdsaPoint(value: Uint8Array): Uint8Array {
  const fields = new Fields(value);
  const params = fields.message(2);
  const { hash, curve, encoding } = ECDSA_PARAMS;
  const ours = params.number(1) === hash && params.number(2) === curve && params.number(3) === encoding;
  if (fields.number(1) !== 0 || !ours) throw malformedKeyset();
  return Uint8Array.of(UNCOMPRESSED, ...coordinate(fields.bytes(3)), ...coordinate(fields.bytes(4)));
}

/** Tink writes coordinates as big-endian numbers, some of its languages with a zero in front. */
function coordinate(bytes: Uint8Array): Uint8Array {
  const excess = bytes.byteLength - COORDINATE_BYTES;
  if (excess > 0 && bytes.subarray(0, excess).some((byte) => byte !== 0)) throw malformedKeyset();
  const whole = new Uint8Array(COORDINATE_BYTES);
  whole.set(bytes.subarray(Math.max(excess, 0)), Math.max(-excess, 0));
  return whole;
}
