/** Profiles of flows, the tenant default, and which flows there are. */

import { sql } from 'kysely';
import type { ConfigId, FlowId, ProfileName, SecretName, TenantId } from '../../domain/ids';
import { configScope } from '../../domain/scope';
import { splitFlowConfigKey, type PageRequest } from '../paging';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { FlowConfigRecord, TenantDefaultRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { dropUnpinnedBundles } from './bundles';
import { clearScope } from './secrets';

const configs = rowsOf('flow_configs');
const defaults = rowsOf('tenant_defaults');

/** Who asks knows the tenant. */
const OF_A_TENANT = configs.columns.filter((column) => column !== 'tenant_id');

const selectConfig = preparedQuery((db, args: { tenantId: string; configId: string }) =>
  db
    .selectFrom('flow_configs')
    .select(OF_A_TENANT)
    .where('tenant_id', '=', args.tenantId)
    .where('config_id', '=', args.configId),
);

const findConfig = preparedQuery((db, args: { tenantId: string; flowId: string; name: string }) =>
  db
    .selectFrom('flow_configs')
    .select(OF_A_TENANT)
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
    .select(OF_A_TENANT)
    .where('tenant_id', '=', args.tenantId)
    .where((eb) => eb(eb.refTuple('flow_id', 'profile_name'), '>', eb.tuple(args.afterFlow, args.afterName)))
    .orderBy('flow_id')
    .orderBy('profile_name')
    .limit(args.limit),
);

const selectConfigsOfFlow = preparedQuery((db, args: ConfigPage & { flowId: string }) =>
  db
    .selectFrom('flow_configs')
    .select(OF_A_TENANT)
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
    .select(OF_A_TENANT.map((column) => `flow_configs.${column}` as const))
    .where('secrets.tenant_id', '=', args.tenantId)
    .where('secrets.name', '=', args.name)
    .where('secrets.scope', '!=', 'tenant')
    .orderBy('flow_configs.flow_id')
    .orderBy('flow_configs.profile_name'),
);

const updateConfig = preparedStatement((db, row: RowOf<'flow_configs'>) =>
  db
    .updateTable('flow_configs')
    .set(pick(row, OF_A_TENANT))
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
  db
    .selectFrom('tenant_defaults')
    .select(['node_timeout_seconds', 'revision'])
    .where('tenant_id', '=', args.tenantId),
);

const upsertTenantDefault = preparedStatement((db, row: RowOf<'tenant_defaults'>) => {
  const values = pick(row, defaults.columns);
  return db
    .insertInto('tenant_defaults')
    .values(values)
    .onConflict((oc) => oc.column('tenant_id').doUpdateSet(values));
});

const toConfig = (row: Partial<RowOf<'flow_configs'>>) => configs.toRecord<FlowConfigRecord>(row);

async function getFlowConfig(
  session: Session,
  tenantId: TenantId,
  configId: ConfigId,
): Promise<FlowConfigRecord | undefined> {
  return (await selectConfig(session, { tenantId, configId })).map(toConfig)[0];
}

async function findFlowConfig(
  session: Session,
  tenantId: TenantId,
  flowId: FlowId,
  name: ProfileName,
): Promise<FlowConfigRecord | undefined> {
  return (await findConfig(session, { tenantId, flowId, name })).map(toConfig)[0];
}

async function countFlowConfigs(session: Session, tenantId: TenantId): Promise<number> {
  return (await countConfigs(session, { tenantId }))[0]?.count ?? 0;
}

/** By flow, then profile name; the page's key is paging's flowConfigKey. */
async function listFlowConfigs(
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

/** Configs that override the name, by flow, then profile name. */
async function listConfigsOverriding(
  session: Session,
  tenantId: TenantId,
  name: SecretName,
): Promise<readonly FlowConfigRecord[]> {
  return (await selectConfigsOverriding(session, { tenantId, name })).map(toConfig);
}

async function insertFlowConfig(
  session: Session,
  tenantId: TenantId,
  record: FlowConfigRecord,
): Promise<void> {
  await configs.insert(session, configs.toRow({ tenantId, ...record }));
}

async function updateFlowConfig(
  session: Session,
  tenantId: TenantId,
  record: FlowConfigRecord,
): Promise<void> {
  await updateConfig(session, configs.toRow({ tenantId, ...record }));
}

/** Removes the config, its scope's rows and its unpinned bundles; the scope's revision grows once more. */
async function deleteFlowConfig(
  session: Session,
  tenantId: TenantId,
  configId: ConfigId,
  now: number,
): Promise<void> {
  await deleteConfig(session, { tenantId, configId });
  await clearScope(session, tenantId, configScope(configId));
  await dropUnpinnedBundles(session, tenantId, configScope(configId), now);
}

/** Ids of flows that ran or have a profile. */
async function listFlows(
  session: Session,
  tenantId: TenantId,
  page: PageRequest,
): Promise<readonly FlowId[]> {
  const rows = await selectFlows(session, { tenantId, after: page.after ?? '', limit: page.limit });
  return rows.map((row) => row.flow_id as FlowId);
}

async function getTenantDefault(
  session: Session,
  tenantId: TenantId,
): Promise<TenantDefaultRecord | undefined> {
  const rows = await selectTenantDefault(session, { tenantId });
  return rows.map((row) => defaults.toRecord<TenantDefaultRecord>(row))[0];
}

async function putTenantDefault(
  session: Session,
  tenantId: TenantId,
  record: TenantDefaultRecord,
): Promise<void> {
  await upsertTenantDefault(session, defaults.toRow({ tenantId, ...record }));
}

export const reads = {
  getFlowConfig,
  findFlowConfig,
  countFlowConfigs,
  listFlowConfigs,
  listConfigsOverriding,
  listFlows,
  getTenantDefault,
};

export const writes = { insertFlowConfig, updateFlowConfig, deleteFlowConfig, putTenantDefault };
