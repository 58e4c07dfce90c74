/** Java's words: how a node of such a name is written, and which messages protoc cannot make classes of. */

import { lowerFirst, snakeCase } from '../naming';
import { words, type ReservedNames } from '../reserved-words';

/** Keywords and literals (JLS 3.9, 3.10), without the contextual ones, which are names like any other. */
const KEYWORDS = words(`
  abstract assert boolean break byte case catch char class const continue default do double else enum extends false final
  finally float for goto if implements import instanceof int interface long native new null package private protected
  public return short static strictfp super switch synchronized this throw throws transient true try void volatile while`);

/** Words that no class can be called, beside the keywords. */
const CONTEXTUAL_TYPES = words('permits record sealed var yield');

export const JAVA_NAMES: ReservedNames = {
  /** protoc puts an underscore behind getClass, too. */
  handler(node) {
    const name = lowerFirst(node);
    return { file: snakeCase(node), function: KEYWORDS.has(name) ? `${name}_` : name };
  },
  refusedTypes: new Set([...KEYWORDS, '_', ...CONTEXTUAL_TYPES]),
  refusesFile: () => false,
  refusedValues: new Set([...KEYWORDS, '_']),
  madeNames: () => [],
};
