/** Secrets that format version 1 sealed, for whoever takes them over (execution/take-over.ts). */

import type { SecretName, TenantId } from '../../domain/ids';
import { parseScopeKey, scopeKey } from '../../domain/scope';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { SealedSecretRecord, TenantScope } from '../records';
import { freeCiphertexts, SLOT, storeCiphertext } from './ciphertexts';

const selectScopes = preparedQuery((db, args: { tenantId: string; scope: string; limit: number }) =>
  db
    .selectFrom('secrets')
    .select(['tenant_id', 'scope'])
    .distinct()
    .where('seal_id', 'is', null)
    .where((eb) =>
      eb.or([
        eb('tenant_id', '>', args.tenantId),
        eb.and([eb('tenant_id', '=', args.tenantId), eb('scope', '>', args.scope)]),
      ]),
    )
    .orderBy('tenant_id')
    .orderBy('scope')
    .limit(args.limit),
);

interface Version {
  tenantId: string;
  scope: string;
  name: string;
  version: number;
}

const selectOld = preparedQuery((db, args: Version) =>
  db
    .selectFrom('secrets')
    .select(['padded_bytes', ...SLOT])
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name)
    .where('version', '=', args.version)
    .where('seal_id', 'is', null),
);

interface NewSeal {
  seal_id: Uint8Array;
  padded_bytes: number;
  ciphertext_id: number;
  ciphertext_length: number;
}

const updateSecret = preparedStatement((db, args: Omit<Version, 'version'> & NewSeal) =>
  db
    .updateTable('secrets')
    .set({
      seal_id: args.seal_id,
      padded_bytes: args.padded_bytes,
      ciphertext_id: args.ciphertext_id,
      ciphertext_length: args.ciphertext_length,
    })
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope)
    .where('name', '=', args.name),
);

const addBytes = preparedStatement((db, args: { tenantId: string; scope: string; added: number }) =>
  db
    .updateTable('scopes')
    .set((eb) => ({ bytes: eb('bytes', '+', args.added) }))
    .where('tenant_id', '=', args.tenantId)
    .where('scope', '=', args.scope),
);

/** Scopes with such secrets, by tenant, then scope. */
async function listFormat1Scopes(
  session: Session,
  limit: number,
  after?: TenantScope,
): Promise<readonly TenantScope[]> {
  const tenantId = after?.tenantId ?? '';
  const scope = after === undefined ? '' : scopeKey(after.scope);
  return (await selectScopes(session, { tenantId, scope, limit })).map((row) => ({
    tenantId: row.tenant_id as TenantId,
    scope: parseScopeKey(row.scope),
  }));
}

/** What replaces a ciphertext of the same value: its version and the scope's revision stay. */
export type Resealed = { readonly name: SecretName; readonly version: number } & {
  readonly [K in 'sealId' | 'ciphertext' | 'paddedBytes']: NonNullable<SealedSecretRecord[K]>;
};

/** @returns false, and changes nothing, where that version is gone or was taken over already. */
async function takeOverSecret(
  session: Session,
  { tenantId, scope }: TenantScope,
  { name, version, sealId, ciphertext, paddedBytes }: Resealed,
): Promise<boolean> {
  const place = { tenantId, scope: scopeKey(scope), name };
  const old = await selectOld(session, { ...place, version });
  if (old.length === 0) return false;
  await freeCiphertexts(session, old);
  const slot = await storeCiphertext(session, ciphertext);
  await updateSecret(session, { ...place, ...slot, seal_id: sealId, padded_bytes: paddedBytes });
  await addBytes(session, { ...place, added: paddedBytes - (old[0]?.padded_bytes ?? 0) });
  return true;
}

export const reads = { listFormat1Scopes };

export const writes = { takeOverSecret };
