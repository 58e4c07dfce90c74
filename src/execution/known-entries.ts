/**
 * What is known of a scope's values when its next bundle is made: the bundle before, and the scope's parts.
 *
 * A bundle that no execution pins goes with the write that replaces or deletes a value, since it holds that value. The
 * same values are kept a second time in parts of a few names each, of which such a write drops one: only that part's
 * rows have to be opened one by one. A part, like a bundle, is derived data and may go at any time.
 */

import type { TenantOpener } from '../crypto/open/opener';
import { partCount, partOf, PART_COUNTS } from '../domain/bundle-parts';
import { DomainError } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';
import type { BundlePartRecord, BundlePartsRecord, BundleRecord, SecretRecord } from '../store/records';
import { entriesIn, type BundleEntry } from './bundle-entries';

export type SecretVersion = Pick<SecretRecord, 'name' | 'version'>;

/** What a scope holds, and what there is to know its values from. */
export interface KnownSource {
  readonly tenantId: TenantId;
  readonly scope: Scope;
  /** Every name of the scope, in byte order. */
  readonly versions: readonly SecretVersion[];
  /** The newest bundle: of an earlier revision, or one that is to be made again. */
  readonly previous: BundleRecord | undefined;
  readonly parts: readonly BundlePartRecord[];
}

/** Entries by name and version, as views of plaintexts that are wiped with them. */
export class KnownEntries {
  readonly #plaintexts: Uint8Array[] = [];
  readonly #entries = new Map<string, BundleEntry>();
  /** Parts that do not open. */
  readonly unsound = new Set<number>();

  /** A version never has another value, so of two entries of a name only the version that is asked for counts. */
  find({ name, version }: SecretVersion): Uint8Array | undefined {
    const entry = this.#entries.get(name);
    return entry?.version === version ? entry.bytes : undefined;
  }

  add(plaintext: Uint8Array): void {
    this.#plaintexts.push(plaintext);
    for (const [name, entry] of entriesIn(plaintext) ?? [])
      if (entry.version > (this.#entries.get(name)?.version ?? 0)) this.#entries.set(name, entry);
  }

  wipe(): void {
    for (const plaintext of this.#plaintexts) plaintext.fill(0);
  }
}

/** Opens the bundle before, and of the parts those that have what it does not. What does not open is left out. */
export async function openKnown(opener: TenantOpener, source: KnownSource): Promise<KnownEntries> {
  const { tenantId, scope, versions, previous } = source;
  const known = new KnownEntries();
  try {
    if (previous !== undefined) {
      const binding = { tenantId, scope, revision: previous.revision };
      const plaintext = await opener.openBundle(previous.ciphertext, binding).catch(noneIfItDoesNotOpen);
      if (plaintext !== undefined) known.add(plaintext);
    }
    const parts = new Map(source.parts.map((one) => [one.part, one]));
    const counts = countsOf(source.parts);
    for (const one of versions) {
      if (known.find(one) !== undefined) continue;
      for (const count of counts) {
        const found = parts.get(partOf(one.name, count));
        // It was made before the name had this version.
        if (found === undefined || found.revision < one.version) continue;
        const { part, revision, ciphertext } = found;
        // Opened once, whatever it turns out to hold.
        parts.delete(part);
        const plaintext = await opener
          .openBundlePart(ciphertext, { tenantId, scope, part, revision })
          .catch(noneIfItDoesNotOpen);
        if (plaintext === undefined) known.unsound.add(part);
        else known.add(plaintext);
      }
    }
    return known;
  } catch (error) {
    known.wipe();
    throw error;
  }
}

/** Into how many parts the scope was divided when these were made: one number, unless somebody else wrote them. */
function countsOf(parts: readonly BundlePartRecord[]): readonly number[] {
  return PART_COUNTS.filter((count) => parts.some(({ part }) => part >= count && part < 2 * count));
}

function noneIfItDoesNotOpen(error: unknown): undefined {
  if (error instanceof DomainError && error.reason === 'CIPHERTEXT_DOES_NOT_OPEN') return undefined;
  throw error;
}

/**
 * Seals the parts that are missing, or older than a name in them.
 * @param entries of every name, in the order of the versions.
 */
export async function sealParts(
  opener: TenantOpener,
  { tenantId, scope, revision, versions, parts }: KnownSource & { readonly revision: number },
  entries: readonly Uint8Array[],
): Promise<BundlePartsRecord> {
  const count = partCount(versions.length);
  const made = new Map(parts.map((one) => [one.part, one.revision]));
  const divided = new Map<number, { newest: number; readonly entries: Uint8Array[] }>();
  for (const [index, { name, version }] of versions.entries()) {
    const part = partOf(name, count);
    const one = divided.get(part) ?? { newest: 0, entries: [] };
    divided.set(part, one);
    one.newest = Math.max(one.newest, version);
    one.entries.push(entries[index] as Uint8Array);
  }
  const sealed: BundlePartsRecord['parts'][number][] = [];
  for (const [part, one] of divided) {
    if ((made.get(part) ?? 0) >= one.newest) continue;
    const plaintext = Buffer.concat(one.entries);
    try {
      const binding = { tenantId, scope, part, revision };
      sealed.push({ part, ciphertext: await opener.sealBundlePart(plaintext, binding) });
    } finally {
      plaintext.fill(0);
    }
  }
  return { revision, count, parts: sealed };
}
