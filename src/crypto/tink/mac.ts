/**
 * Tink's MAC with HMAC keys over node:crypto: the output prefix, then the tag. tink-crypto has
 * no keysets of this kind, Tink's other languages have.
 */

import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { malformedKeyset } from '../errors';
import { createKeyRing } from '../format/key-ring';
import { Fields, TYPE_URL } from '../format/keyset';

/** google.crypto.tink.HashType */
export const HASH_SHA256 = 3;
export const HMAC_SHA256_TAG_BYTES = 32;

export interface Mac {
  compute(data: Uint8Array): Uint8Array;
  /** Constant-time. */
  verify(mac: Uint8Array, data: Uint8Array): boolean;
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for anything but HMAC-SHA256 keys with whole tags. */
export function createMac(serializedKeyset: Uint8Array): Mac {
  const ring = createKeyRing(serializedKeyset, TYPE_URL.hmac, importKey);
  return {
    compute: (data) => Buffer.concat([ring.primary.prefix, tag(ring.primary.key, data)]),
    verify: (mac, data) =>
      ring.candidates(mac).some(({ prefix, key }) => {
        const given = mac.subarray(prefix.byteLength);
        return given.byteLength === HMAC_SHA256_TAG_BYTES && timingSafeEqual(given, tag(key, data));
      }),
  };
}

/** google.crypto.tink.HmacKey: version (1) must be 0, params (2: hash 1, tag_size 2), key_value (3). */
function importKey(value: Uint8Array): KeyObject {
  const fields = new Fields(value);
  const params = fields.message(2);
  const key = fields.bytes(3);
  const strong = params.number(1) === HASH_SHA256 && params.number(2) === HMAC_SHA256_TAG_BYTES;
  if (fields.number(1) !== 0 || !strong || key.byteLength < 16) {
    throw malformedKeyset();
  }
  return createSecretKey(key);
}

function tag(key: KeyObject, data: Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
