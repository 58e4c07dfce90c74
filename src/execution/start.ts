/**
 * StartExecution: pins one revision of the tenant's scope and one of the config's, and answers a token.
 *
 * What is pinned is what one snapshot shows that was taken after the call came in; a write that comes later
 * belongs to the next execution, so no writer makes a start fail or wait (docs/decisions/pin-a-snapshot.md).
 */

import type { TenantOpener } from '../crypto/open/opener';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { timeOrderedId } from '../domain/clock';
import { DomainError, parseAll } from '../domain/errors';
import {
  DEFAULT_PROFILE,
  parseConfigId,
  parseExecutionId,
  parseFlowId,
  parseProfileName,
  parseTenantId,
  type ConfigId,
  type ExecutionId,
  type FlowId,
  type ProfileName,
  type TenantId,
} from '../domain/ids';
import { effectiveNodeTimeout } from '../domain/node-timeout';
import type { WorkloadPrincipal } from '../domain/principal';
import { scopeKey, type Scope } from '../domain/scope';
import { onBehalfOf } from '../domain/waiter';
import type { StartExecutionRequest } from '../gen/axiom/executions/v1/executions_pb';
import { startAskedAhead, type ScopeState, type StartPlace, type StartState } from '../store/queries/start';
import type { BundleRecord, ExecutionRecord, FlowConfigRecord } from '../store/records';
import type { ReadTx, WriteTx } from '../store/store';
import {
  checkRevision,
  isKnownSound,
  isSound,
  readBundleSource,
  UnusableSecretError,
  type BundleSource,
  type MadeBundle,
} from './bundles';
import type { ExecutionServerContext } from './context';
import type { Started } from './started-message';
import type { KnownEntries } from './known-entries';
import { issueToken, type Claims } from './tokens';

/**
 * From the snapshot to the pin. A revocation that nobody needs is kept for longer (KEEP_DEAD_MS of the janitor),
 * so that the pin meets every one that was made since the snapshot.
 */
const MAX_START_MS = 30_000;

interface ParsedStart {
  readonly tenantId: TenantId;
  readonly flowId: FlowId;
  readonly executionId: ExecutionId;
  readonly config: { readonly id?: ConfigId; readonly name?: ProfileName };
}

interface Pinned {
  readonly record: ExecutionRecord;
  readonly nodeTimeoutSeconds: number;
}

export async function startExecution(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: StartExecutionRequest,
): Promise<Started> {
  const start = parseStart(context, request);
  const { record, nodeTimeoutSeconds } = await pin(context, call, start).catch(async (error: unknown) => {
    if (error instanceof UnusableSecretError) await tellUnusable(context, call, start.tenantId, error);
    throw error;
  });
  const token = await issueToken(context.tokenMac, claimsOf(record, nodeTimeoutSeconds));
  return {
    executionId: record.executionId,
    executionToken: token,
    expireTime: record.expireTime,
    configId: record.configId,
    nodeTimeoutSeconds,
    timeLeftMs: record.expireTime - context.clock(),
  };
}

/** Field by field: they are read at each step of the execution. */
function claimsOf(record: ExecutionRecord, nodeTimeoutSeconds: number): Claims {
  return {
    executionId: record.executionId,
    tenantId: record.tenantId,
    flowId: record.flowId,
    configId: record.configId,
    tenantRevision: record.tenantRevision,
    configRevision: record.configRevision,
    expireTime: record.expireTime,
    nodeTimeoutSeconds,
  };
}

/** Who reads the tenant's audit log, or the service's log, learns which secret it is. */
async function tellUnusable(
  { countedEvents, clock, onUnusableSecret }: ExecutionServerContext,
  call: Call,
  tenantId: TenantId,
  { scope, secretName, code }: UnusableSecretError,
): Promise<void> {
  onUnusableSecret(tenantId, scope, secretName);
  const what = { resource: secretName, scope: scopeKey(scope) };
  const details: AuditDetails = { action: 'execution.start', ...what, allowed: false, status: code };
  await countedEvents.record(tenantId, auditEntry(call, clock(), details));
}

function parseStart(context: ExecutionServerContext, request: StartExecutionRequest): ParsedStart {
  const { config } = request;
  return parseAll({
    tenantId: () => parseTenantId(request.tenantId),
    flowId: () => parseFlowId(request.flowId),
    executionId: () =>
      parseExecutionId(request.executionId || timeOrderedId(context.clock(), context.randomBytes)),
    config: () => {
      if (config.case === 'configId') return { id: parseConfigId(config.value) };
      return config.case === 'profileName' ? { name: parseProfileName(config.value) } : {};
    },
  });
}

