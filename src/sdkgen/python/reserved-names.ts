/** Python's words, and how a node or a message of such a name is written. */

import { snakeCase } from '../naming';
import { NONE, words, type ReservedNames } from '../reserved-words';

/** keyword.kwlist. The soft keywords (match, case, type, _) are names like any other. */
export const PYTHON_KEYWORDS = words(`
  False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`);

export const PYTHON_NAMES: ReservedNames = {
  /** PEP 8 puts an underscore behind; the file too, which import statements name. */
  handler(node) {
    const name = snakeCase(node);
    const own = PYTHON_KEYWORDS.has(name) ? `${name}_` : name;
    return { file: own, function: own };
  },
  refusesFile: (stem) => PYTHON_KEYWORDS.has(stem),
  // Protobuf for Python reaches every message, field and value by getattr.
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames: () => [],
};
