/** FlowConfigsService: profiles of flows and the tenant default (spec: "Override a secret for one flow config"). */

import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call, Handlers } from '../domain/call';
import { randomId } from '../domain/clock';
import { DomainError, invalid, parseAll } from '../domain/errors';
import { checkEtag } from '../domain/etag';
import {
  DEFAULT_PROFILE,
  parseConfigId,
  parseFlowId,
  parseProfileName,
  type ConfigId,
  type FlowId,
  type ProfileName,
  type TenantId,
} from '../domain/ids';
import { parseNodeTimeout } from '../domain/node-timeout';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { FlowConfigSchema, type FlowConfigsService } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { flowConfigKey } from '../store/paging';
import type { FlowConfigRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import { fillPage } from '../work/fill-page';
import { inChunks } from '../work/in-chunks';
import type { ManagementContext } from './context';
import type { Reading } from './listed-names';
import { flowConfigMessage, overridesOf, tenantDefaultMessage } from './flow-config-message';

const MAX_FLOW_CONFIGS = 1_000;

type Methods =
  | 'createFlowConfig'
  | 'updateFlowConfig'
  | 'deleteFlowConfig'
  | 'getFlowConfig'
  | 'listFlowConfigs'
  | 'listFlows'
  | 'getTenantDefault'
  | 'updateTenantDefault';

export function flowConfigsHandlers(
  context: ManagementContext,
): Handlers<typeof FlowConfigsService, Methods, TenantPrincipal> {
  const { store, clock } = context;
  const reading =
    (call: Call<TenantPrincipal>): Reading =>
    (step) =>
      store.read(step, call);
  return {
    async createFlowConfig(call, request) {
      const { flowId, profileName, nodeTimeoutSeconds } = parseAll({
        flowId: () => parseFlowId(request.flowId),
        profileName: () => parseProfileName(request.profileName || DEFAULT_PROFILE),
        nodeTimeoutSeconds: () => parseNodeTimeout(request.nodeTimeout),
      });
      const { tenantId } = call.principal;
      const record = await store.write(
        async (tx) => {
          await checkNameIsFree(tx, tenantId, flowId, profileName);
          if ((await tx.countFlowConfigs(tenantId)) >= MAX_FLOW_CONFIGS) throw tooManyConfigs();
          const now = clock();
          const configId = parseConfigId(randomId(context.randomBytes));
          const times = { createTime: now, updateTime: now };
          const record = { configId, flowId, profileName, nodeTimeoutSeconds, ...times, revision: 1 };
          await tx.insertFlowConfig(tenantId, record);
          await tx.appendAudit(
            tenantId,
            auditEntry(call, now, { action: 'flow_config.create', resource: configId, version: 1 }),
          );
          return record;
        },
        { waiter: call, tenant: tenantId },
      );
      return { flowConfig: flowConfigMessage(record, []) };
    },

    async updateFlowConfig(call, request) {
      const { configId, profileName, nodeTimeoutSeconds } = parseAll({
        configId: () => parseConfigId(request.configId),
        profileName: () => (request.profileName === '' ? undefined : parseProfileName(request.profileName)),
        nodeTimeoutSeconds: () => {
          if (request.nodeTimeout !== undefined && request.clearNodeTimeout) throw setAndCleared();
          return parseNodeTimeout(request.nodeTimeout);
        },
      });
      const { tenantId } = call.principal;
      // Before the write: a read that fails after it would make a failure of what was done.
      const overrides = await overridesOf(reading(call), tenantId, configId);
      const record = await store.write(
        async (tx) => {
          const old = await getConfig(tx, tenantId, configId);
          checkEtag(request.etag, old.revision, `flow config ${configId}`);
          if (profileName !== undefined && profileName !== old.profileName) {
            await checkNameIsFree(tx, tenantId, old.flowId, profileName);
          }
          const now = clock();
          const record = {
            ...old,
            profileName: profileName ?? old.profileName,
            nodeTimeoutSeconds: request.clearNodeTimeout
              ? undefined
              : (nodeTimeoutSeconds ?? old.nodeTimeoutSeconds),
            updateTime: now,
            revision: old.revision + 1,
          };
          await tx.updateFlowConfig(tenantId, record);
          const details: AuditDetails = {
            action: 'flow_config.update',
            resource: configId,
            version: record.revision,
          };
          await tx.appendAudit(tenantId, auditEntry(call, now, details));
          return record;
        },
        { waiter: call, tenant: tenantId },
      );
      return { flowConfig: flowConfigMessage(record, overrides) };
    },

    async deleteFlowConfig(call, request) {
      const configId = parseConfigId(request.configId);
      const { tenantId } = call.principal;
      return store.write(
        async (tx) => {
          const old = await getConfig(tx, tenantId, configId);
          checkEtag(request.etag, old.revision, `flow config ${configId}`);
          const now = clock();
          await tx.deleteFlowConfig(tenantId, configId, now);
          const details: AuditDetails = {
            action: 'flow_config.delete',
            resource: configId,
            version: old.revision,
          };
          await tx.appendAudit(tenantId, auditEntry(call, now, details));
          return {};
        },
        { waiter: call, tenant: tenantId, scrub: true, urgent: true },
      );
    },

    async getFlowConfig(call, request) {
      const configId = parseConfigId(request.configId);
      const { tenantId } = call.principal;
      const read = reading(call);
      const record = await read((tx) => getConfig(tx, tenantId, configId));
      return { flowConfig: flowConfigMessage(record, await overridesOf(read, tenantId, configId)) };
    },

    async listFlowConfigs(call, request) {
      const { flowId, size, after } = parseAll({
        flowId: () => (request.flowId === '' ? undefined : parseFlowId(request.flowId)),
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const { tenantId } = call.principal;
      const read = reading(call);
      const { messages: flowConfigs, nextPageToken } = await fillPage({
        rows: inChunks(
          { limit: size + 1, after },
          (chunk) => read((tx) => tx.listFlowConfigs(tenantId, flowId, chunk)),
          (row) => flowConfigKey(row),
        ),
        size,
        keyOf: flowConfigKey,
        schema: FlowConfigSchema,
        messageOf: async (row) => flowConfigMessage(row, await overridesOf(read, tenantId, row.configId)),
      });
      return { flowConfigs, nextPageToken };
    },

    async listFlows(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const { tenantId } = call.principal;
      const rows = await store.read((tx) => tx.listFlows(tenantId, { limit: size + 1, after }), call);
      const page = cutPage(rows, size, (flowId) => flowId);
      return { flowIds: [...page.rows], nextPageToken: page.nextPageToken };
    },

    async getTenantDefault(call) {
      const record = await store.read((tx) => tx.getTenantDefault(call.principal.tenantId), call);
      return { tenantDefault: tenantDefaultMessage(record) };
    },

    async updateTenantDefault(call, request) {
      const nodeTimeoutSeconds = parseNodeTimeout(request.nodeTimeout);
      const { tenantId } = call.principal;
      return store.write(
        async (tx) => {
          const revision = (await tx.getTenantDefault(tenantId))?.revision ?? 0;
          checkEtag(request.etag, revision, 'the tenant default');
          const record = { nodeTimeoutSeconds, revision: revision + 1 };
          await tx.putTenantDefault(tenantId, record);
          const details: AuditDetails = {
            action: 'tenant_default.update',
            resource: tenantId,
            version: record.revision,
          };
          await tx.appendAudit(tenantId, auditEntry(call, clock(), details));
          return { tenantDefault: tenantDefaultMessage(record) };
        },
        { waiter: call, tenant: tenantId },
      );
    },
  };
}

/** @throws DomainError NOT_FOUND. */
export async function getConfig(
  tx: ReadTx,
  tenantId: TenantId,
  configId: ConfigId,
): Promise<FlowConfigRecord> {
  const record = await tx.getFlowConfig(tenantId, configId);
  if (record === undefined) {
    throw new DomainError(
      'NOT_FOUND',
      `flow config ${configId} does not exist; list the flow's profiles to see which do`,
      'FLOW_CONFIG_NOT_FOUND',
    );
  }
  return record;
}

async function checkNameIsFree(
  tx: ReadTx,
  tenantId: TenantId,
  flowId: FlowId,
  name: ProfileName,
): Promise<void> {
  if ((await tx.findFlowConfig(tenantId, flowId, name)) !== undefined) {
    throw new DomainError(
      'ALREADY_EXISTS',
      `flow ${flowId} already has a profile ${name}; choose another name or change that one`,
      'PROFILE_EXISTS',
    );
  }
}

function setAndCleared(): DomainError {
  return invalid({
    field: 'clear_node_timeout',
    description: 'goes with no node_timeout; send one of the two',
  });
}

function tooManyConfigs(): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    `this tenant has ${MAX_FLOW_CONFIGS} flow configs, the most it can; delete one that is no longer used`,
    'FLOW_CONFIGS_EXHAUSTED',
  );
}
