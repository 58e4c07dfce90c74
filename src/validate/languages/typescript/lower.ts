/** TypeScript's syntax: constructors declare fields, `get` makes one of a method. */

import { commonAssignment, commonFunction } from './commonjs';
import { typescriptImport } from '../common/rules-imports';
import type { Rule } from '../common/lowering';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  castsNameNoType: true,
  parametersAreFields: true,
  getWord: true,
  inGivesKeys: true,
  entriesAreTakenApart: true,
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['import_statement', typescriptImport],
  ['assignment_expression', commonAssignment],
  ['function_declaration', commonFunction],
]);
