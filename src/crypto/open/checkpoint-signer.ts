/** Who signs the checkpoints of this service's audit logs. */

import { createHash } from 'node:crypto';
import type { NoteSigner } from '../../domain/signed-note';
import type { Ed25519Key } from '../tink/ed25519';

/** Hex digits of the public key's SHA-256 in the name. */
const NAME_DIGITS = 16;

export function checkpointSigner({ publicKey, sign }: Ed25519Key): NoteSigner {
  const digest = createHash('sha256').update(publicKey).digest('hex');
  return { name: `axiom-${digest.slice(0, NAME_DIGITS)}`, publicKey, sign };
}
