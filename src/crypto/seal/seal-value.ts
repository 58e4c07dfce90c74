/** Seals one value in format version 2: padded, and bound to its place and to a seal id of its own. */

import { randomBytes } from 'node:crypto';
import type { SecretValue } from '../../domain/secret-value';
import { encodeSecretBinding, SEAL_ID_BYTES } from '../format/binding';
import { pad } from '../format/padding';
import type { HybridEncrypt } from '../tink/hybrid-encrypt';
import type { SealedValue, SecretPlace } from '../types';

export async function sealValue(
  hybrid: HybridEncrypt,
  value: SecretValue,
  place: SecretPlace,
): Promise<SealedValue> {
  const sealId = randomBytes(SEAL_ID_BYTES);
  const padded = pad(value.expose());
  try {
    const binding = encodeSecretBinding({ ...place, sealId });
    return { sealId, ciphertext: await hybrid.encrypt(padded, binding) };
  } finally {
    padded.fill(0);
  }
}
