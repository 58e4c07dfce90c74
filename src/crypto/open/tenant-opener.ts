/** Opens one tenant's secrets and bundles, and seals its bundles (docs/format.md). */

import { DomainError } from '../../domain/errors';
import { RecentMap } from '../../domain/recent-map';
import { scopeKey } from '../../domain/scope';
import { SecretValue } from '../../domain/secret-value';
import { doesNotOpen } from '../errors';
import {
  encodeBundleBinding,
  encodeBundlePartBinding,
  encodeFormat1BundleBinding,
  encodeFormat1SecretBinding,
  encodeSecretBinding,
} from '../format/binding';
import { pad, unpad } from '../format/padding';
import { sealValue } from '../seal/seal-value';
import type { Aead } from '../tink/aead';
import type { HybridDecrypt } from '../tink/hybrid-decrypt';
import type { BundleBinding } from '../types';
import type { TenantOpener } from './opener';

/** So many bundles' bindings at least are kept as bytes: an execution's bundles are opened again and again. */
const KEPT_BINDINGS = 32;

/**
 * @param openHybrid unwraps the private keyset. It is asked when a secret's own row is opened for the first time: most
 *   executions only need bundles, and unwrapping both keysets costs six times as much as the bundles' alone.
 */
export function tenantOpener(openHybrid: () => Promise<HybridDecrypt>, aead: Aead): TenantOpener {
  let opening: Promise<HybridDecrypt> | undefined;
  const hybridOf = () =>
    (opening ??= openHybrid().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  const bindings = new RecentMap<string, Uint8Array>(KEPT_BINDINGS);
  const bindingOf = (binding: BundleBinding): Uint8Array => {
    const key = `${binding.tenantId}/${scopeKey(binding.scope)}/${binding.revision}`;
    const kept = bindings.get(key);
    if (kept !== undefined) return kept;
    const bytes = encodeBundleBinding(binding);
    bindings.set(key, bytes);
    return bytes;
  };
  return {
    unwrapPrivate: async () => void (await hybridOf()),
    async openSecret(ciphertext, binding) {
      const hybrid = await hybridOf();
      const padded = await hybrid.decrypt(ciphertext, encodeSecretBinding(binding));
      return parseValue(unpad(padded), padded);
    },
    async takeOver(ciphertext, binding) {
      const hybrid = await hybridOf();
      const bytes = await hybrid.decrypt(ciphertext, encodeFormat1SecretBinding(binding));
      const value = parseValue(bytes, bytes);
      try {
        return await sealValue(hybrid.publicHalf, value, binding);
      } finally {
        value.wipe();
      }
    },
    sealBundle: async (plaintext, binding) => sealPadded(aead, plaintext, encodeBundleBinding(binding)),
    openBundle: async (ciphertext, binding) => openBundle(aead, ciphertext, binding, bindingOf(binding)),
    sealBundlePart: async (plaintext, binding) =>
      sealPadded(aead, plaintext, encodeBundlePartBinding(binding)),
    openBundlePart: async (ciphertext, binding) =>
      unpadOpened(aead.decrypt(ciphertext, encodeBundlePartBinding(binding))),
  };
}

/** Whoever sealed it may have sealed anything: what is not a value is refused like what does not open. */
function parseValue(bytes: Uint8Array | undefined, opened: Uint8Array): SecretValue {
  try {
    return SecretValue.parse(bytes ?? new Uint8Array());
  } catch {
    opened.fill(0);
    throw doesNotOpen();
  }
}

function sealPadded(aead: Aead, plaintext: Uint8Array, associatedData: Uint8Array): Uint8Array {
  const padded = pad(plaintext);
  try {
    return aead.encrypt(padded, associatedData);
  } finally {
    padded.fill(0);
  }
}

function openBundle(
  aead: Aead,
  ciphertext: Uint8Array,
  binding: BundleBinding,
  bindingBytes: Uint8Array,
): Uint8Array {
  const padded = tryDecrypt(aead, ciphertext, bindingBytes);
  // Executions may pin one that an earlier version made.
  if (padded === undefined) return aead.decrypt(ciphertext, encodeFormat1BundleBinding(binding));
  return unpadOpened(padded);
}

function unpadOpened(padded: Uint8Array): Uint8Array {
  const plaintext = unpad(padded);
  if (plaintext === undefined) {
    padded.fill(0);
    throw doesNotOpen();
  }
  return plaintext;
}

function tryDecrypt(aead: Aead, ciphertext: Uint8Array, associatedData: Uint8Array): Uint8Array | undefined {
  try {
    return aead.decrypt(ciphertext, associatedData);
  } catch (error) {
    if (error instanceof DomainError && error.reason === 'CIPHERTEXT_DOES_NOT_OPEN') return undefined;
    throw error;
  }
}
