/**
 * Seals one value in the browser (docs/format.md, "A secret's value"), so that the service never has it.
 * A part of the app of its own: it is loaded when the first value is saved.
 */

import { Code, ConnectError } from '@connectrpc/connect';
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke';
import {
  encodePublicKeysetBinding,
  encodeSecretBinding,
  FORMAT_VERSION,
  SEAL_ID_BYTES,
} from '../../../crypto/format/binding';
import { concat } from '../../../crypto/format/bytes';
import { createKeyRing } from '../../../crypto/format/key-ring';
import { TYPE_URL } from '../../../crypto/format/keyset';
import { pad } from '../../../crypto/format/padding';
import { hpkePoint } from '../../../crypto/format/public-keys';
import { crc32c } from '../../../domain/crc32c';
import type { SecretName, TenantId } from '../../../domain/ids';
import type { Scope } from '../../../domain/scope';
import type { GetPublicKeysetResponse } from '../../../gen/axiom/secrets/v1/secrets_pb';
import { verifySignature } from './verify-signature';

const suite = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** Where a value belongs. What a name may be is for the service to say. */
export interface Place {
  readonly scope: Scope;
  readonly name: string;
}

/** The content of a write. @throws ConnectError FAILED_PRECONDITION when the service did not sign the keyset. */
export async function sealValue(
  { tenantId, publicKeyset, publicKeysetSignature, verifyingKeyset }: GetPublicKeysetResponse,
  { scope, name }: Place,
  value: Uint8Array,
) {
  const signed = encodePublicKeysetBinding(tenantId as TenantId, publicKeyset);
  if (!(await verifySignature(verifyingKeyset, publicKeysetSignature, signed))) throw notSigned();
  const { prefix, key } = createKeyRing(publicKeyset, TYPE_URL.hpkePublic, hpkePoint).primary;
  const sealId = crypto.getRandomValues(new Uint8Array(SEAL_ID_BYTES));
  const place = { tenantId: tenantId as TenantId, scope, name: name as SecretName };
  const info = encodeSecretBinding({ ...place, sealId });
  const padded = pad(value);
  try {
    const sealed = await suite.Seal(await suite.DeserializePublicKey(key), padded, { info });
    const ciphertext = concat([prefix, sealed.encapsulatedSecret, sealed.ciphertext]);
    const message = { format: FORMAT_VERSION, sealId, ciphertext, ciphertextCrc32c: crc32c(ciphertext) };
    return { case: 'sealedValue' as const, value: message };
  } finally {
    padded.fill(0);
  }
}

function notSigned(): ConnectError {
  return new ConnectError(
    'the key to seal to is not signed by the service, so nothing was sent; tell its operator',
    Code.FailedPrecondition,
  );
}
