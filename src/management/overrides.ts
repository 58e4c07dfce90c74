/** Secret overrides: values of one flow config, sealed like secrets and scoped to it. */

import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call, Handlers } from '../domain/call';
import { parseAll } from '../domain/errors';
import { parseConfigId, parseSecretName, type ConfigId } from '../domain/ids';
import type { TenantPrincipal } from '../domain/principal';
import { configScope, scopeKey } from '../domain/scope';
import type { FlowConfigsService } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import type { SecretRecord } from '../store/records';
import type { WriteTx } from '../store/store';
import type { ManagementContext } from './context';
import { getConfig } from './flow-configs';
import { deleteSealed, putSealed } from './sealed-write';
import { parseNamedContent, receiptOf } from './secret-message';

type Methods = 'setSecretOverride' | 'deleteSecretOverride';

export function overridesHandlers(
  context: ManagementContext,
): Handlers<typeof FlowConfigsService, Methods, TenantPrincipal> {
  /** Runs a change of a config's overrides: the config must exist, and its own etag moves on. */
  const change = (
    call: Call<TenantPrincipal>,
    configId: ConfigId,
    action: 'override.set' | 'override.delete',
    body: (tx: WriteTx) => Promise<SecretRecord>,
  ) => {
    const { tenantId } = call.principal;
    return context.store.write(
      async (tx) => {
        const config = await getConfig(tx, tenantId, configId);
        const record = await body(tx);
        const now = context.clock();
        await tx.updateFlowConfig(tenantId, { ...config, updateTime: now, revision: config.revision + 1 });
        const scope = scopeKey(configScope(configId));
        const details: AuditDetails = { action, resource: record.name, version: record.version, scope };
        await tx.appendAudit(tenantId, auditEntry(call, now, details));
        return record;
      },
      { waiter: call, tenant: tenantId, scrub: true, urgent: action === 'override.delete' },
    );
  };

  return {
    async setSecretOverride(call, request) {
      const { configId, named } = parseAll({
        configId: () => parseConfigId(request.configId),
        named: () => parseNamedContent(request),
      });
      const { tenantId } = call.principal;
      const target = {
        tenantId,
        scope: configScope(configId),
        ...named,
        etag: request.etag,
        revokeRunning: false,
      };
      const record = await change(call, configId, 'override.set', (tx) =>
        putSealed(context, tx, { ...target, mode: 'set' }),
      ).finally(() => named.content.wipe());
      return { receipt: receiptOf(record) };
    },

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
        revokeRunning,
      };
      await change(call, configId, 'override.delete', (tx) => deleteSealed(context, tx, target));
      return {};
    },
  };
}
