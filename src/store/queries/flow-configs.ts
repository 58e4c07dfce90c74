/** Profiles of flows, the tenant default, and which flows there are. */

import { Entries } from '../entries';
import { sql } from '../kysely';
import type { ConfigId, FlowId, ProfileName, SecretName, TenantId } from '../../domain/ids';
import { configScope, scopeKey } from '../../domain/scope';
import { flowConfigKey, splitFlowConfigKey, type PageRequest } from '../paging';
import { preparedQuery, preparedStatement, type Session } from '../prepared';
import type { FlowConfigRecord, TenantDefaultRecord } from '../records';
import { pick, rowsOf } from '../rows';
import type { RowOf } from '../schema';
import { rowNotSigned } from '../store-errors';
import { dropUnpinnedBundles } from './bundles';
import {
  beginScope,
  entriesOf,
  entriesToChange,
  entriesUnder,
  isListAsWritten,
  isListed,
  listEntry,
  putHead,
  putList,
} from './heads';
import { clearScope } from './secrets';

const configs = rowsOf('flow_configs');
const defaults = rowsOf('tenant_defaults');

/** Who asks knows the tenant. */
const OF_A_TENANT = configs.columns.filter((column) => column !== 'tenant_id');

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

const selectAllConfigs = preparedQuery((db, args: { tenantId: string }) =>
  db.selectFrom('flow_configs').selectAll().where('tenant_id', '=', args.tenantId),
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
  db.selectFrom('tenant_defaults').selectAll().where('tenant_id', '=', args.tenantId),
);

const upsertTenantDefault = preparedStatement((db, row: RowOf<'tenant_defaults'>) => {
  const values = pick(row, defaults.columns);
  return db
    .insertInto('tenant_defaults')
    .values(values)
    .onConflict((oc) => oc.column('tenant_id').doUpdateSet(values));
});

function toConfig({ tenant_id: _, ...row }: RowOf<'flow_configs'>): FlowConfigRecord {
  return configs.toRecord<FlowConfigRecord>(row);
}

/** The tenant default's place among the configs; no flow's id begins so. */
const DEFAULT_KEY = '\u0000default';

const keyOf = (row: RowOf<'flow_configs'>) =>
  flowConfigKey({ flowId: row.flow_id as FlowId, profileName: row.profile_name as ProfileName });

/** Every flow config of the tenant and its default, as the list's head has them. */
function configEntries(read: typeof entriesOf, session: Session, tenantId: TenantId) {
  return read(session, tenantId, 'configs', () => loadEntries(session, tenantId));
}

/** The same under the list's head, which was read already. */
export function configEntriesUnder(
  session: Session,
  tenantId: TenantId,
  head: RowOf<'scopes'> | undefined,
): Promise<Entries | undefined> {
  return entriesUnder(session, tenantId, 'configs', head, () => loadEntries(session, tenantId));
}

async function loadEntries(session: Session, tenantId: TenantId) {
  const rows = await selectAllConfigs(session, { tenantId });
  const ofTenant = await selectTenantDefault(session, { tenantId });
  return [
    ...rows.map((row) => [keyOf(row), listEntry('flow_configs', row)] as const),
    ...ofTenant.map((row) => [DEFAULT_KEY, listEntry('tenant_defaults', row)] as const),
  ];
}

/** Whether the tenant's flow configs and its default are all that were written, as they were written. */
async function areConfigsAsWritten(session: Session, tenantId: TenantId): Promise<boolean> {
  return isListAsWritten(session, tenantId, 'configs', () => loadEntries(session, tenantId));
}

/** Ids of every config, whatever the list's head says. */
async function listConfigIds(session: Session, tenantId: TenantId): Promise<readonly ConfigId[]> {
  return (await selectAllConfigs(session, { tenantId })).map((row) => row.config_id as ConfigId);
}

/** Makes the list of the configs that are found (as-found.ts). @returns how many there are. */
export async function listConfigsAsFound(session: Session, tenantId: TenantId): Promise<number> {
  const entries = new Entries(await loadEntries(session, tenantId));
  putHead(session, tenantId, 'configs', { revision: 0, names: entries.size, bytes: 0 }, entries);
  return entries.size;
}

/** @throws DomainError DATA_LOSS for a config that the tenant's list does not have so. */
export function checkFound(entries: Entries | undefined, row: RowOf<'flow_configs'>): FlowConfigRecord {
  if (entries !== undefined && !isListed(entries, keyOf(row), 'flow_configs', row))
    throw rowNotSigned(`flow config ${row.config_id}`);
  return toConfig(row);
}

