/** How many bytes a method's request may have, by what the contract has in it: nobody sends more than a handler would take. */

import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { someField } from '../wire/some-field';

/** Names, ids, a token: of each the handlers take less than 5 KiB, and of a checkpoint's note 16. */
const TEXT_BYTES = 64 * 1024;
/** A package's manifest (256 KiB), or a value (64 KiB) and what it is sealed in. */
const CONTENT_BYTES = 1024 * 1024;
/** A report of reads of 1,000 executions, or all values of a scope (1 MiB) and what they are sealed in. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

export function maxRequestBytes(request: DescMessage): number {
  if (request.fields.some(isListOfMessages)) return MAX_REQUEST_BYTES;
  return someField(request, ({ scalar }) => scalar === ScalarType.BYTES) ? CONTENT_BYTES : TEXT_BYTES;
}

export function isListOfMessages(field: DescField): boolean {
  return field.fieldKind === 'list' && field.listKind === 'message';
}
