/** C#'s words, how nodes are written, and the constants of secrets' names. */

import { secretConstant, snakeCase } from '../common/naming';
import { constantsOf, type SourceNames } from '../common/source-names';
import { wordSet } from '../common/word-set';

/** Without the contextual ones, which are names like any other. */
const keywords = wordSet(`
  abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else
  enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long
  namespace new null object operator out override params private protected public readonly ref return sbyte sealed short
  sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using
  virtual void volatile while`);

export const CSHARP_NAMES: SourceNames = {
  keywords,
  // Nodes begin with a capital, and no keyword does.
  handler: (node) => ({ file: snakeCase(node), function: node }),
  refusesFile: () => false,
  constants: (declared) =>
    constantsOf(declared, secretConstant, (name) => (keywords.has(name) ? `@${name}` : name)),
};
