/** Java's syntax: `yield` is what a switch is worth. */

import { dotted } from '../common/rules-imports';
import type { Rule } from '../common/lowering';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  patternsAreUnnamed: true,
  yieldLeavesSwitch: true,
  showsFields: (node) => node === 'record_declaration',
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([['import_declaration', dotted]]);
