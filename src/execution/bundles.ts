/**
 * Bundles: a scope's names and values at one revision, sealed as one message.
 *
 * Derived data: made from what is known already (known-entries.ts) plus the rows that changed since, and made
 * again from all rows whenever nothing is known or it does not open. The plaintext is
 * a serialized ResolveForExecutionResponse with only `secrets` set, so that resolving is
 * one decryption and a concatenation (see the message's comment in the proto).
 */

import { doesNotOpen } from '../crypto/errors';
import type { TenantOpener } from '../crypto/open/opener';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { scopeKey, type Scope } from '../domain/scope';
import type { SecretValue } from '../domain/secret-value';
import { SecretSource, type ResolveForExecutionResponse } from '../gen/axiom/secrets/v1/secrets_pb';
import type { BundlePartsRecord, BundleRecord, StoredSecretRecord } from '../store/records';
import type { ScopeState } from '../store/queries/start';
import { isSecretSigned } from '../store/secret-signature';
import type { Signing } from '../store/signing';
import { headNotSigned, rowNotSigned } from '../store/store-errors';
import type { ReadTx } from '../store/store';
import { sliced } from '../work/pace';
import { entryOf as bundleEntry, serializeSecrets } from './bundle-entries';
import {
  openKnown,
  sealParts,
  type KnownEntries,
  type KnownSource,
  type SecretVersion,
} from './known-entries';

/** Everything that a bundle is made from, read in one snapshot. */
export interface BundleSource extends KnownSource {
  readonly revision: number;
  readonly known: KnownEntries;
  /** The rows of what is not known. */
  readonly rows: ReadonlyMap<string, StoredSecretRecord>;
}

/** A bundle that was made, and what belongs beside it for the next one. */
export interface MadeBundle extends BundleRecord {
  readonly parts: BundlePartsRecord;
}

/** So many rows are read one by one; where more changed, all are read at once. */
const FEW = 32;

/**
 * The revision that is in force: what the scope's signed head says, where nothing in the store is newer or missing.
 * @throws DomainError DATA_LOSS where the head was set back, or rows were added or taken away.
 */
export async function currentRevision(tx: ReadTx, tenantId: TenantId, scope: Scope): Promise<number> {
  const head = await tx.getScope(tenantId, scope);
  const extent = await tx.getExtent(tenantId, scope);
  const newestBundle = await tx.getNewestBundleRevision(tenantId, scope);
  return checkRevision(tenantId, { ...head, scope, extent, newestBundle });
}

/** The same of what was read already. */
export function checkRevision(tenantId: TenantId, state: ScopeState): number {
  const { scope, revision, names, extent, newestBundle } = state;
  // Bundles are sealed by this half alone.
  const newest = Math.max(extent.newest, newestBundle);
  if (extent.names !== names || newest > revision) throw headNotSigned(tenantId, scopeKey(scope));
  return revision;
}

/**
 * Reads what the scope holds, which its signed head shows to be complete and the newest: a row that was lost or taken
 * away would be told to nodes as a name that was never there. Rows' ciphertexts are read where another version is
 * known, or none.
 * @param revision the one in force in this snapshot.
 * @param opened is told of the plaintexts that the answer has, which whoever asks wipes, come what may.
 * @returns undefined when the scope was never written.
 * @throws DomainError DATA_LOSS where rows were lost, forged, taken away or set back.
 */
export async function readBundleSource(
  tx: ReadTx,
  opener: TenantOpener,
  tenantId: TenantId,
  { scope, revision }: { readonly scope: Scope; readonly revision: number },
  opened: KnownEntries[],
): Promise<BundleSource | undefined> {
  if (revision === 0) return undefined;
  const versions = await tx.listVersions(tenantId, scope);
  const previous = await tx.getBundle(tenantId, scope);
  const stored = await tx.listBundleParts(tenantId, scope);
  const known = await openKnown(opener, { tenantId, scope, versions, previous, parts: stored });
  opened.push(known);
  const missing = versions.filter((one) => known.find(one) === undefined);
  const parts = stored.filter(({ part }) => !known.unsound.has(part));
  const rows = new Map<string, StoredSecretRecord>();
  for (const row of await readRows(tx, { tenantId, scope }, missing)) rows.set(row.name, row);
  return { tenantId, scope, revision, versions, previous, parts, known, rows };
}

async function readRows(
  tx: ReadTx,
  { tenantId, scope }: Pick<BundleSource, 'tenantId' | 'scope'>,
  wanted: readonly SecretVersion[],
): Promise<readonly StoredSecretRecord[]> {
  if (wanted.length > FEW) return tx.listSealedSecrets(tenantId, scope);
  const rows: StoredSecretRecord[] = [];
  for (const { name } of wanted) {
    const row = await tx.findSealedSecret(tenantId, scope, name);
    // Its ciphertext is gone.
    if (row === undefined) throw headNotSigned(tenantId, scopeKey(scope));
    rows.push(row);
  }
  return rows;
}

/** Bundles that opened once in this process, by the tenant's opener. */
const opened = new WeakMap<TenantOpener, Set<string>>();

/** So many of a tenant are known not to need opening again. */
const MAX_OPENED = 1_000;

/** Whether this bundle opened in this process before. */
export function isKnownSound(opener: TenantOpener, scope: Scope, revision: number): boolean {
  return opened.get(opener)?.has(`${scopeKey(scope)}/${revision}`) === true;
}

