/** Tink's encrypted keysets: a keyset sealed by a KEK, with the facts that are not secret beside it. */

import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { keysetDoesNotUnwrap } from '../errors';
import type { Kek } from '../kek/kek';
import { Fields, parseKeyset } from '../format/keyset';

/**
 * Wraps a serialized keyset, and overwrites it with zeros.
 * @returns google.crypto.tink.EncryptedKeyset, which every Tink reads with the same KEK and associated data.
 */
export async function wrapKeyset(
  kek: Kek,
  keyset: Uint8Array,
  associatedData: Uint8Array,
): Promise<Uint8Array> {
  try {
    const info = serializeInfo(keyset);
    const encrypted = await kek.wrap(keyset, associatedData);
    const writer = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(encrypted);
    return writer.tag(3, WireType.LengthDelimited).bytes(info).finish();
  } finally {
    keyset.fill(0);
  }
}

/**
 * @returns the serialized keyset; the caller overwrites it with zeros when it has been parsed.
 * @throws DomainError FAILED_PRECONDITION when the KEK or the associated data is another.
 */
export async function unwrapKeyset(
  kek: Kek,
  wrapped: Uint8Array,
  associatedData: Uint8Array,
): Promise<Uint8Array> {
  const encrypted = new Fields(wrapped).bytes(2);
  if (encrypted.byteLength === 0) {
    throw keysetDoesNotUnwrap();
  }
  return kek.unwrap(encrypted, associatedData);
}

/** google.crypto.tink.KeysetInfo */
function serializeInfo(serialized: Uint8Array): Uint8Array {
  const keyset = parseKeyset(serialized);
  const writer = new BinaryWriter().tag(1, WireType.Varint).uint32(keyset.primaryKeyId);
  for (const key of keyset.keys) {
    const info = writer.tag(2, WireType.LengthDelimited).fork();
    info.tag(1, WireType.LengthDelimited).string(key.typeUrl);
    info.tag(2, WireType.Varint).int32(key.status);
    info.tag(3, WireType.Varint).uint32(key.keyId);
    info.tag(4, WireType.Varint).int32(key.prefixType).join();
  }
  return writer.finish();
}
