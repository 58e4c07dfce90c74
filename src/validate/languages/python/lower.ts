/** Python's syntax: names live in functions, methods name their receiver, class bodies bind. */

import { pythonImport } from '../common/rules-imports';
import type { Rule } from '../common/lowering';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  indexers: true,
  percentFormats: true,
  conditionIsSecond: true,
  receiver: 'first',
  classBodiesBind: true,
  blocksHaveNames: false,
  loopsGiveKeys: true,
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([['import_statement', pythonImport]]);
