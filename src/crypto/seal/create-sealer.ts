/** The sealers of a service: made only of public keysets that the service itself signed. */

import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors';
import type { TenantId } from '../../domain/ids';
import { keysetNotSigned, sealedToOtherKey } from '../errors';
import { encodePublicKeysetBinding } from '../format/binding';
import { prefixOf } from '../format/sealed-value';
import { createHybridEncrypt } from '../tink/hybrid-encrypt';
import type { HybridEncrypt } from '../tink/hybrid-encrypt';
import { createVerify, type Verify } from '../tink/ecdsa';
import { sealValue } from './seal-value';
import type { SealerFactory, SignedPublicKeyset, TenantSealer } from './sealer';

/** Parsed sealers kept at once, about 1 KB each. */
const KEPT_SEALERS = 10_000;

/**
 * @param verifyingKeyset the service's Tink public keyset, pinned by whoever starts the server:
 *   never read from the store that holds the signed keysets.
 * @param keptSealers how many checked keysets are remembered; beyond it the one made first goes.
 */
export function createSealerFactory(verifyingKeyset: Uint8Array, keptSealers = KEPT_SEALERS): SealerFactory {
  const pinned = Uint8Array.from(verifyingKeyset);
  let verify: Verify | undefined;
  const sealers = new Map<string, TenantSealer>();
  return {
    verifyingKeyset: pinned,
    async forTenant(keyset) {
      const key = cacheKey(keyset);
      const kept = sealers.get(key);
      if (kept !== undefined) {
        return kept;
      }
      const made = createSealer(keyset, (verify ??= createVerify(pinned)));
      sealers.set(key, made);
      dropOldest(sealers, keptSealers);
      return made;
    },
  };
}

/** Over all that the signature covers and the signature: what was verified once is the same bytes. */
function cacheKey(keyset: SignedPublicKeyset): string {
  const signed = encodePublicKeysetBinding(keyset.tenantId, keyset.publicKeyset);
  return createHash('sha256').update(signed).update(keyset.publicKeysetSignature).digest('base64');
}

function dropOldest(sealers: Map<string, TenantSealer>, kept: number): void {
  if (sealers.size > kept) {
    const [oldest] = sealers.keys();
    sealers.delete(oldest as string);
  }
}

function createSealer(keyset: SignedPublicKeyset, verify: Verify): TenantSealer {
  const signed = encodePublicKeysetBinding(keyset.tenantId, keyset.publicKeyset);
  if (!verify(keyset.publicKeysetSignature, signed)) {
    throw keysetNotSigned();
  }
  return tenantSealer(keyset.tenantId, createHybridEncrypt(keyset.publicKeyset));
}

function tenantSealer(tenantId: TenantId, hybrid: HybridEncrypt): TenantSealer {
  return {
    async seal(value, place) {
      if (place.tenantId !== tenantId) {
        // Would be kept and never open: refused before it is stored.
        throw new DomainError(
          'INTERNAL',
          "a value was about to be sealed with another tenant's keys",
          'WRONG_SEALER',
        );
      }
      return sealValue(hybrid, value, place);
    },
    accept(sealed) {
      if (!Buffer.from(hybrid.prefix).equals(prefixOf(sealed.ciphertext))) throw sealedToOtherKey();
      return sealed;
    },
  };
}
