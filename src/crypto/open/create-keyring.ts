/** The keyring: keysets made, wrapped and unwrapped under one KEK. */

import type { TenantId } from '../../domain/ids';
import {
  encodePublicKeysetBinding,
  encodeServiceKeysetBinding,
  encodeTenantKeysetBinding,
} from '../format/binding';
import type { Kek } from '../kek/kek';
import { createAead } from '../tink/aead';
import { generateEd25519Keyset, openEd25519Keyset } from '../tink/ed25519';
import { unwrapKeyset, wrapKeyset } from '../tink/encrypted-keyset';
import {
  generateAeadKeyset,
  generateHybridKeyset,
  generateMacKeyset,
  generateSigningKeyset,
} from '../tink/generate';
import { createHybridDecrypt } from '../tink/hybrid-decrypt';
import { createExecutionSigner } from '../row-signer';
import { createSign, createVerify, publicHalfOf } from '../tink/ecdsa';
import { createMac } from '../tink/mac';
import { checkpointSigner } from './checkpoint-signer';
import type { Keyring, NewServiceKeys, NewTenantKeys } from './opener';
import { tenantOpener } from './tenant-opener';

/** @param kek wraps every keyset made here; those it did not wrap are refused. */
export function createKeyring(kek: Kek): Keyring {
  return {
    createServiceKeys: () => createServiceKeys(kek),
    createTenantKeys: (tenantId, wrappedSigningKeyset) =>
      createTenantKeys(kek, tenantId, wrappedSigningKeyset),
    async openTenant(tenantId, { wrappedPrivateKeyset, wrappedBundleKeyset }) {
      const bindingOf = (purpose: 'tenant-private' | 'tenant-bundle') =>
        encodeTenantKeysetBinding(tenantId, purpose);
      const aead = await open(kek, wrappedBundleKeyset, bindingOf('tenant-bundle'), createAead);
      return tenantOpener(
        () => open(kek, wrappedPrivateKeyset, bindingOf('tenant-private'), createHybridDecrypt),
        aead,
      );
    },
    async openRowSigner({ wrappedSigningKeyset, wrappedTokenKeyset }, writerPublicKeyset) {
      const signing = encodeServiceKeysetBinding('service-signing');
      const keys = await open(kek, wrappedSigningKeyset, signing, (keyset) => ({
        sign: createSign(keyset),
        verify: createVerify(publicHalfOf(keyset)),
      }));
      const mac = await open(kek, wrappedTokenKeyset, encodeServiceKeysetBinding('service-token'), createMac);
      return createExecutionSigner({ ...keys, mac, writerPublicKeyset });
    },
    async openTokenMac(wrappedTokenKeyset) {
      const mac = await open(kek, wrappedTokenKeyset, encodeServiceKeysetBinding('service-token'), createMac);
      return {
        compute: async (data) => mac.compute(data),
        verify: async (tag, data) => mac.verify(tag, data),
      };
    },
    createCheckpointKeyset: () => createCheckpointKeyset(kek),
    openCheckpointSigner: async (wrapped) =>
      checkpointSigner(
        await open(kek, wrapped, encodeServiceKeysetBinding('service-checkpoint'), openEd25519Keyset),
      ),
  };
}

async function createServiceKeys(kek: Kek): Promise<NewServiceKeys> {
  const signing = await generateSigningKeyset();
  return {
    wrappedSigningKeyset: await wrapKeyset(
      kek,
      signing.privateKeyset,
      encodeServiceKeysetBinding('service-signing'),
    ),
    wrappedTokenKeyset: await wrapKeyset(
      kek,
      generateMacKeyset(),
      encodeServiceKeysetBinding('service-token'),
    ),
    verifyingKeyset: signing.publicKeyset,
  };
}

async function createCheckpointKeyset(kek: Kek): Promise<Uint8Array> {
  const keyset = generateEd25519Keyset();
  try {
    return await wrapKeyset(kek, keyset, encodeServiceKeysetBinding('service-checkpoint'));
  } finally {
    keyset.fill(0);
  }
}

async function createTenantKeys(
  kek: Kek,
  tenantId: TenantId,
  wrappedSigningKeyset: Uint8Array,
): Promise<NewTenantKeys> {
  const sign = await open(
    kek,
    wrappedSigningKeyset,
    encodeServiceKeysetBinding('service-signing'),
    createSign,
  );
  const hybrid = await generateHybridKeyset();
  const bundle = await generateAeadKeyset();
  const wrap = (keyset: Uint8Array, purpose: 'tenant-private' | 'tenant-bundle') =>
    wrapKeyset(kek, keyset, encodeTenantKeysetBinding(tenantId, purpose));
  return {
    publicKeyset: hybrid.publicKeyset,
    publicKeysetSignature: sign(encodePublicKeysetBinding(tenantId, hybrid.publicKeyset)),
    wrappedPrivateKeyset: await wrap(hybrid.privateKeyset, 'tenant-private'),
    wrappedBundleKeyset: await wrap(bundle, 'tenant-bundle'),
  };
}

/** Unwraps, parses, and overwrites the unwrapped bytes with zeros. */
async function open<T>(
  kek: Kek,
  wrapped: Uint8Array,
  associatedData: Uint8Array,
  parse: (keyset: Uint8Array) => T | Promise<T>,
): Promise<T> {
  const keyset = await unwrapKeyset(kek, wrapped, associatedData);
  try {
    return await parse(keyset);
  } finally {
    keyset.fill(0);
  }
}
