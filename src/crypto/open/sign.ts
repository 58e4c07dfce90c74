/** Makes Tink signatures (ECDSA P-256 with SHA-256) with tink-crypto. */

import { malformedKeyset } from '../errors';
import { tinkLibrary } from '../tink/library';

export type Sign = (message: Uint8Array) => Promise<Uint8Array>;

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) */
export async function createSign(signingKeyset: Uint8Array): Promise<Sign> {
  const tink = tinkLibrary();
  try {
    const keyset = tink.binaryInsecure.deserializeKeyset(signingKeyset);
    const primitive = await keyset.getPrimitive<{ sign: Sign }>(tink.signature.PublicKeySign);
    return (message) => primitive.sign(message);
  } catch {
    throw malformedKeyset();
  }
}
