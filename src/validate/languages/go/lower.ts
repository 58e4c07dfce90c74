/** Go's syntax: results have names, parameters share types, a type's methods are anywhere in its folder. */

import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  namesResults: true,
  sharesTypes: true,
  typesPerFolder: true,
};
