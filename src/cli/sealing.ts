/**
 * Seals values on this machine, so that the service gets them sealed and never has them.
 *
 * Each is sealed to the tenant's public keyset as the service signed it, and the key that verifies the signature is
 * the one that was pinned: by the login, by the data folder or by --verifying-keyset.
 */

import { createSealerFactory } from '../crypto/seal/create-sealer';
import { FORMAT_VERSION } from '../crypto/format/binding';
import type { TenantSealer } from '../crypto/seal/sealer';
import { crc32c } from '../domain/crc32c';
import { DomainError } from '../domain/errors';
import { parseSecretName, parseTenantId, type TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';
import { SecretValue } from '../domain/secret-value';
import { SecretsService, type GetPublicKeysetResponse } from '../gen/axiom/secrets/v1/secrets_pb';
import type { Management } from './connection';
import { CliError } from './failure';

/** Seals values of the tenant that the credential is of. */
export interface Sealing {
  /** The content of a write. Overwrites the value with zeros. @throws DomainError INVALID_ARGUMENT for what is not a value. */
  seal(scope: Scope, name: string, value: Uint8Array): Promise<SealedContent>;
}

type SealedContent = Awaited<ReturnType<typeof sealedContent>>;

/** Fetches the tenant's keyset once. @throws CliError when the pinned key did not sign it. */
export async function openSealing(door: Management): Promise<Sealing> {
  const keyset = await fetchPublicKeyset(door);
  const tenantId = parseTenantId(keyset.tenantId);
  const sealer = await trustedSealer(keyset, door.verifyingKeyset ?? keyset.verifyingKeyset);
  return { seal: (scope, name, value) => sealedContent(sealer, tenantId, { scope, name, value }) };
}

/** Answers the service's verifying keyset, once it has shown that it signed the tenant's keyset. */
export async function checkedVerifyingKeyset(door: Management): Promise<Uint8Array> {
  const keyset = await fetchPublicKeyset(door);
  const verifying = door.verifyingKeyset ?? keyset.verifyingKeyset;
  await trustedSealer(keyset, verifying);
  return verifying;
}

function fetchPublicKeyset(door: Management): Promise<GetPublicKeysetResponse> {
  return door.client(SecretsService).getPublicKeyset({}, door.options());
}

async function trustedSealer(
  { tenantId, publicKeyset, publicKeysetSignature }: GetPublicKeysetResponse,
  verifyingKeyset: Uint8Array,
): Promise<TenantSealer> {
  try {
    const keyset = { tenantId: parseTenantId(tenantId), publicKeyset, publicKeysetSignature };
    return await createSealerFactory(verifyingKeyset).forTenant(keyset);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new CliError(
      'the key that this service seals to is not signed by the service that you trust, and nothing was sealed or sent; ' +
        'if the service was set up again, run `axiom logout` and log in again, otherwise tell its operator',
    );
  }
}

async function sealedContent(
  sealer: TenantSealer,
  tenantId: TenantId,
  { scope, name, value }: { readonly scope: Scope; readonly name: string; readonly value: Uint8Array },
) {
  try {
    const place = { tenantId, scope, name: parseSecretName(name) };
    const { sealId, ciphertext } = await sealer.seal(SecretValue.parse(value), place);
    const sealed = { format: FORMAT_VERSION, sealId, ciphertext, ciphertextCrc32c: crc32c(ciphertext) };
    return { case: 'sealedValue' as const, value: sealed };
  } finally {
    value.fill(0);
  }
}
