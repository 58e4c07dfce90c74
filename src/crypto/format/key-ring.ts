/** Which key of a keyset is for what: the primary makes, the prefix tells which one reads (Tink wire format). */

import { malformedKeyset } from '../errors';
import { uint32 } from './bytes';
import { KEY_ENABLED, parseKeyset, PREFIX_RAW, PREFIX_TINK } from './keyset';
import type { KeysetKey } from './keyset';

/** A key ready for use with the prefix of everything it makes. */
export interface PrefixedKey<K> {
  readonly prefix: Uint8Array;
  readonly key: K;
}

/** The enabled keys of one keyset. */
export interface KeyRing<K> {
  readonly primary: PrefixedKey<K>;
  /** Keys that may have made these bytes: those of its prefix first, then those without one. */
  candidates(bytes: Uint8Array): readonly PrefixedKey<K>[];
}

/**
 * Parses a keyset whose keys are all of one type. Keys that are not enabled are left out.
 * @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET)
 */
export function createKeyRing<K>(
  serialized: Uint8Array,
  typeUrl: string,
  importKey: (value: Uint8Array) => K,
): KeyRing<K> {
  const keyset = parseKeyset(serialized);
  const entries: PrefixedKey<K>[] = [];
  let primary: PrefixedKey<K> | undefined;
  for (const key of keyset.keys.filter((each) => each.status === KEY_ENABLED)) {
    if (key.typeUrl !== typeUrl) {
      throw malformedKeyset();
    }
    const entry = { prefix: outputPrefix(key), key: importKey(key.value) };
    entries.push(entry);
    primary = key.keyId === keyset.primaryKeyId ? entry : primary;
  }
  if (primary === undefined) {
    throw malformedKeyset();
  }
  // Those without a prefix come last.
  entries.sort((a, b) => b.prefix.byteLength - a.prefix.byteLength);
  return {
    primary,
    candidates: (bytes) => entries.filter(({ prefix }) => startsWith(bytes, prefix)),
  };
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  for (let at = 0; at < prefix.byteLength; at++) if (bytes[at] !== prefix[at]) return false;
  return true;
}

function outputPrefix(key: KeysetKey): Uint8Array {
  if (key.prefixType === PREFIX_RAW) {
    return new Uint8Array(0);
  }
  if (key.prefixType !== PREFIX_TINK) {
    throw malformedKeyset();
  }
  return Uint8Array.of(1, ...uint32(key.keyId));
}
