/** google.crypto.tink.HpkePublicKey of the service's suite, over node:crypto. */

import { malformedKeyset } from '../errors';
import { hpkePoint } from '../format/public-keys';
import { P256PublicKey } from '../hpke/kem';

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) for other suites and for points off the curve. */
export function importHpkePublicKey(value: Uint8Array): P256PublicKey {
  const point = hpkePoint(value);
  try {
    return new P256PublicKey(point);
  } catch {
    throw malformedKeyset();
  }
}
