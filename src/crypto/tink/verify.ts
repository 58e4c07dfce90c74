/** Checks Tink signatures (ECDSA P-256 with SHA-256) with tink-crypto. */

import { malformedKeyset } from '../errors';
import { tinkLibrary } from './library';

/** Answers whether the signature is one of the keyset's over this message. */
export type Verify = (signature: Uint8Array, message: Uint8Array) => Promise<boolean>;

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET), for a keyset with private keys too. */
export async function createVerify(verifyingKeyset: Uint8Array): Promise<Verify> {
  const tink = tinkLibrary();
  try {
    const keyset = tink.binary.deserializeNoSecretKeyset(verifyingKeyset);
    const primitive = await keyset.getPrimitive<{ verify: Verify }>(tink.signature.PublicKeyVerify);
    return (signature, message) => primitive.verify(signature, message);
  } catch {
    throw malformedKeyset();
  }
}
