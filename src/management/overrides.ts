/** Secret overrides: values of one flow config, sealed like secrets and scoped to it. */

import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call, Handlers } from '../domain/call';
import { parseAll } from '../domain/errors';
import { parseConfigId, parseSecretName, type ConfigId } from '../domain/ids';
import type { TenantPrincipal } from '../domain/principal';
import { configScope, scopeKey } from '../domain/scope';
import type {
  FlowConfigsService,
  SetSecretOverrideRequest,
} from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import type { SecretRecord } from '../store/records';
import type { WriteTx } from '../store/store';
import { withValuesWiped } from './content';
import type { ManagementContext } from './context';
import { getConfig } from './flow-configs';
import { SealAhead } from './seal-ahead';
import { deleteSealed, putSealed } from './sealed-write';
import { parseNamedContent, receiptOf } from './secret-message';

type Methods = 'setSecretOverride' | 'deleteSecretOverride';

export function overridesHandlers(
  context: ManagementContext,
): Handlers<typeof FlowConfigsService, Methods, TenantPrincipal> {
  const sealAhead = new SealAhead(context);

  const optionsOf = (call: Call<TenantPrincipal>, urgent: boolean) => ({
    ...{ waiter: call, tenant: call.principal.tenantId, scrub: true, urgent },
  });

  /** Changes a config's overrides inside a write: the config must exist, and its own etag moves on. */
  const change = async <R extends Pick<SecretRecord, 'name' | 'version'>>(
    call: Call<TenantPrincipal>,
    tx: WriteTx,
    { configId, action }: { configId: ConfigId; action: 'override.set' | 'override.delete' },
    body: () => Promise<R>,
  ) => {
    const { tenantId } = call.principal;
    const config = await getConfig(tx, tenantId, configId);
    const record = await body();
    const now = context.clock();
    await tx.updateFlowConfig(tenantId, { ...config, updateTime: now, revision: config.revision + 1 });
    const scope = scopeKey(configScope(configId));
    const details: AuditDetails = { action, resource: record.name, version: record.version, scope };
    await tx.appendAudit(tenantId, auditEntry(call, now, details));
    return record;
  };

  const set = async (call: Call<TenantPrincipal>, request: SetSecretOverrideRequest) => {
    const { configId, named } = parseAll({
      configId: () => parseConfigId(request.configId),
      named: () => parseNamedContent(request),
    });
    const { tenantId } = call.principal;
    const place = { tenantId, scope: configScope(configId) };
    const how = { etag: request.etag, revokedBy: undefined, mode: 'set' } as const;
    const record = await sealAhead.write(
      { ...place, contents: [named] },
      optionsOf(call, false),
      (tx, [one]) =>
        change(call, tx, { configId, action: 'override.set' }, () =>
          putSealed(context, tx, { ...place, ...one!, ...how }),
        ),
    );
    return { receipt: receiptOf(record) };
  };

  return {
    setSecretOverride: (call, request) => withValuesWiped([request], () => set(call, request)),

    async deleteSecretOverride(call, request) {
      const { configId, name } = parseAll({
        configId: () => parseConfigId(request.configId),
        name: () => parseSecretName(request.name),
      });
      const { etag, revokeRunning } = request;
      const target = {
        tenantId: call.principal.tenantId,
        scope: configScope(configId),
        name,
        etag,
        revokedBy: revokeRunning ? call : undefined,
      };
      await context.store.write(
        (tx) =>
          change(call, tx, { configId, action: 'override.delete' }, () => deleteSealed(context, tx, target)),
        optionsOf(call, true),
      );
      return {};
    },
  };
}
