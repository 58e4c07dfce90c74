/** Python's words, and how a node of such a name is written. */

import { snakeCase } from '../common/naming';
import type { SourceNames } from '../common/source-names';
import { wordSet } from '../common/word-set';

/** keyword.kwlist. The soft keywords (match, case, type, _) are names like any other. */
const keywords = wordSet(`
  False None True and as assert async await break class continue def del elif else except finally for from global if
  import in is lambda nonlocal not or pass raise return try while with yield`);

export const PYTHON_NAMES: SourceNames = {
  keywords,
  /** PEP 8 puts an underscore behind; the file too, which import statements name. */
  handler(node) {
    const name = snakeCase(node);
    const own = keywords.has(name) ? `${name}_` : name;
    return { file: own, function: own };
  },
  refusesFile: (stem) => keywords.has(stem),
};