/** The config that applies is the one named, else the flow's `default` profile if it has one. */
function placeOf({ tenantId, flowId, executionId, config }: ParsedStart): StartPlace {
  const { id, name = DEFAULT_PROFILE } = config;
  return { tenantId, flowId, executionId, config: id === undefined ? { profile: name } : { id } };
}

/** Pins what there is when its bundles are made already, which is one write; else makes them from a snapshot of its own. */
async function pin(context: ExecutionServerContext, call: Call, start: ParsedStart): Promise<Pinned> {
  const pinned = await context.store.write((tx) => pinCurrent(context, tx, call, start), {
    waiter: call,
    tenant: start.tenantId,
    asksFirst: true,
    asksAhead: startAskedAhead(placeOf(start)),
  });
  return pinned ?? pinSnapshot(context, call, start);
}

/** @returns undefined, and writes nothing, when a bundle is missing or the keysets must be unwrapped first. */
async function pinCurrent(
  context: ExecutionServerContext,
  tx: WriteTx,
  call: Call,
  start: ParsedStart,
): Promise<Pinned | undefined> {
  const { tenantId } = start;
  const found = await tx.getStart(placeOf(start));
  const opener = found && context.openers.keptOf(tenantId, found.keysRevision);
  if (found === undefined || opener === undefined) return undefined;
  const settings = settingsOf(start, found);
  const pins: Pin[] = [];
  for (const state of found.scopes) {
    const { scope, newestBundle } = state;
    const revision = checkRevision(tenantId, state);
    // One that this process never opened is looked at first, where it keeps no writer waiting.
    const isReady = revision === 0 || (newestBundle === revision && isKnownSound(opener, scope, revision));
    if (!isReady) return undefined;
    pins.push({ scope, revision });
  }
  if (found.isTaken) throw alreadyStarted(start.executionId);
  return insertPinned(context, tx, call, start, { settings, pins, isFlowKnown: found.isFlowKnown });
}

/**
 * Pins what one snapshot shows, whatever is written meanwhile: its bundles are put beside newer ones.
 * A value that is revoked between the snapshot and the pin stays in its bundle, and is in no answer,
 * for the revocation names every revision up to its own.
 */
async function pinSnapshot(context: ExecutionServerContext, call: Call, start: ParsedStart): Promise<Pinned> {
  const opened: KnownEntries[] = [];
  try {
    return await pinAsRead(context, call, start, opened);
  } finally {
    for (const known of opened) known.wipe();
  }
}

async function pinAsRead(
  context: ExecutionServerContext,
  call: Call,
  start: ParsedStart,
  opened: KnownEntries[],
): Promise<Pinned> {
  const began = performance.now();
  const { tenantId } = start;
  const { opener, settings, scopes } = await context.store.read(
    async (tx) => {
      // First: a tenant that does not exist has no keysets, and nothing else to be found wrong.
      const opener = await context.openers.openerOf(tx, tenantId);
      const found = await tx.getStart(placeOf(start));
      if (found === undefined) throw new Error('keysets are gone from the snapshot that had them');
      const settings = settingsOf(start, found);
      const place = { opener, tenantId, opened };
      return { opener, settings, scopes: await readScopes(context, tx, place, found.scopes) };
    },
    onBehalfOf(tenantId, call),
  );
  const pins: Pin[] = [];
  for (const { scope, revision, bundle, source, isDamaged } of scopes) {
    const made =
      source === undefined
        ? await bundle
        : await context.bundleMaker.make(opener, context.store.signing, source);
    pins.push({ scope, revision, bundle: made, isDamaged });
  }
  return context.store.write(
    async (tx) => {
      if (performance.now() - began > MAX_START_MS) throw tookTooLong();
      for (const { scope, revision, bundle, isDamaged } of pins) {
        if (isDamaged) await tx.deleteBundle(tenantId, scope, revision);
        if (bundle === undefined || !(await tx.addBundle(tenantId, scope, bundle))) continue;
        if ('parts' in bundle) await tx.putBundleParts(tenantId, scope, bundle.parts);
      }
      if ((await tx.getExecution(start.executionId)) !== undefined) throw alreadyStarted(start.executionId);
      return insertPinned(context, tx, call, start, { settings, pins, isFlowKnown: false });
    },
    { waiter: call, tenant: tenantId },
  );
}

