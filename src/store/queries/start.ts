/**
 * What starting an execution reads. One statement tells which keysets are the tenant's newest, the flow config that
 * applies, the tenant's default and both scopes as they are now; that costs a fraction of one for each
 * (docs/decisions/one-statement-per-step.md). Starts of the same profile read the same, so whether an execution's id is
 * taken is asked by itself.
 */

import type { RawBuilder } from 'kysely';
import { sql } from '../kysely';
import type { ConfigId, ExecutionId, FlowId, ProfileName, TenantId } from '../../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../../domain/scope';
import type { AskedAhead } from '../asked-ahead';
import { CheckedRows } from '../checked-rows';
import { preparedQuery, type Session } from '../prepared';
import type { FlowConfigRecord, ScopeRecord, TenantDefaultRecord } from '../records';
import { rowsOf } from '../rows';
import type { RowOf, TableName } from '../schema';
import type { Signing } from '../signing';
import { logEndQuestion } from './audit';
import { checkDefault, checkFound, checkMissing, configEntriesUnder } from './flow-configs';
import { checkHead, type FoundHead } from './heads';
import { newestChange } from './logged';

/** Which execution is to be started; its config by id, or by the name of its flow's profile. */
export interface StartPlace {
  readonly tenantId: TenantId;
  readonly executionId: ExecutionId;
  readonly flowId: FlowId;
  readonly config: { readonly id: ConfigId } | { readonly profile: ProfileName };
}

/** One scope as it is now: what its head says, and what there is. */
export interface ScopeState extends ScopeRecord {
  readonly scope: Scope;
  /** How many rows, and the newest version among them. */
  readonly extent: { readonly names: number; readonly newest: number };
  /** The newest revision that has a bundle; 0 without any. */
  readonly newestBundle: number;
}

export interface StartState {
  readonly keysRevision: number;
  readonly config: FlowConfigRecord | undefined;
  readonly tenantDefault: TenantDefaultRecord | undefined;
  /** The tenant's, then the config's where there is one. */
  readonly scopes: readonly ScopeState[];
  /** Whether the execution's id is taken. */
  readonly isTaken: boolean;
  /** Whether the flow was noted as seen. */
  readonly isFlowKnown: boolean;
}

/** A table joined under another name: its columns as `alias__column`. */
class Joined<T extends TableName> {
  readonly selection: RawBuilder<unknown>;
  readonly #keys: readonly (readonly [column: string, key: string])[];
  readonly #tenant: string;

  constructor(table: T, alias: string) {
    this.#keys = rowsOf(table).columns.map((column) => [column, `${alias}__${column}`]);
    this.#tenant = `${alias}__tenant_id`;
    this.selection = sql.join(
      this.#keys.map(([column, key]) => sql`${sql.ref(`${alias}.${column}`)} as ${sql.ref(key)}`),
    );
  }

