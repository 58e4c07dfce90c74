/** C#'s words, and which messages protoc cannot make classes of. */

import { snakeCase } from '../naming';
import { NONE, words, type ReservedNames } from '../reserved-words';

/** The language's keywords, without the contextual ones, and those of them that no type can be called. */
const REFUSED_TYPES = words(`
  abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else
  enum event explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long
  namespace new null object operator out override params private protected public readonly ref return sbyte sealed short
  sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using
  virtual void volatile while
  file required scoped`);

export const CSHARP_NAMES: ReservedNames = {
  // Nodes begin with a capital, and no keyword does.
  handler: (node) => ({ file: snakeCase(node), function: node }),
  refusedTypes: REFUSED_TYPES,
  // protoc writes values in Pascal case.
  refusesFile: () => false,
  refusedValues: NONE,
  madeNames: () => [],
};
