/** What a write brings: a value, which is sealed here, or one that its client sealed, which passes as it is. */

import { FORMAT_VERSION, SEAL_ID_BYTES } from '../crypto/format/binding';
import { encapsulatedKeyOf, isSealedLength } from '../crypto/format/sealed-value';
import type { TenantSealer } from '../crypto/seal/sealer';
import { isP256Point } from '../crypto/seal/point';
import type { SealedValue, SecretPlace } from '../crypto/types';
import { crc32c } from '../domain/crc32c';
import { DomainError, invalid, parseAll } from '../domain/errors';
import { MAX_VALUE_BYTES, SecretValue } from '../domain/secret-value';
import type { SealedValue as SealedValueMessage } from '../gen/axiom/secrets/v1/secrets_pb';

export interface SecretContent {
  /** Seals the value for its place, or takes what the client sealed. @throws as TenantSealer. */
  sealedBy(sealer: TenantSealer, place: SecretPlace): Promise<SealedValue>;
}

/** The fields of a write that carry its content; the same in every request. */
export interface ContentFields {
  readonly content:
    | { readonly case: 'value'; readonly value: Uint8Array }
    | { readonly case: 'sealedValue'; readonly value: SealedValueMessage }
    | { readonly case: undefined; readonly value?: undefined };
  readonly valueCrc32c?: number;
}

/** Runs a write, and overwrites its values with zeros whatever comes of it: also where it is refused unread. */
export async function withValuesWiped<T>(
  requests: readonly Pick<ContentFields, 'content'>[],
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } finally {
    for (const { content } of requests) if (content.case === 'value') content.value.fill(0);
  }
}

/** @throws DomainError INVALID_ARGUMENT. Checksums are `checkContent`'s. */
export function parseContent({ content, valueCrc32c }: ContentFields): SecretContent {
  if (content.case === 'sealedValue') {
    if (valueCrc32c !== undefined) {
      throw invalid({
        field: 'value_crc32c',
        description:
          'tells of the value; beside sealed_value leave it out and set sealed_value.ciphertext_crc32c',
      });
    }
    const sealed = parseSealedValue(content.value);
    return { sealedBy: async (sealer) => sealer.accept(sealed) };
  }
  const value = SecretValue.parse(content.value ?? new Uint8Array());
  return { sealedBy: (sealer, place) => sealer.seal(value, place) };
}

/** @throws DomainError DATA_LOSS for a checksum that does not match. */
export function checkContent({ content, valueCrc32c }: ContentFields): void {
  if (content.case === 'sealedValue') {
    const { ciphertext, ciphertextCrc32c } = content.value;
    checkSum(
      ciphertext,
      ciphertextCrc32c,
      'the sealed value that arrived does not match its ciphertext_crc32c',
    );
  } else if (content.case === 'value') {
    checkSum(content.value, valueCrc32c, 'the value that arrived does not match its value_crc32c');
  }
}

function checkSum(bytes: Uint8Array, expected: number | undefined, mismatch: string): void {
  if (expected === undefined || crc32c(bytes) === expected) return;
  throw new DomainError(
    'DATA_LOSS',
    `${mismatch}, and nothing was stored; send it again`,
    'CHECKSUM_MISMATCH',
  );
}

function parseSealedValue({ format, sealId, ciphertext }: SealedValueMessage): SealedValue {
  parseAll({
    format: () => {
      if (format === FORMAT_VERSION) return;
      throw invalid({
        field: 'sealed_value.format',
        description: `is ${format}; this service stores values sealed in format ${FORMAT_VERSION}`,
      });
    },
    sealId: () => {
      if (sealId.byteLength === SEAL_ID_BYTES) return;
      throw invalid({
        field: 'sealed_value.seal_id',
        description: `is ${sealId.byteLength} bytes long; a seal id has ${SEAL_ID_BYTES}`,
      });
    },
    ciphertext: () => {
      if (isSealedLength(ciphertext, MAX_VALUE_BYTES) && isP256Point(encapsulatedKeyOf(ciphertext))) return;
      throw invalid({
        field: 'sealed_value.ciphertext',
        description:
          'cannot be a sealed value of 1 to 65,536 bytes; pad and seal the value as docs/format.md says',
      });
    },
  });
  return { sealId, ciphertext };
}
