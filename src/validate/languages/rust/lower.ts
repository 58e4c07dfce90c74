/** Rust's syntax: blocks have values, and texts name variables. */

import { nameAt, nothingAt, positional, type Rule } from '../common/lowering';
import { args, call } from '../common/rules-calls';
import type { Expr } from '../../ir/program';
import { child } from '../common/syntax';
import { PLAIN_SYNTAX, type SyntaxFacts } from '../common/syntax-facts';

export const SYNTAX: SyntaxFacts = {
  ...PLAIN_SYNTAX,
  nothings: new Set(['None']),
  receiver: 'self',
  textsNameVariables: true,
  blocksHaveValues: true,
  entriesAreTakenApart: true,
  showsFields: (_node, before) => /#\[derive\([^\]]*\bDebug\b[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*$/.test(before),
};

/** `bail!("…")` and `ensure!(ok, "…")` return an error. */
const bails: Rule = (l, node) => {
  const name = /^(?:\w+::)*(bail|ensure)$/.exec(l.textOf(child(node, 'function')))?.[1];
  if (name === undefined) return call(l, node);
  const given = args(l, child(node, 'arguments')).slice(name === 'ensure' ? 1 : 0);
  const at = { start: node.start, end: node.end };
  const text = { kind: 'concat', parts: given.map(({ value }) => value), ...at } as const;
  const error = {
    kind: 'call',
    callee: nameAt(node, 'Err'),
    args: [positional(text)],
    construct: false,
    ...at,
  } as const;
  l.fn.returns.push(l.use(error));
  return { kind: 'nothing', ...at };
};

/** `let key = loop { …; break value; }` */
const endless: Rule = (l, node) => {
  const options: Expr[] = [];
  l.breaks.push(options);
  l.lowerAll(node.children);
  l.breaks.pop();
  return { kind: 'either', options, start: node.start, end: node.end };
};

const breaks: Rule = (l, node) => {
  const [value] = l.lowerAll(node.children.filter((part) => part.type !== 'label'));
  if (value) l.breaks.at(-1)?.push(value);
  return nothingAt(node);
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['call_expression', bails],
  ['loop_expression', endless],
  ['break_expression', breaks],
]);
