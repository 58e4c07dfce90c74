/** SecretsService on the management door: add, replace, delete, list. Values go in; receipts come out. */

import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call, Handlers } from '../domain/call';
import { parseAll } from '../domain/errors';
import { parseSecretName, type SecretName, type TenantId } from '../domain/ids';
import { parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { TENANT_SCOPE } from '../domain/scope';
import { SecretNameSchema, type SecretsService } from '../gen/axiom/secrets/v1/secrets_pb';
import type { ReadTx } from '../store/store';
import { fillPage } from '../work/fill-page';
import { withValuesWiped, type ContentFields } from './content';
import type { ManagementContext } from './context';
import { listedSecrets, type Reading } from './listed-names';
import { SealAhead } from './seal-ahead';
import { deleteSealed, getStanding, putSealed, type WriteMode } from './sealed-write';
import { parseNamedContent, receiptOf, secretNameOf } from './secret-message';

/** So many declaring packages are named in the answer to a deletion. */
const MAX_DECLARING_PACKAGES = 100;
/** Of so many, those that the tenant runs are found: anybody may publish packages that declare a name. */
const MAX_SEARCHED_PACKAGES = 10_000;

type Methods = 'addSecret' | 'replaceSecret' | 'deleteSecret' | 'listSecretNames';

export function secretsHandlers(
  context: ManagementContext,
): Handlers<typeof SecretsService, Methods, TenantPrincipal> {
  const { store, clock } = context;
  const sealAhead = new SealAhead(context);

  const write = async (
    mode: WriteMode,
    action: 'secret.add' | 'secret.replace',
    call: Call<TenantPrincipal>,
    request: ContentFields & { name: string; etag?: string; revokeRunning?: boolean },
  ) => {
    const { name, content } = parseNamedContent(request);
    const { tenantId } = call.principal;
    const { etag = '', revokeRunning = false } = request;
    const record = await sealAhead.write(
      { tenantId, scope: TENANT_SCOPE, contents: [{ name, content }] },
      { waiter: call, tenant: tenantId, scrub: mode !== 'add' },
      async (tx, [one]) => {
        const { sealed } = one!;
        const revokedBy = revokeRunning ? call : undefined;
        const target = { tenantId, scope: TENANT_SCOPE, name, sealed, mode, etag, revokedBy };
        const row = await putSealed(context, tx, target);
        const details: AuditDetails = { action, resource: name, version: row.version, scope: 'tenant' };
        await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
        return row;
      },
    );
    return { receipt: receiptOf(record) };
  };

  return {
    addSecret: (call, request) => withValuesWiped([request], () => write('add', 'secret.add', call, request)),

    replaceSecret: (call, request) =>
      withValuesWiped([request], () => write('replace', 'secret.replace', call, request)),

    async deleteSecret(call, request) {
      const name = parseSecretName(request.name);
      const { tenantId } = call.principal;
      if (request.validateOnly) {
        return store.read(async (tx) => {
          await getStanding(tx, { tenantId, scope: TENANT_SCOPE, name, etag: request.etag });
          return concerned(tx, tenantId, name);
        }, call);
      }
      return store.write(
        async (tx) => {
          const { etag, revokeRunning } = request;
          const gone = await deleteSealed(context, tx, {
            tenantId,
            scope: TENANT_SCOPE,
            name,
            etag,
            revokedBy: revokeRunning ? call : undefined,
          });
          const details: AuditDetails = {
            action: 'secret.delete',
            resource: name,
            version: gone.version,
            scope: 'tenant',
          };
          await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
          return concerned(tx, tenantId, name);
        },
        { waiter: call, tenant: tenantId, scrub: true, urgent: true },
      );
    },

    async listSecretNames(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const { tenantId } = call.principal;
      const read: Reading = (step) => store.read(step, call);
      const { messages: secrets, nextPageToken } = await fillPage({
        rows: listedSecrets(read, tenantId, TENANT_SCOPE, { limit: size + 1, after }),
        size,
        keyOf: (row) => row.name,
        schema: SecretNameSchema,
        messageOf: secretNameOf,
      });
      return { secrets, nextPageToken };
    },
  };
}

/** Whom a deletion concerns: configs that override the name, packages that declare it, those first that run here. */
async function concerned(tx: ReadTx, tenantId: TenantId, name: SecretName) {
  const declaring = await tx.listPackagesDeclaring(name, MAX_SEARCHED_PACKAGES);
  const reading = await tx.listReadingPackages(tenantId);
  const isInUse = (one: string) => reading.has(one.replace(/@[^@]*$/, ''));
  const inUse = declaring.filter(isInUse);
  const others = declaring.filter((one) => !isInUse(one));
  return {
    overridingConfigs: (await tx.listConfigsOverriding(tenantId, name)).map((config) => ({
      configId: config.configId,
      flowId: config.flowId,
      profileName: config.profileName,
    })),
    declaringPackages: [...inUse, ...others].slice(0, MAX_DECLARING_PACKAGES),
    declaringPackagesInUse: Math.min(inUse.length, MAX_DECLARING_PACKAGES),
  };
}
