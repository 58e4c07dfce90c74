/** The words that nothing can be declared by in a TypeScript module. */

import { words } from '../reserved-words';

/** Reserved in a module, which is strict code (ECMA-262, "Reserved Words"). */
export const TYPESCRIPT_KEYWORDS = words(`
  arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof var void while with yield`);
