/** ImportSecrets: many secrets of a tenant in one write, so that a file is imported whole or not at all. */

import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call, Handlers } from '../domain/call';
import { DomainError, invalid, type FieldViolation } from '../domain/errors';
import type { SecretName } from '../domain/ids';
import type { TenantPrincipal } from '../domain/principal';
import { MAX_SCOPE_NAMES, TENANT_SCOPE } from '../domain/scope';
import {
  ImportAction,
  ImportIfExists,
  type ImportSecretsRequest,
  type SecretImport,
  type SecretsService,
} from '../gen/axiom/secrets/v1/secrets_pb';
import type { SecretRecord } from '../store/records';
import type { WriteTx } from '../store/store';
import { turnByTurn } from '../work/pace';
import type { ManagementContext } from './context';
import { withValuesWiped } from './content';
import { parseNamedContent, receiptOf } from './secret-message';
import { SealAhead, type NamedContent, type SealedContent } from './seal-ahead';
import { putAllSealed } from './sealed-write';

export function importSecretsHandlers(
  context: ManagementContext,
): Handlers<typeof SecretsService, 'importSecrets', TenantPrincipal> {
  const sealAhead = new SealAhead(context);
  const write = async (
    call: Call<TenantPrincipal>,
    { secrets, ifExists }: Pick<ImportSecretsRequest, 'secrets' | 'ifExists'>,
  ) => {
    const named = parseImport(secrets, ifExists);
    const { tenantId } = call.principal;
    const place = { tenantId, scope: TENANT_SCOPE };
    const scrub = ifExists === ImportIfExists.REPLACE;
    const options = { waiter: call, tenant: tenantId, bulk: true, scrub };
    for (;;) {
      const contents = ifExists === ImportIfExists.KEEP ? await withoutStanding(context, call, named) : named;
      const imported = await sealAhead.write({ ...place, contents }, options, (tx, sealed) =>
        importAll(context, tx, { call, ifExists, named, sealed }),
      );
      if (imported !== undefined) return { secrets: imported };
    }
  };
  return {
    importSecrets: (call, request) => withValuesWiped(request.secrets, () => write(call, request)),
  };
}

/** Those whose names do not exist: only they need be sealed. */
function withoutStanding(
  { store }: ManagementContext,
  call: Call<TenantPrincipal>,
  named: readonly NamedContent[],
): Promise<readonly NamedContent[]> {
  return store.read(async (tx) => {
    const names = named.map(({ name }) => name);
    const rows = await tx.getSecrets(call.principal.tenantId, TENANT_SCOPE, names);
    const standing = new Set(rows.map(({ name }) => name));
    return named.filter(({ name }) => !standing.has(name));
  }, call);
}

/**
 * @param sealed of what is to be kept where it exists: those that did not a moment ago.
 * @returns undefined, and nothing is written, where one of the others does not exist any more.
 * @throws DomainError as putSealed.
 */
async function importAll(
  context: ManagementContext,
  tx: WriteTx,
  request: {
    readonly call: Call<TenantPrincipal>;
    readonly ifExists: ImportIfExists;
    readonly named: readonly NamedContent[];
    readonly sealed: readonly SealedContent[];
  },
) {
  const { call, ifExists, named, sealed } = request;
  const place = { tenantId: call.principal.tenantId, scope: TENANT_SCOPE };
  const names = named.map(({ name }) => name);
  const rows = await tx.getSecrets(place.tenantId, place.scope, names);
  const standing = new Map(rows.map((row) => [row.name, row]));
  // Other writers wait for all of it; whoever only reads waits for a slice.
  const pause = turnByTurn();
  const isSealed = new Set(sealed.map(({ name }) => name));
  if (named.some(({ name }) => !isSealed.has(name) && !standing.has(name))) return undefined;
  const writes = sealed
    .filter(({ name }) => ifExists !== ImportIfExists.KEEP || !standing.has(name))
    .map((one) => ({
      ...one,
      existing: standing.get(one.name),
      mode: ifExists === ImportIfExists.REPLACE ? ('set' as const) : ('add' as const),
    }));
  const written = new Map<SecretName, SecretRecord>();
  if (writes.length > 0)
    for (const row of await putAllSealed(context, tx, place, writes)) written.set(row.name, row);
  for (const { name, version } of written.values()) {
    await pause();
    const action = standing.has(name) ? 'secret.replace' : 'secret.add';
    const details: AuditDetails = { action, resource: name, version, scope: 'tenant' };
    await tx.appendAudit(place.tenantId, auditEntry(call, context.clock(), details));
  }
  return named.map(({ name }) => {
    const row = written.get(name);
    if (row === undefined) return { receipt: receiptOf(standing.get(name)!), action: ImportAction.KEPT };
    const action = standing.has(name) ? ImportAction.REPLACED : ImportAction.ADDED;
    return { receipt: receiptOf(row), action };
  });
}

/** Every wrong field at once. @throws DomainError INVALID_ARGUMENT, DATA_LOSS for a checksum that does not match. */
function parseImport(secrets: readonly SecretImport[], ifExists: ImportIfExists): NamedContent[] {
  if (secrets.length === 0 || secrets.length > MAX_SCOPE_NAMES) {
    throw invalid({
      field: 'secrets',
      description: `has ${secrets.length} entries; an import takes 1 to ${MAX_SCOPE_NAMES}`,
    });
  }
  const wrong: FieldViolation[] = [];
  if (ImportIfExists[ifExists] === undefined)
    wrong.push({ field: 'if_exists', description: 'is not a value of ImportIfExists' });
  const first = new Map<string, number>();
  const named = secrets.flatMap((secret, index) => {
    const before = first.get(secret.name);
    if (before === undefined) first.set(secret.name, index);
    else
      wrong.push({
        field: `secrets[${index}].name`,
        description: `is that of secrets[${before}] too; send each name once`,
      });
    try {
      return [parseNamedContent(secret)];
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'INVALID_ARGUMENT') throw error;
      wrong.push(...error.fields.map((one) => ({ ...one, field: `secrets[${index}].${one.field}` })));
      return [];
    }
  });
  if (wrong.length > 0) throw invalid(...wrong);
  return named;
}
