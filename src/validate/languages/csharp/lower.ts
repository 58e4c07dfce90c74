/** C#'s syntax: out arguments, indexers, extension methods, partial classes. */

import { switchStatement } from '../common/rules-switch';
import type { Rule } from '../common/lowering';
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
  showsFields: (node) => /^record_/.test(node),
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([['switch_statement', switchStatement]]);
