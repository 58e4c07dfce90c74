/** Which messages protoc cannot make C# classes of. */

import { CSHARP_NAMES } from '../../validate/languages/csharp/names';
import { NONE, type ReservedNames } from '../reserved-words';

/** Contextual keywords that no type can be called. */
const CONTEXTUAL_TYPES = ['file', 'required', 'scoped'];

export const CSHARP_RESERVED: ReservedNames = {
  refusedTypes: new Set([...CSHARP_NAMES.keywords, ...CONTEXTUAL_TYPES]),
  // protoc writes values in Pascal case.
  refusedValues: NONE,
  madeNames: () => [],
};
