/** Profiles of flows, the tenant default, and which flows there are. */

import { sql } from 'kysely';
import type { ConfigId, FlowId, ProfileName, SecretName, TenantId } from '../../domain/ids';
import { configScope } from '../../domain/scope';
import { splitFlowConfigKey } from '../flow-config-key';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { FlowConfigRecord, TenantDefaultRecord } from '../records';
import type { FlowConfigsTable, TenantDefaultsTable } from '../schema';
import type { PageRequest } from '../store';
import { dropUnpinnedBundles } from './bundles';
import { clearScope } from './secrets';

const selectConfig = preparedQuery((db, args: { tenantId: string; configId: string }) =>
  db
    .selectFrom('flow_configs')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where('config_id', '=', args.configId),
);

const findConfig = preparedQuery((db, args: { tenantId: string; flowId: string; name: string }) =>
  db
    .selectFrom('flow_configs')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where('flow_id', '=', args.flowId)
    .where('profile_name', '=', args.name),
);

const countConfigs = preparedQuery((db, args: { tenantId: string }) =>
  db
    .selectFrom('flow_configs')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('tenant_id', '=', args.tenantId),
);

interface ConfigPage {
  tenantId: string;
  afterFlow: string;
  afterName: string;
  limit: number;
}

const selectConfigs = preparedQuery((db, args: ConfigPage) =>
  db
    .selectFrom('flow_configs')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where((eb) => eb(eb.refTuple('flow_id', 'profile_name'), '>', eb.tuple(args.afterFlow, args.afterName)))
    .orderBy('flow_id')
    .orderBy('profile_name')
    .limit(args.limit),
);

const selectConfigsOfFlow = preparedQuery((db, args: ConfigPage & { flowId: string }) =>
  db
    .selectFrom('flow_configs')
    .selectAll()
    .where('tenant_id', '=', args.tenantId)
    .where('flow_id', '=', args.flowId)
    .where((eb) => eb(eb.refTuple('flow_id', 'profile_name'), '>', eb.tuple(args.afterFlow, args.afterName)))
    .orderBy('profile_name')
    .limit(args.limit),
);

const selectConfigsOverriding = preparedQuery((db, args: { tenantId: string; name: string }) =>
  db
    .selectFrom('secrets')
    .innerJoin('flow_configs', (join) =>
      join
        .onRef('flow_configs.tenant_id', '=', 'secrets.tenant_id')
        .on('flow_configs.config_id', '=', sql<string>`substr(secrets.scope, 8)`),
    )
    .selectAll('flow_configs')
    .where('secrets.tenant_id', '=', args.tenantId)
    .where('secrets.name', '=', args.name)
    .where('secrets.scope', '!=', 'tenant')
    .orderBy('flow_configs.flow_id')
    .orderBy('flow_configs.profile_name'),
);

const insertConfig = preparedStatement((db, row: FlowConfigsTable) =>
  db.insertInto('flow_configs').values({
    tenant_id: row.tenant_id,
    config_id: row.config_id,
    flow_id: row.flow_id,
    profile_name: row.profile_name,
    node_timeout_seconds: row.node_timeout_seconds,
    create_time: row.create_time,
    update_time: row.update_time,
    revision: row.revision,
  }),
);

const updateConfig = preparedStatement((db, row: FlowConfigsTable) =>
  db
    .updateTable('flow_configs')
    .set({
      flow_id: row.flow_id,
      profile_name: row.profile_name,
      node_timeout_seconds: row.node_timeout_seconds,
      create_time: row.create_time,
      update_time: row.update_time,
      revision: row.revision,
    })
    .where('tenant_id', '=', row.tenant_id)
    .where('config_id', '=', row.config_id),
);

const deleteConfig = preparedStatement((db, args: { tenantId: string; configId: string }) =>
  db.deleteFrom('flow_configs').where('tenant_id', '=', args.tenantId).where('config_id', '=', args.configId),
);

const selectFlows = preparedQuery((db, args: { tenantId: string; after: string; limit: number }) =>
  db
    .selectFrom('flows')
    .select('flow_id')
    .where('tenant_id', '=', args.tenantId)
    .where('flow_id', '>', args.after)
    .union((eb) =>
      eb
        .selectFrom('flow_configs')
        .select('flow_id')
        .where('tenant_id', '=', args.tenantId)
        .where('flow_id', '>', args.after),
    )
    .orderBy('flow_id')
    .limit(args.limit),
);

