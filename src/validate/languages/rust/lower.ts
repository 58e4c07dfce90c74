/** Rust's syntax: blocks have values, and texts name variables. */

import { debugAt, nameAt, nothingAt, positional, type Lowering, type Rule } from '../common/lowering';
import { bind } from '../common/patterns';
import { args, callAt } from '../common/rules-calls';
import { declarator } from '../common/rules-statements';
import { impl, implemented } from '../common/rules-types';
import type { Arg, Expr } from '../../ir/program';
import { typeThatPrints } from './errors';
import { child, type SyntaxNode } from '../common/syntax';
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

/** The method by which `{:?}` prints an object; the one of `{}` is called `fmt`. */
export const DEBUG = 'fmt for debugging';

/** `impl Debug for T` says how `{:?}` prints, `impl Display for T` how `{}` does. */
const formats: Rule = (l, node) => {
  if (!/\bDebug$/.test(l.textOf(child(node, 'trait')))) return impl(l, node);
  const cls = implemented(l, node);
  const shown = cls.methods.get('fmt');
  cls.methods.delete('fmt');
  impl(l, node);
  const debug = cls.methods.get('fmt');
  if (debug) cls.methods.set(DEBUG, debug);
  cls.methods.delete('fmt');
  if (shown) cls.methods.set('fmt', shown);
  return nothingAt(node);
};

/** What stands for an argument in a template: `{}`, `{name}`, `{:?}`. */
const PLACEHOLDER = /\{\{|\}\}|\{(\w*)(:[^{}]*)?\}/g;

/** A macro's arguments as it prints them: those of `{:?}` and `?x`, and of `dbg!`, for who looks for a fault. */
function printedArgs(l: Lowering, node: SyntaxNode): readonly Arg[] {
  const list = child(node, 'arguments');
  const given = args(l, list);
  const name = child(node, 'function');
  if (!name || l.text[name.end] !== '!') return given;
  const written = list?.children ?? [];
  const template = written.findIndex(({ type }) => /string_literal$/.test(type));
  const places = [...l.textOf(written[template]).matchAll(PLACEHOLDER)].filter(
    ([all, of]) => !/^(?:\{\{|\}\})$/.test(all) && of === '',
  );
  return given.map((arg, i) => {
    const at = written[i]?.start ?? 0;
    const isDebug =
      (l.textOf(name) === 'dbg' && i !== template) ||
      places[i - template - 1]?.[2]?.endsWith('?') === true ||
      /[(,=]\s*\?\s*$/.test(l.text.slice(Math.max(0, at - 8), at));
    return isDebug && i !== template ? { ...arg, value: debugAt(arg.value) } : arg;
  });
}

/** `bail!("…")` and `ensure!(ok, "…")` return an error. */
const bails: Rule = (l, node) => {
  const name = /^(?:\w+::)*(bail|ensure)$/.exec(l.textOf(child(node, 'function')))?.[1];
  if (name === undefined) return callAt(l, node, l.in(node, 'function'), false, printedArgs(l, node));
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

/** `mpsc::channel(8)`, `unbounded_channel::<Job>()`, `crossbeam::bounded(1)`. */
const CHANNEL = /(?:^|::)(?:(?:unbounded_|sync_)?channel|(?:un)?bounded)(?:::<|$)/;

/** `let (tx, rx) = channel()`: what is sent into one end comes out of the other. */
const declared: Rule = (l, node) => {
  const value = child(node, 'value');
  const [into, from] = child(node, 'pattern')?.children ?? [];
  const callee = value?.type === 'call_expression' ? l.textOf(child(value, 'function')) : '';
  if (into?.type !== 'identifier' || !from || !CHANNEL.test(callee)) return declarator(l, node);
  const at = { start: node.start, end: node.end };
  bind(l, into, { kind: 'list', items: [], exact: false, channel: true, ...at });
  bind(l, from, l.use({ ...nameAt(node, l.textOf(into)), start: node.end, end: node.end }));
  return nothingAt(node);
};

/** For nodes that mean something else, or nothing, in other languages. */
export const RULES: ReadonlyMap<string, Rule> = new Map([
  ['call_expression', bails],
  ['let_declaration', declared],
  ['impl_item', formats],
  ['struct_item', typeThatPrints],
  ['enum_item', typeThatPrints],
  ['loop_expression', endless],
  ['break_expression', breaks],
]);
