/**
 * What one resolution reads, in one statement: the execution, whether its log says that it ended, which keysets are
 * the tenant's newest, the pinned bundles, and whether a name was revoked since. One statement is a snapshot of
 * its own, and a tenth of the cost of asking one by one (docs/decisions/one-statement-per-step.md). Where those that share
 * a commit ask together, the pinned bundles are asked for by themselves: the same for many, and much longer than the rest.
 */

import type { RawBuilder } from 'kysely';
import { sql } from '../kysely';
import type { ConfigId, ExecutionId, TenantId } from '../../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../../domain/scope';
import type { AskedAhead } from '../asked-ahead';
import { asksTogether } from '../dialect';
import { ACTION_NUMBERS, packId } from '../packed';
import { preparedQuery, type Session } from '../prepared';
import type { ExecutionRecord, StoredBundleRecord } from '../records';
import type { RowOf } from '../schema';
import { logEndQuestion } from './audit';
import { bundleQuestion, getBundle } from './bundles';
import { ciphertextOf } from './ciphertexts';
import { RECORDED, toExecution } from './executions';
import { newestRevocation } from './logged';

/** What a token says that its execution pinned; revision 0 where nothing of a scope was ever written. */
export interface PinnedRevisions {
  readonly executionId: ExecutionId;
  readonly tenantId: TenantId;
  readonly configId: ConfigId | undefined;
  readonly tenantRevision: number;
  readonly configRevision: number;
}

export interface Resolution {
  readonly execution: ExecutionRecord;
  /** The log says that it was ended, whatever its row says. */
  readonly hasEnded: boolean;
  /** Undefined where the tenant has none. */
  readonly keysRevision: number | undefined;
  /** Undefined where there is none of the pinned revision. */
  readonly tenantBundle: StoredBundleRecord | undefined;
  readonly configBundle: StoredBundleRecord | undefined;
  /** The revocations or the log tell of a name that was taken since; listRevocations says which. */
  readonly isRevokedSince: boolean;
}

export interface ExecutionState extends Pick<Resolution, 'execution' | 'hasEnded'> {
  /** Scopes of which it pins a revision that is no longer the newest: their bundles may be needed by nobody else. */
  readonly pinnedOlder: readonly Scope[];
}

interface Args {
  executionId: string;
  packedId: Uint8Array;
  tenantId: string;
  configScope: string;
  tenantRevision: number;
  configRevision: number;
}

// The action is written out, so that the index of ends is used.
const endOf = (packedId: Uint8Array) => sql<number | null>`(select sequence from audit_events
  where action = ${sql.lit(ACTION_NUMBERS['execution.end'])} and audit_events.execution_id = ${packedId}
    and audit_events.tenant_id = executions.tenant_id and time >= executions.start_time limit 1)`;

const KEYS_REVISION = sql<number | null>`(select keys_revision from tenant_keys
  where tenant_keys.tenant_id = executions.tenant_id order by keys_revision desc limit 1)`;

const TENANT = scopeKey(TENANT_SCOPE);

// Two look-ups, however much was revoked: each resolution asks.
const revokedSince = (
  scope: string,
  revision: number,
) => sql<number>`case when exists (select 1 from revocations
    where revocations.tenant_id = executions.tenant_id and scope = ${scope} and up_to_revision >= ${revision})
  or ${newestRevocation({ tenantId: sql.ref('executions.tenant_id'), scope: sql`${scope}` })} >= ${revision}
  then 1 else 0 end`;

/** What the scope's head says, signed or not; null of a scope that was never written. */
const revisionNow = (scope: RawBuilder<unknown>) => sql<number | null>`(select revision from scopes
  where scopes.tenant_id = executions.tenant_id and scopes.scope = ${scope})`;

