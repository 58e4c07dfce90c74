/**
 * Reads and writes Tink's binary keysets (google.crypto.tink.Keyset, tink.proto).
 *
 * tink-crypto keeps its message classes to itself and never learnt encrypted keysets, so the
 * few messages that are on disk are spelled here over protobuf-es's wire reader and writer.
 */

import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { malformedKeyset } from '../errors';

/** Key types by their Tink type URL. */
export const TYPE_URL = {
  ecdsaPrivate: 'type.googleapis.com/google.crypto.tink.EcdsaPrivateKey',
  ecdsaPublic: 'type.googleapis.com/google.crypto.tink.EcdsaPublicKey',
  aesGcm: 'type.googleapis.com/google.crypto.tink.AesGcmKey',
  ed25519Private: 'type.googleapis.com/google.crypto.tink.Ed25519PrivateKey',
  hmac: 'type.googleapis.com/google.crypto.tink.HmacKey',
  hpkePrivate: 'type.googleapis.com/google.crypto.tink.HpkePrivateKey',
  hpkePublic: 'type.googleapis.com/google.crypto.tink.HpkePublicKey',
} as const;

/** google.crypto.tink.KeyStatusType */
export const KEY_ENABLED = 1;

/** google.crypto.tink.OutputPrefixType: whether a ciphertext starts with 0x01 and the key's id, or with nothing. */
export const PREFIX_TINK = 1;
export const PREFIX_RAW = 3;

/** google.crypto.tink.Keyset.Key with its KeyData. */
export interface KeysetKey {
  readonly typeUrl: string;
  /** The serialized key message of that type: secret, except for public keys. */
  readonly value: Uint8Array;
  readonly materialType: number;
  readonly status: number;
  readonly keyId: number;
  readonly prefixType: number;
}

export interface Keyset {
  readonly primaryKeyId: number;
  readonly keys: readonly KeysetKey[];
}

/** A message's fields by number, the last of each; enough for the messages read here. */
export class Fields {
  readonly #numbers = new Map<number, number>();
  readonly #bytes = new Map<number, Uint8Array[]>();

  /** @throws DomainError FAILED_PRECONDITION when the bytes are not a protobuf message. */
  constructor(message: Uint8Array) {
    try {
      this.#read(new BinaryReader(message));
    } catch {
      throw malformedKeyset();
    }
  }

  #read(reader: BinaryReader): void {
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (type === WireType.Varint) {
        this.#numbers.set(field, reader.uint32());
      } else if (type === WireType.LengthDelimited) {
        this.#bytes.set(field, [...this.all(field), reader.bytes()]);
      } else {
        reader.skip(type, field);
      }
    }
  }

  number(field: number): number {
    return this.#numbers.get(field) ?? 0;
  }

  all(field: number): readonly Uint8Array[] {
    return this.#bytes.get(field) ?? [];
  }

  bytes(field: number): Uint8Array {
    return this.all(field).at(-1) ?? new Uint8Array(0);
  }

  message(field: number): Fields {
    return new Fields(this.bytes(field));
  }
}

/** @throws DomainError FAILED_PRECONDITION (MALFORMED_KEYSET) when there is no enabled primary key. */
export function parseKeyset(serialized: Uint8Array): Keyset {
  const fields = new Fields(serialized);
  const keyset = { primaryKeyId: fields.number(1), keys: fields.all(2).map(parseKey) };
  if (!keyset.keys.some((key) => key.keyId === keyset.primaryKeyId && key.status === KEY_ENABLED)) {
    throw malformedKeyset();
  }
  return keyset;
}

function parseKey(serialized: Uint8Array): KeysetKey {
  const key = new Fields(serialized);
  const data = key.message(1);
  return {
    typeUrl: new TextDecoder().decode(data.bytes(1)),
    value: data.bytes(2),
    materialType: data.number(3),
    status: key.number(2),
    keyId: key.number(3),
    prefixType: key.number(4),
  };
}

export function serializeKeyset(keyset: Keyset): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.Varint).uint32(keyset.primaryKeyId);
  for (const key of keyset.keys) {
    const message = writer.tag(2, WireType.LengthDelimited).fork();
    message.tag(1, WireType.LengthDelimited).fork();
    message.tag(1, WireType.LengthDelimited).string(key.typeUrl);
    message.tag(2, WireType.LengthDelimited).bytes(key.value);
    message.tag(3, WireType.Varint).int32(key.materialType).join();
    message.tag(2, WireType.Varint).int32(key.status);
    message.tag(3, WireType.Varint).uint32(key.keyId);
    message.tag(4, WireType.Varint).int32(key.prefixType).join();
  }
  return writer.finish();
}