/** Whether the bundle opens; asked once of each in this process. */
export async function isSound(
  opener: TenantOpener,
  tenantId: TenantId,
  scope: Scope,
  { revision, ciphertext }: BundleRecord,
): Promise<boolean> {
  if (isKnownSound(opener, scope, revision)) return true;
  if (!(await opens(opener, tenantId, scope, { revision, ciphertext }))) return false;
  const known = opened.get(opener) ?? new Set();
  if (known.size >= MAX_OPENED) known.clear();
  opened.set(opener, known.add(`${scopeKey(scope)}/${revision}`));
  return true;
}

/** Whether the bundle opens now. */
export async function opens(
  opener: TenantOpener,
  tenantId: TenantId,
  scope: Scope,
  { revision, ciphertext }: BundleRecord,
): Promise<boolean> {
  try {
    (await opener.openBundle(ciphertext, { tenantId, scope, revision })).fill(0);
    return true;
  } catch (error) {
    if (!(error instanceof DomainError) || error.reason !== 'CIPHERTEXT_DOES_NOT_OPEN') throw error;
    return false;
  }
}

/**
 * Makes and seals the bundle, and its parts. Of rows that are not known, the signature is checked; what is known is wiped.
 * @throws DomainError DATA_LOSS naming a row that is not as it was written, FAILED_PRECONDITION one that does not open.
 */
export async function makeBundle(
  opener: TenantOpener,
  signing: Signing,
  source: BundleSource,
): Promise<MadeBundle> {
  const { tenantId, scope, revision, known } = source;
  const own: Uint8Array[] = [];
  let plaintext: Buffer | undefined;
  try {
    const entries: Uint8Array[] = [];
    // A row takes a key agreement, 0.15 ms, and there may be a thousand.
    const pause = sliced();
    for (const one of source.versions) {
      const before = known.find(one);
      if (before !== undefined) {
        entries.push(before);
        continue;
      }
      await pause();
      own.push(await openEntry(opener, signing, source, one.name));
      entries.push(own.at(-1) as Uint8Array);
    }
    plaintext = Buffer.concat(entries);
    const ciphertext = await opener.sealBundle(plaintext, { tenantId, scope, revision });
    return { revision, ciphertext, parts: await sealParts(opener, source, entries) };
  } finally {
    // Values that were replaced or deleted since are in it too.
    known.wipe();
    plaintext?.fill(0);
    for (const entry of own) entry.fill(0);
  }
}

/** One name's entry, from its row. */
async function openEntry(
  opener: TenantOpener,
  signing: Signing,
  { tenantId, scope, rows }: BundleSource,
  name: string,
): Promise<Uint8Array> {
  const row = rows.get(name);
  if (row === undefined) throw new Error('a bundle was to be made without one of its rows');
  const value = await openRow(opener, signing, row, tenantId, scope);
  const source = scope.kind === 'tenant' ? SecretSource.TENANT : SecretSource.CONFIG;
  try {
    return bundleEntry(name, value, row.version, source);
  } finally {
    value.fill(0);
  }
}

/** Seals a message as the bundle of one revision, and wipes every plaintext it passes through. */
export async function sealMessage(
  opener: TenantOpener,
  message: ResolveForExecutionResponse,
  binding: { readonly tenantId: TenantId; readonly scope: Scope; readonly revision: number },
): Promise<Uint8Array> {
  let plaintext: Uint8Array | undefined;
  try {
    plaintext = serializeSecrets(message.secrets);
    return await opener.sealBundle(plaintext, binding);
  } finally {
    plaintext?.fill(0);
    for (const secret of Object.values(message.secrets)) secret.value.fill(0);
  }
}

/** One secret or override keeps every execution that needs it from starting; saved again or deleted, it does not. */
export class UnusableSecretError extends DomainError {
  constructor(
    { code, message, reason }: DomainError,
    readonly scope: Scope,
    readonly secretName: string,
  ) {
    super(code, message, reason);
  }
}

function describe(scope: Scope, name: string): string {
  return scope.kind === 'tenant' ? `secret ${name}` : `override ${name} of flow config ${scope.configId}`;
}

/**
 * Opens a row as it is in the store.
 * @throws as TenantOpener.openSecret, also for a row of format version 1 that could not be taken over.
 */
export async function openSecretRow(
  opener: TenantOpener,
  { name, sealId, ciphertext }: StoredSecretRecord,
  { tenantId, scope }: { readonly tenantId: TenantId; readonly scope: Scope },
): Promise<SecretValue> {
  if (sealId === undefined) throw doesNotOpen();
  return opener.openSecret(ciphertext, { tenantId, scope, name, sealId });
}

async function openRow(
  opener: TenantOpener,
  signing: Signing,
  row: StoredSecretRecord,
  tenantId: TenantId,
  scope: Scope,
): Promise<Uint8Array> {
  const { name } = row;
  if (!isSecretSigned(signing, tenantId, scope, row))
    throw new UnusableSecretError(
      rowNotSigned(describe(scope, name), 'save it again or delete it'),
      scope,
      name,
    );
  try {
    return (await openSecretRow(opener, row, { tenantId, scope })).expose();
  } catch (error) {
    if (!(error instanceof DomainError) || error.reason !== 'CIPHERTEXT_DOES_NOT_OPEN') throw error;
    const failure = new DomainError(
      'FAILED_PRECONDITION',
      `${describe(scope, name)} does not open, so no execution starts; save it again or delete it`,
      'SECRET_DOES_NOT_OPEN',
    );
    throw new UnusableSecretError(failure, scope, name);
  }
}
