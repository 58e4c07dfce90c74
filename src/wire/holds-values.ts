/** Which messages hold stored values, by the contract's redaction marks. */

import { ScalarType, type DescMessage } from '@bufbuild/protobuf';
import { someField } from './some-field';

/** Whether some field of it, or of a message within, is bytes that nobody may print. Tokens and keys are text. */
export function holdsValues(desc: DescMessage): boolean {
  return someField(
    desc,
    ({ proto, scalar }) => proto.options?.debugRedact === true && scalar === ScalarType.BYTES,
  );
}
