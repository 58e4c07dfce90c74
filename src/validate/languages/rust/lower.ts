/** Rust's syntax: blocks have values, and texts name variables. */

import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  nothings: new Set(['None']),
  receiver: 'self',
  textsNameVariables: true,
  blocksHaveValues: true,
  entriesAreTakenApart: true,
};