  /** Undefined where nothing was joined. */
  of(row: Readonly<Record<string, unknown>>): RowOf<T> | undefined {
    if (row[this.#tenant] === null) return undefined;
    const own: Record<string, unknown> = {};
    for (const [column, key] of this.#keys) own[column] = row[key];
    return own as RowOf<T>;
  }
}

const LIST = new Joined('scopes', 'list');
const TENANT_HEAD = new Joined('scopes', 'tenant_head');
const CONFIG = new Joined('flow_configs', 'config');
const CONFIG_HEAD = new Joined('scopes', 'config_head');
const DEFAULT = new Joined('tenant_defaults', 'fallback');

const CONFIG_SCOPE = sql`'config:' || config.config_id`;

/** Names and newest version in one, so that the rows are gone through once. */
const extentOf = (scope: RawBuilder<unknown>) => sql`(select cast(count(*) as text) || ' ' ||
  cast(coalesce(max(version), 0) as text) from secrets
  where secrets.tenant_id = place.tenant_id and secrets.scope = ${scope})`;

const newestBundleOf = (scope: RawBuilder<unknown>) => sql`(select coalesce(max(revision), 0) from bundles
  where bundles.tenant_id = place.tenant_id and bundles.scope = ${scope})`;

const newestChangeOf = (scope: RawBuilder<unknown>) =>
  newestChange({ tenantId: sql.ref('place.tenant_id'), scope });

type StartRow = Readonly<Record<string, unknown>> & {
  readonly keys_revision: number | null;
  readonly is_flow_known: number | null;
  readonly tenant_extent: string;
  readonly config_extent: string;
  readonly tenant_bundle: number;
  readonly config_bundle: number;
  readonly tenant_change: number | null;
  readonly config_change: number | null;
};

/** At the end of a row: whether the flow is known changes nothing of what is found. */
const BESIDE_WHAT_IS_FOUND = 1;

interface Args {
  tenantId: string;
  flowId: string;
  /** Its id, or its profile's name. */
  config: string;
}

const selectStart = (by: (args: Args) => RawBuilder<unknown>) =>
  preparedQuery<Args, StartRow>((db, args) => {
    const tenant = sql`'tenant'`;
    const query = sql<StartRow>`select
      (select keys_revision from tenant_keys where tenant_keys.tenant_id = place.tenant_id
        order by keys_revision desc limit 1) as keys_revision,
      ${extentOf(tenant)} as tenant_extent, ${extentOf(CONFIG_SCOPE)} as config_extent,
      ${newestBundleOf(tenant)} as tenant_bundle, ${newestBundleOf(CONFIG_SCOPE)} as config_bundle,
      ${newestChangeOf(tenant)} as tenant_change, ${newestChangeOf(CONFIG_SCOPE)} as config_change,
      ${LIST.selection}, ${TENANT_HEAD.selection}, ${CONFIG.selection}, ${CONFIG_HEAD.selection}, ${DEFAULT.selection},
      (select 1 from flows where flows.tenant_id = place.tenant_id and flow_id = ${args.flowId}) as is_flow_known
      from (select cast(${args.tenantId} as text) as tenant_id) as place
      left join scopes as list on list.tenant_id = place.tenant_id and list.scope = 'configs'
      left join scopes as tenant_head on tenant_head.tenant_id = place.tenant_id and tenant_head.scope = ${tenant}
      left join flow_configs as config on config.tenant_id = place.tenant_id and ${by(args)}
      left join scopes as config_head on config_head.tenant_id = place.tenant_id and config_head.scope = ${CONFIG_SCOPE}
      left join tenant_defaults as fallback on fallback.tenant_id = place.tenant_id`;
    return { compile: () => query.compile(db) };
  });

const selectById = selectStart((args) => sql`config.config_id = ${args.config}`);
const selectByProfile = selectStart(
  (args) => sql`config.flow_id = ${args.flowId} and config.profile_name = ${args.config}`,
);

const selectTaken = preparedQuery((db, args: { executionId: string }) =>
  db.selectFrom('executions').select('execution_id').where('execution_id', '=', args.executionId),
);

/**
 * @returns undefined where the tenant has no keysets: then it does not exist, or nothing of it opens.
 * @throws DomainError DATA_LOSS where a head, a config or the default is not as this service wrote it, or a profile was
 *   taken away beneath it.
 */
async function getStart(session: Session, place: StartPlace): Promise<StartState | undefined> {
  const { executionId } = place;
  const key = keyOf(place);
  const standing = session.standing?.starts.get(key) as StartRow | undefined;
  const row = standing ?? (await readRow(session, place));
  if (row === undefined || row.keys_revision === null) return undefined;
  if (standing === undefined) session.standing?.starts.set(key, row);
  const found = await foundIn(session, place, row, row.keys_revision);
  const taken = await selectTaken(session, { executionId });
  return {
    keysRevision: found.keysRevision,
    config: found.config,
    tenantDefault: found.tenantDefault,
    scopes: found.scopes,
    isTaken: taken.length > 0,
    isFlowKnown: row.is_flow_known !== null,
  };
}

async function readRow(session: Session, place: StartPlace): Promise<StartRow | undefined> {
  return (await selectorOf(place)(session, argsOf(place)))[0];
}

const selectorOf = ({ config }: StartPlace) => ('id' in config ? selectById : selectByProfile);

function argsOf({ tenantId, flowId, config }: StartPlace): Args {
  return { tenantId, flowId, config: 'id' in config ? config.id : config.profile };
}

/** What getStart asks, and the event that a start appends. */
export function startAskedAhead(place: StartPlace): AskedAhead {
  const { tenantId, executionId } = place;
  return {
    about: executionId,
    questions: (compiler) => [
      selectorOf(place).questionOf(compiler, argsOf(place)),
      selectTaken.questionOf(compiler, { executionId }),
    ],
    logEnd: (compiler) => logEndQuestion(compiler, tenantId),
  };
}

type Found = Omit<StartState, 'isTaken' | 'isFlowKnown'>;

/** By what was asked for; so many flows' profiles at least, 3 kB each. */
const checkedStarts = new CheckedRows<Found>(500);

/** Rows that stand (standing.ts) need not even be compared. */
const checkedRows = new WeakMap<StartRow, { readonly signing: Signing; readonly found: Found }>();

async function foundIn(
  session: Session,
  place: StartPlace,
  row: StartRow,
  keysRevision: number,
): Promise<Found> {
  const { signing } = session;
  const check = (): Promise<Found> => checkRow(session, place, row, keysRevision);
  if (signing === undefined) return check();
  const checked = checkedRows.get(row);
  if (checked?.signing === signing) return checked.found;
  const columns = Object.values(row).slice(0, -BESIDE_WHAT_IS_FOUND);
  const found = await checkedStarts.foundIn(signing, keyOf(place), columns, check);
  checkedRows.set(row, { signing, found });
  return found;
}

/** No id and no name has a slash. */
function keyOf({ tenantId, flowId, config }: StartPlace): string {
  return 'id' in config ? `${tenantId}/${config.id}/${flowId}/` : `${tenantId}/${flowId}/${config.profile}`;
}

/** @throws as getStart. */
async function checkRow(
  session: Session,
  { tenantId, flowId, config }: StartPlace,
  row: StartRow,
  keysRevision: number,
): Promise<Found> {
  const entries = await configEntriesUnder(session, tenantId, LIST.of(row));
  const configRow = CONFIG.of(row);
  if (configRow === undefined && 'profile' in config)
    checkMissing(entries, { flowId, profileName: config.profile });
  const found = configRow && checkFound(entries, configRow);
  const tenantHead = withChange(TENANT_HEAD.of(row), row.tenant_change);
  const scopes = [
    scopeState(session, TENANT_SCOPE, tenantId, tenantHead, row.tenant_extent, row.tenant_bundle),
  ];
  if (found !== undefined) {
    const scope = configScope(found.configId);
    const head = withChange(CONFIG_HEAD.of(row), row.config_change);
    scopes.push(scopeState(session, scope, tenantId, head, row.config_extent, row.config_bundle));
  }
  return {
    keysRevision,
    config: found,
    tenantDefault: checkDefault(entries, tenantId, DEFAULT.of(row)),
    scopes,
  };
}

function withChange(head: RowOf<'scopes'> | undefined, newestLogged: number | null): FoundHead | undefined {
  return head && { ...head, newest_change: newestLogged };
}

function scopeState(
  session: Session,
  scope: Scope,
  tenantId: TenantId,
  head: FoundHead | undefined,
  extent: string,
  newestBundle: number,
): ScopeState {
  const [names = 0, newest = 0] = extent.split(' ').map(Number);
  return {
    ...checkHead(session, tenantId, scopeKey(scope), head),
    scope,
    extent: { names, newest },
    newestBundle,
  };
}

export const reads = { getStart };
