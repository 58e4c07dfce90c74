/** Looks for a field in a message and in all that may be within it. */

import type { DescField, DescMessage } from '@bufbuild/protobuf';

export function someField(
  desc: DescMessage,
  is: (field: DescField) => boolean,
  outside: ReadonlySet<DescMessage> = new Set(),
): boolean {
  if (outside.has(desc)) return false;
  const within = new Set([...outside, desc]);
  return desc.fields.some(
    (field) => is(field) || (field.message !== undefined && someField(field.message, is, within)),
  );
}
