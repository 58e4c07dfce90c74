/** Turns stored secrets into messages: everything about them but their values. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { parseAll } from '../domain/errors';
import { etagOf } from '../domain/etag';
import { parseSecretName, type SecretName } from '../domain/ids';
import type { SecretRecord } from '../store/records';
import { checkContent, parseContent, type ContentFields, type SecretContent } from './content';

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

/** Reads the name and the content of a write. @throws DomainError INVALID_ARGUMENT, DATA_LOSS for a checksum that does not match. */
export function parseNamedContent(request: ContentFields & { readonly name: string }): {
  readonly name: SecretName;
  readonly content: SecretContent;
} {
  const parsed = parseAll({
    name: () => parseSecretName(request.name),
    content: () => parseContent(request),
  });
  checkContent(request);
  return parsed;
}
