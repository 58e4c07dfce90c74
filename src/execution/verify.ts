/**
 * VerifyTenant: opens everything that a tenant has and follows its audit log's chain.
 *
 * Each scope is read in a snapshot of its own and opened after it, and the log page by page: a long
 * verification keeps no writer waiting and holds no more than one scope. It works in slices, and half of the
 * time belongs to calls. Values are zeroed at once.
 */

import type { TenantOpener } from '../crypto/open/opener';
import type { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../domain/scope';
import { FaultKind } from '../gen/axiom/maintenance/v1/maintenance_pb';
import type { ExecutionRecord, StoredSecretRecord } from '../store/records';
import { isSecretSigned } from '../store/secret-signature';
import { throwIfGone, type Waiter } from '../domain/waiter';
import { openSecretRow } from './bundles';
import type { ExecutionServerContext } from './context';
import { addFault, noneIfUnsound, type Fault } from './faults';
import { Logged, type SetBack } from './logged';
import { pinsOf, revokedIn } from './pinned';
import { verifyAuditLog } from './verify-audit';
import { paced, whileWaiting, type Pause } from '../work/pace';
import { tenantNotFound } from './openers';

/** What was looked at, and what is wrong. */
export interface Verification {
  secretCount: bigint;
  overrideCount: bigint;
  bundleCount: bigint;
  auditEventCount: bigint;
  readonly faults: Fault[];
}

/** @throws DomainError NOT_FOUND for a tenant that does not exist; UNAVAILABLE when the KEK cannot be reached. */
export async function verifyTenant(
  context: ExecutionServerContext,
  tenantId: TenantId,
  waiter?: Waiter,
): Promise<Verification> {
  const found: Verification = {
    secretCount: 0n,
    overrideCount: 0n,
    bundleCount: 0n,
    auditEventCount: 0n,
    faults: [],
  };
  const pause = whileWaiting(waiter, paced());
  // Unwrapped anew: an opener that is kept would open although the stored keysets do not any more.
  const opener = await openKeysets(context, tenantId);
  if (opener === undefined) addFault(found.faults, { kind: FaultKind.KEYSETS_DO_NOT_OPEN });
  const logged = new Logged(tenantId, await context.store.read((tx) => tx.listConfigIds(tenantId)));
  found.auditEventCount = await verifyAuditLog(context, tenantId, found.faults, {
    each: (event) => logged.note(event),
    pause,
  });
  if (opener !== undefined)
    for (const scope of await scopesOf(context, tenantId)) {
      throwIfGone(waiter);
      await verifyScope(
        context,
        { opener, tenantId, scope, pause },
        found,
        logged.revisionOf(scopeKey(scope)),
      );
    }
  await verifyRights(context, tenantId, found, await logged.compare(context.store, pause));
  await verifyExecutions(context, tenantId, found.faults, pause);
  return found;
}

/** What gives rights: API keys, flow configs, and every other signed row. */
async function verifyRights(
  { store }: ExecutionServerContext,
  tenantId: TenantId,
  found: Verification,
  setBack: SetBack,
): Promise<void> {
  await store.read(async (tx) => {
    if (setBack.areConfigs || !(await tx.areConfigsAsWritten(tenantId)))
      addFault(found.faults, { kind: FaultKind.FLOW_CONFIGS_NOT_AS_WRITTEN });
    if (setBack.areKeys || !(await tx.areKeysAsWritten(tenantId)))
      addFault(found.faults, { kind: FaultKind.API_KEYS_NOT_AS_WRITTEN });
    if (setBack.areHandles) addFault(found.faults, { kind: FaultKind.ROW_NOT_AS_WRITTEN, name: 'handles' });
    for (const name of await tx.listUnsigned(tenantId))
      addFault(found.faults, { kind: FaultKind.ROW_NOT_AS_WRITTEN, name });
    if (!(await tx.areSessionsAsWritten(tenantId)))
      addFault(found.faults, { kind: FaultKind.ROW_NOT_AS_WRITTEN, name: 'sessions' });
  });
}

/**
 * Executions whose row says that they run although the log says that they ended, which get nothing: their row was set
 * back. And those from which a value was taken whose revocation is not there any more.
 */
async function verifyExecutions(
  context: ExecutionServerContext,
  tenantId: TenantId,
  faults: Fault[],
  pause: Pause,
): Promise<void> {
  const { store } = context;
  const seen = new Set<string>();
  for (const executionId of await store.read((tx) => tx.listUnended(tenantId))) {
    await pause();
    const state = await store.read((tx) => tx.getExecutionState(executionId)).catch(noneIfUnsound);
    if (state === undefined) continue;
    if (state.hasEnded && state.execution.endTime === undefined)
      addFault(faults, { kind: FaultKind.ROW_NOT_AS_WRITTEN, name: 'executions' });
    if (!(await areRevocationsThere(context, state.execution, seen)))
      addFault(faults, { kind: FaultKind.ROW_NOT_AS_WRITTEN, name: 'revocations' });
  }
}

/** As the execution would find them. @param seen what was looked at: many executions pin the same. */
async function areRevocationsThere(
  { store, clock }: ExecutionServerContext,
  execution: ExecutionRecord,
  seen: Set<string>,
): Promise<boolean> {
  // Of one whose time is over they may be gone already; one from before too many gets nothing.
  if (execution.expireTime <= clock()) return true;
  for (const pin of pinsOf(execution)) {
    const key = `${scopeKey(pin.scope)}/${pin.revision}`;
    if (seen.has(key)) continue;
    seen.add(key);
    try {
      await store.read((tx) => revokedIn(tx, execution.tenantId, pin));
    } catch (error) {
      noneIfUnsound(error);
      if ((error as DomainError).code === 'DATA_LOSS') return false;
    }
  }
  return true;
}

async function openKeysets(
  context: ExecutionServerContext,
  tenantId: TenantId,
): Promise<TenantOpener | undefined> {
  return context.store
    .read(async (tx) => {
      if ((await tx.getTenant(tenantId)) === undefined) throw tenantNotFound(tenantId);
      const keys = await tx.getTenantKeys(tenantId);
      const opener = keys && (await context.keyring.openTenant(tenantId, keys));
      await opener?.unwrapPrivate();
      return opener;
    })
    .catch(noneIfUnsound);
}

async function scopesOf({ store }: ExecutionServerContext, tenantId: TenantId): Promise<readonly Scope[]> {
  return [TENANT_SCOPE, ...(await store.read((tx) => tx.listConfigIds(tenantId))).map(configScope)];
}

interface OneScope {
  readonly opener: TenantOpener;
  readonly tenantId: TenantId;
  readonly scope: Scope;
  readonly pause: Pause;
}

async function verifyScope(
  context: ExecutionServerContext,
  one: OneScope,
  found: Verification,
  newestSaved: number,
): Promise<void> {
  const { opener, tenantId, scope } = one;
  const { head, rows, fits, bundle, parts } = await context.store.read(async (tx) => ({
    head: (await tx.isScopeAsWritten(tenantId, scope)) ? await tx.getScope(tenantId, scope) : undefined,
    rows: await tx.findSealedSecrets(tenantId, scope),
    fits: (await tx.listSealedSecrets(tenantId, scope).catch(noneIfUnsound)) !== undefined,
    bundle: await tx.getBundle(tenantId, scope),
    parts: await tx.listBundleParts(tenantId, scope),
  }));
  if (head === undefined || head.revision < newestSaved || (bundle?.revision ?? 0) > head.revision)
    addFault(found.faults, { kind: FaultKind.SCOPE_NOT_AS_WRITTEN, scope: scopeKey(scope) });
  if (!fits) addFault(found.faults, { kind: FaultKind.SECRETS_INCOMPLETE, scope: scopeKey(scope) });
  for (const row of rows) {
    await one.pause();
    if (scope.kind === 'tenant') found.secretCount++;
    else found.overrideCount++;
    const { name } = row;
    const place = { scope: scopeKey(scope), name, version: BigInt(row.version) };
    if (!isSecretSigned(context.store.signing, tenantId, scope, row))
      addFault(found.faults, { kind: FaultKind.SECRET_NOT_AS_WRITTEN, ...place });
    else if (!(await opens(one, row)))
      addFault(found.faults, { kind: FaultKind.SECRET_DOES_NOT_OPEN, ...place });
  }
  const tellUnlessItOpens = async (opening: Promise<Uint8Array>, revision: number) => {
    const plaintext = await opening.catch(noneIfUnsound);
    plaintext?.fill(0);
    if (plaintext !== undefined) return;
    const fault = { scope: scopeKey(scope), version: BigInt(revision) };
    addFault(found.faults, { kind: FaultKind.BUNDLE_DOES_NOT_OPEN, ...fault });
  };
  for (const { part, revision, ciphertext } of parts)
    await tellUnlessItOpens(opener.openBundlePart(ciphertext, { tenantId, scope, part, revision }), revision);
  if (bundle === undefined) return;
  found.bundleCount++;
  const { revision, ciphertext } = bundle;
  await tellUnlessItOpens(opener.openBundle(ciphertext, { tenantId, scope, revision }), revision);
}

async function opens({ opener, tenantId, scope }: OneScope, row: StoredSecretRecord): Promise<boolean> {
  const value = await openSecretRow(opener, row, { tenantId, scope }).catch(noneIfUnsound);
  value?.wipe();
  return value !== undefined;
}
