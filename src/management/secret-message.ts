/** Turns stored secrets into messages: everything about them but their values. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { crc32c } from '../domain/crc32c';
import { DomainError, parseAll } from '../domain/errors';
import { etagOf } from '../domain/etag';
import { parseSecretName, type SecretName } from '../domain/ids';
import { SecretValue } from '../domain/secret-value';
import type { SecretRecord } from '../store/records';

/** As axiom.secrets.v1.SecretReceipt. */
export function receiptOf(record: SecretRecord) {
  return { ...secretNameOf(record), paddedBytes: record.paddedBytes };
}

/** As axiom.secrets.v1.SecretName. */
export function secretNameOf(record: SecretRecord) {
  return {
    name: record.name,
    createTime: timestampFromMs(record.createTime),
    updateTime: timestampFromMs(record.updateTime),
    version: BigInt(record.version),
    etag: etagOf(record.version),
  };
}

/** Reads the name and the value of a write. @throws DomainError INVALID_ARGUMENT, DATA_LOSS for a checksum that does not match. */
export function parseNamedValue(request: {
  readonly name: string;
  readonly value: Uint8Array;
  readonly valueCrc32c?: number;
}): { readonly name: SecretName; readonly value: SecretValue } {
  const parsed = parseAll({
    name: () => parseSecretName(request.name),
    value: () => SecretValue.parse(request.value),
  });
  if (request.valueCrc32c !== undefined && crc32c(request.value) !== request.valueCrc32c) {
    throw new DomainError(
      'DATA_LOSS',
      'the value that arrived does not match its value_crc32c, and nothing was stored; send it again',
      'CHECKSUM_MISMATCH',
    );
  }
  return parsed;
}
