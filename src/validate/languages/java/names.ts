/** Java's words, how a node of such a name is written, and the constants of secrets' names. */

import { lowerFirst, secretConstant, snakeCase } from '../common/naming';
import { constantsOf, type SourceNames } from '../common/source-names';
import { wordSet } from '../common/word-set';

/** Keywords and literals (JLS 3.9, 3.10), without the contextual ones, which are names like any other. */
const keywords = wordSet(`
  _ abstract assert boolean break byte case catch char class const continue default do double else enum extends false final
  finally float for goto if implements import instanceof int interface long native new null package private protected
  public return short static strictfp super switch synchronized this throw throws transient true try void volatile while`);

const free = (name: string): string => (keywords.has(name) ? `${name}_` : name);

export const JAVA_NAMES: SourceNames = {
  keywords,
  /** protoc puts an underscore behind getClass, too. */
  handler: (node) => ({ file: snakeCase(node), function: free(lowerFirst(node)) }),
  refusesFile: () => false,
  constants: (declared) => constantsOf(declared, (name) => free(secretConstant(name)), free),
};
