/**
 * VerifyTenant: opens everything that a tenant has and follows its audit log's chain.
 *
 * Each scope is read in a snapshot of its own and opened after it, and the log page by page: a long
 * verification keeps no writer waiting and holds no more than one scope. Values are zeroed at once.
 */

import type { TenantOpener } from '../crypto/open/opener';
import { AUDIT_CHAIN_START, auditHash } from '../domain/audit-chain';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { configScope, scopeKey, TENANT_SCOPE, type Scope } from '../domain/scope';
import { FaultKind } from '../gen/axiom/maintenance/v1/maintenance_pb';
import { flowConfigKey } from '../store/paging';
import type { FlowConfigRecord, SealedSecretRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import { openSecretRow } from './bundles';
import type { ExecutionServerContext } from './context';
import { tenantNotFound } from './openers';

const PAGE = 1_000;
const MAX_FAULTS = 1_000;

/** What is wrong at one place; the proto says which fields a kind has. */
export interface Fault {
  readonly kind: FaultKind;
  readonly scope: string;
  readonly name: string;
  readonly version: bigint;
}

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
): Promise<Verification> {
  const found: Verification = {
    secretCount: 0n,
    overrideCount: 0n,
    bundleCount: 0n,
    auditEventCount: 0n,
    faults: [],
  };
  // Unwrapped anew: an opener that is kept would open although the stored keysets do not any more.
  const opener = await openKeysets(context, tenantId);
  if (opener === undefined) addFault(found, { kind: FaultKind.KEYSETS_DO_NOT_OPEN });
  else
    for await (const scope of scopesOf(context, tenantId))
      await verifyScope(context, { opener, tenantId, scope }, found);
  await verifyAuditChain(context, tenantId, found);
  return found;
}

function addFault(found: Verification, fault: Partial<Fault> & Pick<Fault, 'kind'>): void {
  if (found.faults.length < MAX_FAULTS) found.faults.push({ scope: '', name: '', version: 0n, ...fault });
}

async function openKeysets(
  context: ExecutionServerContext,
  tenantId: TenantId,
): Promise<TenantOpener | undefined> {
  const keys = await context.store.read(async (tx) => {
    if ((await tx.getTenant(tenantId)) === undefined) throw tenantNotFound(tenantId);
    return tx.getTenantKeys(tenantId);
  });
  return keys && context.keyring.openTenant(tenantId, keys).catch(refused);
}

/** Tampering and a wrong key are what is looked for; a KEK that is away says nothing about the data. */
function refused(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.code !== 'FAILED_PRECONDITION') throw error;
}

async function* scopesOf(context: ExecutionServerContext, tenantId: TenantId): AsyncGenerator<Scope> {
  yield TENANT_SCOPE;
  const read = (after?: string) => (tx: ReadTx) =>
    tx.listFlowConfigs(tenantId, undefined, { limit: PAGE, after });
  let page: readonly FlowConfigRecord[] = await context.store.read(read());
  while (page.length > 0) {
    for (const { configId } of page) yield configScope(configId);
    const last = page[page.length - 1];
    if (last === undefined || page.length < PAGE) return;
    page = await context.store.read(read(flowConfigKey(last)));
  }
}

interface OneScope {
  readonly opener: TenantOpener;
  readonly tenantId: TenantId;
  readonly scope: Scope;
}

async function verifyScope(
  context: ExecutionServerContext,
  one: OneScope,
  found: Verification,
): Promise<void> {
  const { opener, tenantId, scope } = one;
  const { counted, rows, bundle } = await context.store.read(async (tx) => ({
    counted: (await tx.getScope(tenantId, scope)).names,
    rows: await tx.listSealedSecrets(tenantId, scope),
    bundle: await tx.getBundle(tenantId, scope),
  }));
  if (rows.length !== counted)
    addFault(found, { kind: FaultKind.SECRETS_INCOMPLETE, scope: scopeKey(scope) });
  for (const row of rows) {
    if (scope.kind === 'tenant') found.secretCount++;
    else found.overrideCount++;
    if (!(await opens(one, row))) {
      const { name, version } = row;
      addFault(found, {
        kind: FaultKind.SECRET_DOES_NOT_OPEN,
        scope: scopeKey(scope),
        name,
        version: BigInt(version),
      });
    }
  }
  if (bundle === undefined) return;
  found.bundleCount++;
  const plaintext = await opener
    .openBundle(bundle.ciphertext, { tenantId, scope, revision: bundle.revision })
    .catch(refused);
  if (plaintext === undefined) {
    addFault(found, {
      kind: FaultKind.BUNDLE_DOES_NOT_OPEN,
      scope: scopeKey(scope),
      version: BigInt(bundle.revision),
    });
  }
  plaintext?.fill(0);
}

async function opens({ opener, tenantId, scope }: OneScope, row: SealedSecretRecord): Promise<boolean> {
  const value = await openSecretRow(opener, row, { tenantId, scope }).catch(refused);
  value?.wipe();
  return value !== undefined;
}

/** From the newest event back: each event's hash covers the hash of the one before it. */
async function verifyAuditChain(
  context: ExecutionServerContext,
  tenantId: TenantId,
  found: Verification,
): Promise<void> {
  let after: number | undefined;
  for (;;) {
    const page = { limit: PAGE + 1, ...(after !== undefined && { after }) };
    const events = await context.store.read((tx) => tx.listAuditEvents(tenantId, {}, page));
    for (const [index, event] of events.slice(0, PAGE).entries()) {
      found.auditEventCount++;
      const before = events[index + 1] ?? { sequence: 0, hash: AUDIT_CHAIN_START };
      const fits =
        before.sequence === event.sequence - 1 &&
        event.hash === auditHash(before.hash, tenantId, event.sequence, event);
      if (!fits) addFault(found, { kind: FaultKind.AUDIT_CHAIN_BROKEN, version: BigInt(event.sequence) });
    }
    if (events.length <= PAGE) return;
    after = events[PAGE - 1]?.sequence;
  }
}
