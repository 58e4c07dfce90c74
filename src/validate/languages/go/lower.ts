/** Go's syntax: results have names, parameters share types, a type's methods are anywhere in its folder. */

import { growBy } from '../common/growth';
import { nothingAt, step, type Rule } from '../common/lowering';
import { call } from '../common/rules-calls';
import { unary } from '../common/rules-expressions';
import { emptyOf } from '../common/rules-statements';
import { child } from '../common/syntax';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  namesResults: true,
  sharesTypes: true,
  typesPerFolder: true,
  showsFields: () => true,
};

/** `make(map[string]string)`: empty, and there to be filled. */
const made: Rule = (l, node) => {
  const [type] = child(node, 'arguments')?.children ?? [];
  const empty = type && l.textOf(child(node, 'function')) === 'make' ? emptyOf(l, type) : undefined;
  return empty ?? call(l, node);
};

/** `ch <- value` puts it where `<-ch` takes it out. */
const send: Rule = (l, node) => {
  const [channel, value] = [l.in(node, 'channel'), l.in(node, 'value')];
  growBy(l, channel, { key: undefined, value, spread: false });
  return nothingAt(node);
};

const received: Rule = (l, node) =>
  l.text.startsWith('<-', node.start) ? step(l.in(node, 'operand'), 'each') : unary(l, node);

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['call_expression', made],
  ['send_statement', send],
  ['unary_expression', received],
]);
