/**
 * Signs what a tenant has as it is found: once, for a store that a version without signatures wrote
 * (docs/operators.md). Whatever somebody changed in it before is signed like everything else.
 */

import type { SecretName, TenantId } from '../../domain/ids';
import { configScope, parseScopeKey, scopeKey, TENANT_SCOPE } from '../../domain/scope';
import { Entries } from '../entries';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import { pick } from '../rows';
import type { RowOf } from '../schema';
import { secretEntry, signSecret } from '../secret-signature';
import { listKeysAsFound } from './access';
import { ciphertextOf } from './ciphertexts';
import { listConfigsAsFound } from './flow-configs';
import { findHead, putHead } from './heads';

interface OfTenant {
  tenantId: string;
}

const selectTenants = preparedQuery((db, args: OfTenant) =>
  db.selectFrom('tenants').selectAll().where('tenant_id', '=', args.tenantId),
);
const updateTenant = preparedStatement((db, row: RowOf<'tenants'>) =>
  db
    .updateTable('tenants')
    .set(pick(row, ['signature']))
    .where('tenant_id', '=', row.tenant_id),
);

const selectKeys = preparedQuery((db, args: OfTenant) =>
  db.selectFrom('tenant_keys').selectAll().where('tenant_id', '=', args.tenantId),
);
const updateKeys = preparedStatement((db, row: RowOf<'tenant_keys'>) =>
  db
    .updateTable('tenant_keys')
    .set(pick(row, ['signature']))
    .where('tenant_id', '=', row.tenant_id)
    .where('keys_revision', '=', row.keys_revision),
);

const selectSecrets = preparedQuery((db, args: OfTenant) =>
  db
    .selectFrom('secrets')
    .leftJoin('ciphertexts', 'ciphertexts.id', 'ciphertext_id')
    .selectAll('secrets')
    .select('data')
    .where('tenant_id', '=', args.tenantId),
);
const updateSecret = preparedStatement((db, row: RowOf<'secrets'>) =>
  db
    .updateTable('secrets')
    .set(pick(row, ['signature']))
    .where('tenant_id', '=', row.tenant_id)
    .where('scope', '=', row.scope)
    .where('name', '=', row.name),
);

const selectConfigIds = preparedQuery((db, args: OfTenant) =>
  db.selectFrom('flow_configs').select('config_id').where('tenant_id', '=', args.tenantId),
);

const selectRevocations = preparedQuery((db, args: OfTenant) =>
  db.selectFrom('revocations').selectAll().where('tenant_id', '=', args.tenantId),
);
const updateRevocation = preparedStatement((db, row: RowOf<'revocations'>) =>
  db
    .updateTable('revocations')
    .set(pick(row, ['signature']))
    .where('tenant_id', '=', row.tenant_id)
    .where('scope', '=', row.scope)
    .where('name', '=', row.name),
);

const selectExecutions = preparedQuery((db, args: OfTenant) =>
  db.selectFrom('executions').selectAll().where('tenant_id', '=', args.tenantId),
);
const updateExecution = preparedStatement((db, row: RowOf<'executions'>) =>
  db
    .updateTable('executions')
    .set(pick(row, ['signature']))
    .where('execution_id', '=', row.execution_id),
);

const selectHandles = preparedQuery((db, args: OfTenant) =>
  db.selectFrom('handles').selectAll().where('tenant_id', '=', args.tenantId),
);
const updateHandle = preparedStatement((db, row: RowOf<'handles'>) =>
  db
    .updateTable('handles')
    .set(pick(row, ['signature']))
    .where('handle', '=', row.handle),
);

/** Sessions end: whoever was logged in logs in again. */
const deleteSessions = preparedStatement((db, args: OfTenant) =>
  db.deleteFrom('sessions').where('tenant_id', '=', args.tenantId),
);

/** @returns how many rows were signed. */
async function signAsFound(session: Session, tenantId: TenantId): Promise<number> {
  const { signing } = session;
  if (signing === undefined) throw new Error('this store signs nothing');
  const args = { tenantId };
  let count = await signSecrets(session, tenantId);
  for (const row of await selectTenants(session, args))
    count += await updateTenant(session, { ...row, signature: signing.sign('tenants', row) });
  for (const row of await selectKeys(session, args))
    count += await updateKeys(session, { ...row, signature: signing.sign('tenant_keys', row) });
  for (const row of await selectRevocations(session, args))
    count += await updateRevocation(session, { ...row, signature: signing.sign('revocations', row) });
  for (const row of await selectExecutions(session, args))
    count += await updateExecution(session, { ...row, signature: signing.sign('executions', row) });
  for (const row of await selectHandles(session, args))
    count += await updateHandle(session, { ...row, signature: signing.sign('handles', row) });
  count += await listConfigsAsFound(session, tenantId);
  count += await listKeysAsFound(session, tenantId);
  await deleteSessions(session, args);
  return count;
}

/** Every secret and override, and the head of every scope. A row whose ciphertext is gone stays unsigned. */
async function signSecrets(session: Session, tenantId: TenantId): Promise<number> {
  const scopes = new Map<string, Entries>([[scopeKey(TENANT_SCOPE), new Entries()]]);
  for (const { config_id } of await selectConfigIds(session, { tenantId }))
    scopes.set(scopeKey(configScope(config_id as never)), new Entries());
  let count = 0;
  for (const { data, ...row } of await selectSecrets(session, { tenantId })) {
    const entries = scopes.get(row.scope) ?? new Entries();
    scopes.set(row.scope, entries);
    const record = {
      ...{ name: row.name as SecretName, version: row.version },
      ...{ sealId: row.seal_id ?? undefined, paddedBytes: row.padded_bytes },
      ...{ createTime: row.create_time, updateTime: row.update_time },
    };
    entries.set(row.name, secretEntry(record));
    if (data === null || session.signing === undefined) continue;
    const ciphertext = ciphertextOf({ data, ciphertext_length: row.ciphertext_length });
    const signature = signSecret(session.signing, tenantId, parseScopeKey(row.scope), {
      ...record,
      ciphertext,
    });
    count += await updateSecret(session, { ...row, signature });
  }
  for (const [scope, entries] of scopes) {
    const { revision, names, bytes } = (await findHead(session, tenantId, scope)) ?? {
      ...{ revision: 0, names: 0, bytes: 0 },
    };
    putHead(session, tenantId, scope, { revision, names, bytes }, entries);
    count++;
  }
  return count;
}

export const writes = { signAsFound };