const selectState = preparedQuery((db, args: { executionId: string; packedId: Uint8Array }) =>
  db
    .selectFrom('executions')
    .select(RECORDED)
    .select([
      endOf(args.packedId).as('end_sequence'),
      revisionNow(sql.lit(TENANT)).as('tenant_revision_now'),
      revisionNow(sql`'config:' || executions.config_id`).as('config_revision_now'),
    ])
    .where('execution_id', '=', args.executionId),
);

const toldOf = (args: Args) =>
  [
    endOf(args.packedId).as('end_sequence'),
    KEYS_REVISION.as('keys_revision'),
    revokedSince(TENANT, args.tenantRevision).as('revoked_of_tenant'),
    revokedSince(args.configScope, args.configRevision).as('revoked_of_config'),
  ] as const;

const selectWithoutBundles = preparedQuery((db, args: Args) =>
  db
    .selectFrom('executions')
    .select(RECORDED)
    .select(toldOf(args))
    .where('execution_id', '=', args.executionId),
);

const selectResolution = preparedQuery((db, args: Args) =>
  db
    .selectFrom('executions')
    .leftJoin('bundles as of_tenant', (join) =>
      join
        .on('of_tenant.tenant_id', '=', args.tenantId)
        .on('of_tenant.scope', '=', TENANT)
        .on('of_tenant.revision', '=', args.tenantRevision),
    )
    .leftJoin('ciphertexts as tenant_data', 'tenant_data.id', 'of_tenant.ciphertext_id')
    .leftJoin('bundles as of_config', (join) =>
      join
        .on('of_config.tenant_id', '=', args.tenantId)
        .on('of_config.scope', '=', args.configScope)
        .on('of_config.revision', '=', args.configRevision),
    )
    .leftJoin('ciphertexts as config_data', 'config_data.id', 'of_config.ciphertext_id')
    .select(RECORDED.map((column) => `executions.${column}` as const))
    .select(toldOf(args))
    .select([
      'of_tenant.to_scrub as tenant_to_scrub',
      'of_tenant.ciphertext_length as tenant_length',
      'tenant_data.data as tenant_data',
      'of_config.to_scrub as config_to_scrub',
      'of_config.ciphertext_length as config_length',
      'config_data.data as config_data',
    ])
    .where('executions.execution_id', '=', args.executionId),
);

function bundleOf(
  revision: number,
  toScrub: number | null,
  length: number | null,
  data: Uint8Array | null,
): StoredBundleRecord | undefined {
  if (toScrub === null || length === null || data === null) return undefined;
  return { revision, toScrub, ciphertext: ciphertextOf({ data, ciphertext_length: length }) };
}

function argsOf(pinned: PinnedRevisions): Args {
  const { executionId, tenantId, configId, tenantRevision, configRevision } = pinned;
  const scope = configId === undefined ? '' : scopeKey(configScope(configId));
  const packedId = packId(executionId);
  return { executionId, packedId, tenantId, configScope: scope, tenantRevision, configRevision };
}

/** @throws DomainError DATA_LOSS for an execution that this service did not write so. */
async function getResolution(session: Session, pinned: PinnedRevisions): Promise<Resolution | undefined> {
  if (asksTogether(session.compiler)) return getInParts(session, pinned);
  const { tenantRevision, configRevision } = pinned;
  const row = (await selectResolution(session, argsOf(pinned)))[0];
  if (row === undefined) return undefined;
  return resolutionOf(
    session,
    row,
    bundleOf(tenantRevision, row.tenant_to_scrub, row.tenant_length, row.tenant_data),
    bundleOf(configRevision, row.config_to_scrub, row.config_length, row.config_data),
  );
}

interface ToldRow {
  readonly end_sequence: number | null;
  readonly keys_revision: number | null;
  readonly revoked_of_tenant: number;
  readonly revoked_of_config: number;
}

function resolutionOf(
  session: Session,
  row: ToldRow,
  tenantBundle: StoredBundleRecord | undefined,
  configBundle: StoredBundleRecord | undefined,
): Resolution {
  return {
    execution: toExecution(session, row as unknown as RowOf<'executions'>),
    hasEnded: row.end_sequence !== null,
    keysRevision: row.keys_revision ?? undefined,
    isRevokedSince: row.revoked_of_tenant + row.revoked_of_config > 0,
    tenantBundle,
    configBundle,
  };
}

