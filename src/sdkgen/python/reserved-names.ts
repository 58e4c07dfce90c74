/** Protobuf for Python reaches every message, field and value by getattr: none is refused. */

import { NONE, type ReservedNames } from '../reserved-words';

export const PYTHON_RESERVED: ReservedNames = {
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames: () => [],
};
