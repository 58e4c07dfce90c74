/** C#'s syntax: out arguments, indexers, extension methods, partial classes. */

import { switchStatement } from '../common/rules-switch';
import { nothingAt, step, type Rule } from '../common/lowering';
import { bind } from '../common/patterns';
import { call } from '../common/rules-calls';
import { child } from '../common/syntax';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  outArguments: true,
  tuplesNameParts: true,
  indexers: true,
  valuesAreUnnamed: true,
  restIsBare: true,
  extensionMethods: true,
  partialClasses: true,
  enumsAreNumbers: true,
  entriesAreTakenApart: true,
  opensNamespaces: true,
  valuesConvert: true,
  showsFields: (node) => /^record_/.test(node),
};

/** `x is var (a, b)`, which the grammar takes for a call of `x is var`. */
const taken: Rule = (l, node) => {
  const test = child(node, 'function');
  if (test?.type !== 'is_expression') return call(l, node);
  const value = l.in(test, 'left');
  for (const [i, part] of (child(node, 'arguments')?.children ?? []).entries())
    bind(l, part, step(value, `[${i}]`));
  return nothingAt(node);
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['switch_statement', switchStatement],
  ['invocation_expression', taken],
]);