const selectTenantDefault = preparedQuery((db, args: { tenantId: string }) =>
  db.selectFrom('tenant_defaults').selectAll().where('tenant_id', '=', args.tenantId),
);

const upsertTenantDefault = preparedStatement((db, row: TenantDefaultsTable) => {
  const content = { node_timeout_seconds: row.node_timeout_seconds, revision: row.revision };
  return db
    .insertInto('tenant_defaults')
    .values({ tenant_id: row.tenant_id, ...content })
    .onConflict((oc) => oc.column('tenant_id').doUpdateSet(content));
});

function toConfig(row: FlowConfigsTable): FlowConfigRecord {
  return {
    configId: row.config_id as ConfigId,
    flowId: row.flow_id as FlowId,
    profileName: row.profile_name as ProfileName,
    nodeTimeoutSeconds: row.node_timeout_seconds ?? undefined,
    createTime: row.create_time,
    updateTime: row.update_time,
    revision: row.revision,
  };
}

function toRow(tenantId: TenantId, record: FlowConfigRecord): FlowConfigsTable {
  return {
    tenant_id: tenantId,
    config_id: record.configId,
    flow_id: record.flowId,
    profile_name: record.profileName,
    node_timeout_seconds: record.nodeTimeoutSeconds ?? null,
    create_time: record.createTime,
    update_time: record.updateTime,
    revision: record.revision,
  };
}

export async function getFlowConfig(
  session: Session,
  tenantId: TenantId,
  configId: ConfigId,
): Promise<FlowConfigRecord | undefined> {
  const row = (await selectConfig(session, { tenantId, configId }))[0];
  return row && toConfig(row);
}

export async function findFlowConfig(
  session: Session,
  tenantId: TenantId,
  flowId: FlowId,
  name: ProfileName,
): Promise<FlowConfigRecord | undefined> {
  const row = (await findConfig(session, { tenantId, flowId, name }))[0];
  return row && toConfig(row);
}

export async function countFlowConfigs(session: Session, tenantId: TenantId): Promise<number> {
  return (await countConfigs(session, { tenantId }))[0]?.count ?? 0;
}

export async function listFlowConfigs(
  session: Session,
  tenantId: TenantId,
  flowId: FlowId | undefined,
  page: PageRequest,
): Promise<readonly FlowConfigRecord[]> {
  const [afterFlow, afterName] = splitFlowConfigKey(page.after);
  const args = { tenantId, afterFlow, afterName, limit: page.limit };
  const rows =
    flowId === undefined
      ? await selectConfigs(session, args)
      : await selectConfigsOfFlow(session, { ...args, flowId });
  return rows.map(toConfig);
}

export async function listConfigsOverriding(
  session: Session,
  tenantId: TenantId,
  name: SecretName,
): Promise<readonly FlowConfigRecord[]> {
  return (await selectConfigsOverriding(session, { tenantId, name })).map(toConfig);
}

export async function insertFlowConfig(
  session: Session,
  tenantId: TenantId,
  record: FlowConfigRecord,
): Promise<void> {
  await insertConfig(session, toRow(tenantId, record));
}

export async function updateFlowConfig(
  session: Session,
  tenantId: TenantId,
  record: FlowConfigRecord,
): Promise<void> {
  await updateConfig(session, toRow(tenantId, record));
}

export async function deleteFlowConfig(
  session: Session,
  tenantId: TenantId,
  configId: ConfigId,
  now: number,
): Promise<void> {
  await deleteConfig(session, { tenantId, configId });
  await clearScope(session, tenantId, configScope(configId));
  await dropUnpinnedBundles(session, tenantId, configScope(configId), now);
}

export async function listFlows(
  session: Session,
  tenantId: TenantId,
  page: PageRequest,
): Promise<readonly FlowId[]> {
  const rows = await selectFlows(session, { tenantId, after: page.after ?? '', limit: page.limit });
  return rows.map((row) => row.flow_id as FlowId);
}

export async function getTenantDefault(
  session: Session,
  tenantId: TenantId,
): Promise<TenantDefaultRecord | undefined> {
  const row = (await selectTenantDefault(session, { tenantId }))[0];
  return row && { nodeTimeoutSeconds: row.node_timeout_seconds ?? undefined, revision: row.revision };
}

export async function putTenantDefault(
  session: Session,
  tenantId: TenantId,
  record: TenantDefaultRecord,
): Promise<void> {
  await upsertTenantDefault(session, {
    tenant_id: tenantId,
    node_timeout_seconds: record.nodeTimeoutSeconds ?? null,
    revision: record.revision,
  });
}