/** @throws DomainError DATA_LOSS for a profile that the tenant's list has: it was taken away, and its overrides would not apply. */
export function checkMissing(
  entries: Entries | undefined,
  { flowId, profileName }: Pick<FlowConfigRecord, 'flowId' | 'profileName'>,
): void {
  if (entries?.get(flowConfigKey({ flowId, profileName })) !== undefined)
    throw rowNotSigned(`profile ${profileName} of flow ${flowId}`);
}

/** @throws DomainError DATA_LOSS for a default that the tenant's list does not have so. */
export function checkDefault(
  entries: Entries | undefined,
  tenantId: TenantId,
  row: RowOf<'tenant_defaults'> | undefined,
): TenantDefaultRecord | undefined {
  const fits =
    row === undefined
      ? entries?.get(DEFAULT_KEY) === undefined
      : entries === undefined || isListed(entries, DEFAULT_KEY, 'tenant_defaults', row);
  if (!fits) throw rowNotSigned(`the default of tenant ${tenantId}`);
  return row && { nodeTimeoutSeconds: row.node_timeout_seconds ?? undefined, revision: row.revision };
}

/** Puts the config into the tenant's list as it is now, in the place of what it was. */
async function listConfig(
  session: Session,
  old: FlowConfigRecord | undefined,
  row: RowOf<'flow_configs'>,
): Promise<void> {
  const tenantId = row.tenant_id as TenantId;
  const entries = await configEntries(entriesToChange, session, tenantId);
  if (old !== undefined) entries?.delete(flowConfigKey(old));
  entries?.set(keyOf(row), listEntry('flow_configs', row));
  await putList(session, tenantId, 'configs', entries);
}

async function getFlowConfig(
  session: Session,
  tenantId: TenantId,
  configId: ConfigId,
): Promise<FlowConfigRecord | undefined> {
  const row = (await selectConfig(session, { tenantId, configId }))[0];
  return row && checkFound(await configEntries(entriesOf, session, tenantId), row);
}

async function findFlowConfig(
  session: Session,
  tenantId: TenantId,
  flowId: FlowId,
  name: ProfileName,
): Promise<FlowConfigRecord | undefined> {
  const entries = await configEntries(entriesOf, session, tenantId);
  const row = (await findConfig(session, { tenantId, flowId, name }))[0];
  if (row !== undefined) return checkFound(entries, row);
  checkMissing(entries, { flowId, profileName: name });
  return undefined;
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
  const entries = await configEntries(entriesOf, session, tenantId);
  return rows.map((row) => checkFound(entries, row));
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
  const row = configs.toRow({ tenantId, ...record });
  await listConfig(session, undefined, row);
  await configs.insert(session, row);
  await beginScope(session, tenantId, scopeKey(configScope(record.configId)));
}

async function updateFlowConfig(
  session: Session,
  tenantId: TenantId,
  record: FlowConfigRecord,
): Promise<void> {
  const row = configs.toRow({ tenantId, ...record });
  await listConfig(session, await getFlowConfig(session, tenantId, record.configId), row);
  await updateConfig(session, row);
}

/** Removes the config, its scope's rows and its unpinned bundles; the scope's revision grows once more. */
async function deleteFlowConfig(
  session: Session,
  tenantId: TenantId,
  configId: ConfigId,
  now: number,
): Promise<void> {
  const old = await getFlowConfig(session, tenantId, configId);
  const entries = await configEntries(entriesToChange, session, tenantId);
  if (old !== undefined) entries?.delete(flowConfigKey(old));
  await putList(session, tenantId, 'configs', entries);
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
  const entries = await configEntries(entriesOf, session, tenantId);
  const row = (await selectTenantDefault(session, { tenantId }))[0];
  return checkDefault(entries, tenantId, row);
}

async function putTenantDefault(
  session: Session,
  tenantId: TenantId,
  record: TenantDefaultRecord,
): Promise<void> {
  const row = defaults.toRow({ tenantId, ...record });
  const entries = await configEntries(entriesToChange, session, tenantId);
  entries?.set(DEFAULT_KEY, listEntry('tenant_defaults', row));
  await putList(session, tenantId, 'configs', entries);
  await upsertTenantDefault(session, row);
}

export const reads = {
  areConfigsAsWritten,
  listConfigIds,
  getFlowConfig,
  findFlowConfig,
  countFlowConfigs,
  listFlowConfigs,
  listConfigsOverriding,
  listFlows,
  getTenantDefault,
};

export const writes = { insertFlowConfig, updateFlowConfig, deleteFlowConfig, putTenantDefault };
