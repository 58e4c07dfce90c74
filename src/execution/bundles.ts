/**
 * Bundles: a scope's names and values at one revision, sealed as one message.
 *
 * Derived data: made from the bundle before plus the rows that changed since, and made
 * again from all rows whenever that bundle is missing or does not open. The plaintext is
 * a serialized ResolveForExecutionResponse with only `secrets` set, so that resolving is
 * one decryption and a concatenation (see the message's comment in the proto).
 */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { doesNotOpen } from '../crypto/errors';
import type { TenantOpener } from '../crypto/open/opener';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';
import type { SecretValue } from '../domain/secret-value';
import {
  ResolveForExecutionResponseSchema,
  SecretSource,
  type ResolvedSecret,
  type ResolveForExecutionResponse,
} from '../gen/axiom/secrets/v1/secrets_pb';
import type { BundleRecord, SealedSecretRecord } from '../store/records';
import type { ReadTx } from '../store/store';

/** Everything that a bundle is made from, read in one snapshot. */
export interface BundleSource {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly revision: number;
  readonly rows: readonly SealedSecretRecord[];
  /** The newest bundle of an earlier revision. */
  readonly previous: BundleRecord | undefined;
}

/**
 * Reads every secret that the scope counts: a row that the store lost would be told to nodes as a name
 * that was never there.
 * @returns undefined when the scope's bundle of its current revision stands, or it was never written.
 * @throws DomainError FAILED_PRECONDITION where rows are missing, or stand in a scope that says it has none.
 */
export async function readBundleSource(
  tx: ReadTx,
  tenantId: TenantId,
  scope: Scope,
): Promise<BundleSource | undefined> {
  const { revision, names } = await tx.getScope(tenantId, scope);
  const previous = revision === 0 ? undefined : await tx.getBundle(tenantId, scope);
  if (previous?.revision === revision) return undefined; // its seal binds what is in it
  const rows = await tx.listSealedSecrets(tenantId, scope);
  if (rows.length !== names || (revision === 0 && names > 0)) throw incomplete();
  return revision === 0 ? undefined : { tenantId, scope, revision, rows, previous };
}

function incomplete(): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    'the store no longer holds the secrets that it counts, so no execution starts; ask the operator to restore a backup',
    'SECRETS_INCOMPLETE',
  );
}

/** Makes and seals the bundle. @throws DomainError FAILED_PRECONDITION naming a row that does not open. */
export async function makeBundle(opener: TenantOpener, source: BundleSource): Promise<BundleRecord> {
  const { tenantId, scope, revision } = source;
  const previous = await openPrevious(opener, source);
  try {
    const known = fromBinary(ResolveForExecutionResponseSchema, previous).secrets;
    const message = create(ResolveForExecutionResponseSchema, {
      secrets: await openRows(opener, source, known),
    });
    const ciphertext = await sealMessage(opener, message, { tenantId, scope, revision });
    return { revision, ciphertext };
  } finally {
    // Values that were replaced or deleted since stand in it too; `known` only views it.
    previous.fill(0);
  }
}

/** Seals a message as the bundle of one revision, and wipes every plaintext it passes through. */
export async function sealMessage(
  opener: TenantOpener,
  message: ResolveForExecutionResponse,
  binding: { readonly tenantId: TenantId; readonly scope: Scope; readonly revision: number },
): Promise<Uint8Array> {
  const plaintext = toBinary(ResolveForExecutionResponseSchema, message);
  try {
    return await opener.sealBundle(plaintext, binding);
  } finally {
    plaintext.fill(0);
    for (const secret of Object.values(message.secrets)) secret.value.fill(0);
  }
}

/** The previous bundle's plaintext; empty where there is none or it does not open: rows are the truth. */
async function openPrevious(opener: TenantOpener, source: BundleSource): Promise<Uint8Array> {
  const { tenantId, scope, previous } = source;
  if (previous === undefined) return new Uint8Array();
  try {
    return await opener.openBundle(previous.ciphertext, { tenantId, scope, revision: previous.revision });
  } catch {
    return new Uint8Array();
  }
}

async function openRows(
  opener: TenantOpener,
  { tenantId, scope, rows }: BundleSource,
  known: Record<string, ResolvedSecret>,
): Promise<Record<string, ResolvedSecret>> {
  const source = scope.kind === 'tenant' ? SecretSource.TENANT : SecretSource.CONFIG;
  const secrets: Record<string, ResolvedSecret> = {};
  for (const row of rows) {
    const { name, version } = row;
    // A name may be `constructor`: only what the bundle itself has counts.
    const before = Object.hasOwn(known, name) ? known[name] : undefined;
    secrets[name] =
      before !== undefined && before.version === BigInt(version)
        ? before
        : ({
            value: await openRow(opener, row, tenantId, scope),
            version: BigInt(version),
            source,
          } as ResolvedSecret);
  }
  return secrets;
}

/**
 * Opens a row as it stands in the store.
 * @throws as TenantOpener.openSecret, also for a row of format version 1 that could not be taken over.
 */
export async function openSecretRow(
  opener: TenantOpener,
  { name, sealId, ciphertext }: SealedSecretRecord,
  place: { readonly tenantId: TenantId; readonly scope: Scope },
): Promise<SecretValue> {
  if (sealId === undefined) throw doesNotOpen();
  return opener.openSecret(ciphertext, { ...place, name, sealId });
}

async function openRow(
  opener: TenantOpener,
  row: SealedSecretRecord,
  tenantId: TenantId,
  scope: Scope,
): Promise<Uint8Array> {
  const { name } = row;
  try {
    return (await openSecretRow(opener, row, { tenantId, scope })).expose();
  } catch (error) {
    if (!(error instanceof DomainError) || error.reason !== 'CIPHERTEXT_DOES_NOT_OPEN') throw error;
    throw new DomainError(
      'FAILED_PRECONDITION',
      `secret ${name} does not open, so no execution starts; save it again or delete it`,
      'SECRET_DOES_NOT_OPEN',
    );
  }
}
