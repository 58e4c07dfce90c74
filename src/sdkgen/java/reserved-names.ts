/** Which messages and values protoc cannot make Java of. */

import { JAVA_NAMES } from '../../validate/languages/java/names';
import type { ReservedNames } from '../reserved-words';

/** Words that no class can be called, beside the keywords. */
const CONTEXTUAL_TYPES = ['permits', 'record', 'sealed', 'var', 'yield'];

export const JAVA_RESERVED: ReservedNames = {
  refusedTypes: new Set([...JAVA_NAMES.keywords, ...CONTEXTUAL_TYPES]),
  refusedValues: JAVA_NAMES.keywords,
  madeNames: () => [],
};
