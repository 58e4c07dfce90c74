/** google.crypto.tink.HpkePublicKey of the service's suite. */

import { malformedKeyset } from '../errors';
import { P256PublicKey } from '../hpke/kem';
import { TINK_HPKE_PARAMS } from '../hpke/suite';
import { Fields } from './keyset';

/**
 * version (1) must be 0, params (2: kem 1, kdf 2, aead 3), public_key (3).
 * @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for other suites and for points off the curve.
 */
export function importHpkePublicKey(value: Uint8Array): P256PublicKey {
  const fields = new Fields(value);
  const params = fields.message(2);
  const { kem, kdf, aead } = TINK_HPKE_PARAMS;
  const ours = params.number(1) === kem && params.number(2) === kdf && params.number(3) === aead;
  if (fields.number(1) !== 0 || !ours) {
    throw malformedKeyset();
  }
  try {
    return new P256PublicKey(fields.bytes(3));
  } catch {
    throw malformedKeyset();
  }
}
