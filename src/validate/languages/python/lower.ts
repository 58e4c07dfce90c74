/** Python's syntax: names live in functions, methods name their receiver, class bodies bind. */

import { pythonImport } from '../common/rules-imports';
import { nothingAt, type Rule } from '../common/lowering';
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
  showsFields: (_node, before, bases) =>
    /@(?:[\w.]*dataclass|attrs?\.\w+|define|frozen)(?:\((?![^)]*\brepr\s*=\s*False)[^)]*\))?\s*$/.test(
      before,
    ) || bases.some((base) => /^(?:\w+\.)?(?:NamedTuple|BaseModel|BaseSettings|Struct)$/.test(base)),
};

/** `global client`, `nonlocal client`. */
const outer: Rule = (l, node) => {
  for (const name of node.children) l.sayOuter(l.textOf(name));
  return nothingAt(node);
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['import_statement', pythonImport],
  ['global_statement', outer],
  ['nonlocal_statement', outer],
]);
