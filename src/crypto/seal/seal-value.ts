/** Seals one value in format version 2: padded, and bound to its place and to a seal id of its own. */

import type { SecretValue } from '../../domain/secret-value';
import { encodeSecretBinding } from '../format/binding';
import { pad } from '../format/padding';
import type { HybridEncrypt } from '../tink/hybrid-encrypt';
import type { SealedValue, SecretPlace } from '../types';
import { newSealId } from './seal-id';

export async function sealValue(
  hybrid: HybridEncrypt,
  value: SecretValue,
  place: SecretPlace,
): Promise<SealedValue> {
  const sealId = newSealId();
  const padded = pad(value.expose());
  try {
    const { tenantId, scope, name } = place;
    const binding = encodeSecretBinding({ tenantId, scope, name, sealId });
    return { sealId, ciphertext: await hybrid.encrypt(padded, binding) };
  } finally {
    padded.fill(0);
  }
}
