/** Turns stored secrets into messages: everything about them but their values. */

import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { parseAll } from '../domain/errors';
import { etagOf } from '../domain/etag';
import { parseSecretName, type SecretName } from '../domain/ids';
import type { SecretReceipt } from '../gen/axiom/secrets/v1/secrets_pb';
import type { SecretRecord } from '../store/records';
import { MessageWriter, serializeTime } from '../work/message-writer';
import { checkContent, parseContent, type ContentFields, type SecretContent } from './content';

/** As axiom.secrets.v1.SecretReceipt. */
export function receiptOf(record: SecretRecord) {
  return { paddedBytes: record.paddedBytes, ...secretNameOf(record) };
}

/** The answer to a write, on its wire form: axiom.secrets.v1.AddSecretResponse, and ReplaceSecretResponse. */
export function serializeSecretReceipt({
  receipt,
}: {
  readonly receipt?: SecretReceipt | undefined;
}): Uint8Array {
  const written = new MessageWriter();
  if (receipt === undefined) return written.finish();
  const { createTime, updateTime } = receipt;
  const fields = new MessageWriter().text(1, receipt.name);
  if (createTime !== undefined) fields.message(2, serializeTime(timestampMs(createTime)));
  if (updateTime !== undefined) fields.message(3, serializeTime(timestampMs(updateTime)));
  fields.number(4, Number(receipt.version)).text(5, receipt.etag).number(7, receipt.paddedBytes);
  return written.message(1, fields.finish()).finish();
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