async function getInParts(session: Session, pinned: PinnedRevisions): Promise<Resolution | undefined> {
  const row = (await selectWithoutBundles(session, argsOf(pinned)))[0];
  if (row === undefined) return undefined;
  const [ofTenant, ofConfig] = placesOf(pinned);
  const tenantBundle = await pinnedBundle(session, pinned.tenantId, ofTenant);
  return resolutionOf(session, row, tenantBundle, await pinnedBundle(session, pinned.tenantId, ofConfig));
}

interface Place {
  readonly scope: Scope;
  readonly revision: number;
}

/** Where its bundles are; undefined where nothing of the scope was ever written. */
function placesOf(pinned: PinnedRevisions): readonly [tenant: Place | undefined, config: Place | undefined] {
  const { configId, tenantRevision, configRevision } = pinned;
  return [
    tenantRevision > 0 ? { scope: TENANT_SCOPE, revision: tenantRevision } : undefined,
    configId !== undefined && configRevision > 0
      ? { scope: configScope(configId), revision: configRevision }
      : undefined,
  ];
}

/** In memory of its own: others are given the same answer, and each gives its ciphertext's memory back. */
async function pinnedBundle(
  session: Session,
  tenantId: TenantId,
  place: Place | undefined,
): Promise<StoredBundleRecord | undefined> {
  const bundle = place && (await getBundle(session, tenantId, place.scope, place.revision));
  return bundle && { ...bundle, ciphertext: new Uint8Array(bundle.ciphertext) };
}

/** The execution and whether its log says that it was ended. @throws as getResolution. */
async function getExecutionState(
  session: Session,
  executionId: ExecutionId,
): Promise<ExecutionState | undefined> {
  const standing = session.standing?.executions.get(executionId);
  if (standing !== undefined && standing.signing === session.signing)
    return { execution: standing.record, hasEnded: false, pinnedOlder: [] };
  const row = (await selectState(session, { executionId, packedId: packId(executionId) }))[0];
  if (row === undefined) return undefined;
  const execution = toExecution(session, row as unknown as RowOf<'executions'>);
  const pinnedOlder: Scope[] = [];
  if (execution.tenantRevision < (row.tenant_revision_now ?? 0)) pinnedOlder.push(TENANT_SCOPE);
  if (execution.configId !== undefined && execution.configRevision < (row.config_revision_now ?? 0))
    pinnedOlder.push(configScope(execution.configId));
  return { execution, hasEnded: row.end_sequence !== null, pinnedOlder };
}

type Step = Pick<PinnedRevisions, 'tenantId' | 'executionId'>;

/** What getResolution asks, and the event that a resolution appends. */
export function resolutionAskedAhead(pinned: PinnedRevisions): AskedAhead {
  const { tenantId } = pinned;
  return stepAskedAhead(pinned, (compiler) => {
    const told = selectWithoutBundles.questionOf(compiler, argsOf(pinned));
    const bundles = placesOf(pinned).flatMap((place) => (place === undefined ? [] : [place]));
    return [
      told,
      ...bundles.map(({ scope, revision }) => bundleQuestion(compiler, tenantId, scope, revision)),
    ];
  });
}

/** What getExecutionState asks, and the event that an end appends. */
export function stateAskedAhead(step: Step): AskedAhead {
  const { executionId } = step;
  const args = { executionId, packedId: packId(executionId) };
  return stepAskedAhead(step, (compiler) => [selectState.questionOf(compiler, args)]);
}

function stepAskedAhead({ tenantId, executionId }: Step, questions: AskedAhead['questions']): AskedAhead {
  return {
    about: executionId,
    questions,
    logEnd: (compiler) => logEndQuestion(compiler, tenantId),
  };
}

export const reads = { getExecutionState, getResolution };
