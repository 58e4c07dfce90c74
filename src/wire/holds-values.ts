/** Which messages hold stored values, by the contract's redaction marks. */

import { ScalarType, type DescMessage } from '@bufbuild/protobuf';

/** Whether some field of it, or of a message within, is bytes that nobody may print. Tokens and keys are text. */
export function holdsValues(desc: DescMessage, seen: ReadonlySet<DescMessage> = new Set()): boolean {
  if (seen.has(desc)) return false;
  const within = new Set([...seen, desc]);
  return desc.fields.some((field) => {
    if (field.proto.options?.debugRedact === true && field.scalar === ScalarType.BYTES) return true;
    return field.message !== undefined && holdsValues(field.message, within);
  });
}
