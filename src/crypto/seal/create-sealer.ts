/** The sealers of a service: made only of public keysets that the service itself signed. */

import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors';
import type { TenantId } from '../../domain/ids';
import { RecentMap } from '../../domain/recent-map';
import { keysetNotSigned, sealedToOtherKey } from '../errors';
import { encodePublicKeysetBinding } from '../format/binding';
import { prefixOf } from '../format/sealed-value';
import type { PrefixedKey } from '../format/key-ring';
import type { P256PublicKey } from '../hpke/kem';
import { encryptTo, primaryOf } from '../tink/hybrid-encrypt';
import type { HybridEncrypt } from '../tink/hybrid-encrypt';
import { createVerify, type Verify } from '../tink/ecdsa';
import { sealValue } from './seal-value';
import type { SealerFactory, SignedPublicKeyset, TenantSealer } from './sealer';

/** Parsed sealers kept at least, about 1 KB each. */
const KEPT_SEALERS = 10_000;

export interface SealerOptions {
  /** How many checked keysets are remembered at least: those that were used last. */
  readonly keptSealers?: number;
  /** Encrypts to a key; where none is given, in the call itself. */
  readonly encryptTo?: (key: PrefixedKey<P256PublicKey>) => HybridEncrypt;
}

/**
 * @param verifyingKeyset the service's Tink public keyset, pinned by whoever starts the server:
 *   never read from the store that holds the signed keysets.
 */
export function createSealerFactory(verifyingKeyset: Uint8Array, options: SealerOptions = {}): SealerFactory {
  const { keptSealers = KEPT_SEALERS, encryptTo: encrypt = encryptTo } = options;
  const pinned = Uint8Array.from(verifyingKeyset);
  let verify: Verify | undefined;
  const sealers = new RecentMap<string, TenantSealer>(keptSealers);
  return {
    verifyingKeyset: pinned,
    async forTenant(keyset) {
      const key = cacheKey(keyset);
      const kept = sealers.get(key);
      if (kept !== undefined) {
        return kept;
      }
      checkKeyset(keyset, (verify ??= createVerify(pinned)));
      const made = tenantSealer(keyset.tenantId, encrypt(primaryOf(keyset.publicKeyset)));
      sealers.set(key, made);
      return made;
    },
  };
}

/** Over all that the signature covers and the signature: what was verified once is the same bytes. */
function cacheKey(keyset: SignedPublicKeyset): string {
  const signed = encodePublicKeysetBinding(keyset.tenantId, keyset.publicKeyset);
  return createHash('sha256').update(signed).update(keyset.publicKeysetSignature).digest('base64');
}

function checkKeyset(keyset: SignedPublicKeyset, verify: Verify): void {
  const signed = encodePublicKeysetBinding(keyset.tenantId, keyset.publicKeyset);
  if (!verify(keyset.publicKeysetSignature, signed)) {
    throw keysetNotSigned();
  }
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