/** What a snapshot shows of a scope: its bundle, or what to make it from; neither where it was never written. */
interface ScopeSnapshot {
  readonly scope: Scope;
  readonly revision: number;
  readonly bundle?: BundleRecord | Promise<MadeBundle> | undefined;
  readonly source?: BundleSource | undefined;
  /** The bundle that exists does not open, and is made again. */
  readonly isDamaged: boolean;
}

async function readScopes(
  { bundleMaker, onDamagedBundle }: ExecutionServerContext,
  tx: ReadTx,
  place: {
    readonly opener: TenantOpener;
    readonly tenantId: TenantId;
    readonly opened: KnownEntries[];
  },
  states: readonly ScopeState[],
): Promise<readonly ScopeSnapshot[]> {
  const { opener, tenantId, opened } = place;
  const found: ScopeSnapshot[] = [];
  for (const state of states) {
    const { scope } = state;
    const revision = checkRevision(tenantId, state);
    const making = bundleMaker.inMaking({ tenantId, scope, revision });
    const hasBundle = making === undefined && state.newestBundle === revision && revision > 0;
    const stored = hasBundle ? await tx.getBundle(tenantId, scope, revision) : undefined;
    const isDamaged = stored !== undefined && !(await isSound(opener, tenantId, scope, stored));
    if (isDamaged) onDamagedBundle(tenantId, scope, revision);
    const bundle = making ?? (isDamaged ? undefined : stored);
    const source =
      bundle === undefined
        ? await readBundleSource(tx, opener, tenantId, { scope, revision }, opened)
        : undefined;
    found.push({ scope, revision, bundle, source, isDamaged });
  }
  return found;
}

/** What else than secrets an execution takes from the snapshot. */
interface Settings {
  readonly config: FlowConfigRecord | undefined;
  readonly nodeTimeoutSeconds: number;
}

/** @throws as requireConfig. */
function settingsOf(start: ParsedStart, { config: found, tenantDefault }: StartState): Settings {
  const config = requireConfig(start, found);
  const nodeTimeoutSeconds = effectiveNodeTimeout(
    config?.nodeTimeoutSeconds,
    tenantDefault?.nodeTimeoutSeconds,
  );
  return { config, nodeTimeoutSeconds };
}

/** One scope at one revision. */
interface Pin {
  readonly scope: Scope;
  readonly revision: number;
  /** Where the store may not have it. */
  readonly bundle?: BundleRecord | MadeBundle | undefined;
  readonly isDamaged?: boolean;
}

interface ToPin {
  readonly settings: Settings;
  readonly pins: readonly Pin[];
  readonly isFlowKnown: boolean;
}

async function insertPinned(
  context: ExecutionServerContext,
  tx: WriteTx,
  call: Call,
  { tenantId, flowId, executionId }: ParsedStart,
  { settings, pins, isFlowKnown }: ToPin,
): Promise<Pinned> {
  const { config, nodeTimeoutSeconds } = settings;
  const [tenantRevision = 0, configRevision = 0] = pins.map(({ revision }) => revision);
  const now = context.clock();
  const record: ExecutionRecord = {
    executionId,
    tenantId,
    flowId,
    configId: config?.configId,
    tenantRevision,
    configRevision,
    startTime: now,
    expireTime: now + context.tokenTtlMs,
    endTime: undefined,
  };
  await tx.insertExecution(record, isFlowKnown);
  const details: AuditDetails = {
    action: 'execution.start',
    resource: config?.configId ?? flowId,
    version: tenantRevision,
    executionId,
  };
  await tx.appendAudit(tenantId, auditEntry(call, now, details));
  return { record, nodeTimeoutSeconds };
}

function alreadyStarted(executionId: ExecutionId): DomainError {
  return new DomainError(
    'ALREADY_EXISTS',
    `execution ${executionId} has been started already; give each run an id of its own`,
    'EXECUTION_EXISTS',
  );
}

function tookTooLong(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    `the execution could not be started within ${MAX_START_MS / 1_000} seconds; try again`,
    'START_TOO_LONG',
  );
}

/** @throws DomainError NOT_FOUND where a config was named and the flow does not have it. */
function requireConfig(
  { flowId, config }: ParsedStart,
  found: FlowConfigRecord | undefined,
): FlowConfigRecord | undefined {
  if (config.id === undefined && config.name === undefined) return found;
  if (found === undefined || found.flowId !== flowId) {
    throw new DomainError(
      'NOT_FOUND',
      `flow ${flowId} has no such config; list its profiles to see which it has`,
      'FLOW_CONFIG_NOT_FOUND',
    );
  }
  return found;
}
