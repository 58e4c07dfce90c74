/** JavaScript's words, and how a node of such a name is written. */

import { lowerFirst, snakeCase } from '../common/naming';
import type { SourceNames } from '../common/source-names';
import { wordSet } from '../common/word-set';

/** Reserved in a module, which is strict code (ECMA-262, "Reserved Words"). */
const keywords = wordSet(`
  arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield`);

/** What TypeScript keeps for itself at the top of a CommonJS module, and globals that it lets nobody declare. */
const NO_FUNCTION = wordSet('exports globalThis require undefined');

export const TYPESCRIPT_NAMES: SourceNames = {
  keywords,
  handler(node) {
    const name = lowerFirst(node);
    const refused = keywords.has(name) || NO_FUNCTION.has(name);
    return { file: snakeCase(node), function: refused ? `${name}_` : name };
  },
  refusesFile: () => false,
};
