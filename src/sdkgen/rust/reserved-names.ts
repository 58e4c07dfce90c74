/** prost writes types and values in camel case, fields as raw identifiers or with an underscore behind: none is refused. */

import { NONE, type ReservedNames } from '../reserved-words';

export const RUST_RESERVED: ReservedNames = {
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames: () => [],
};
