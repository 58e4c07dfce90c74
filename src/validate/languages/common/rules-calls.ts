/** Calls of all six languages, and what they tell besides: growing lists, constructors that call constructors. */

import { nameAt, nothingAt, positional, step, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Arg, CallExpr, Expr, Growth } from '../../ir/program';
import { emptyRecord } from './rules-literals';
import { memberOf } from './rules-members';
import { child, childOf, type SyntaxNode } from './syntax';

function argument(l: Lowering, node: SyntaxNode): Arg {
  if (node.type === 'keyword_argument' || (node.type === 'argument' && child(node, 'name'))) {
    const value = child(node, 'value') ?? node.children.at(-1);
    const key = l.textOf(child(node, 'name'));
    return { name: key, value: value ? l.lower(value) : nothingAt(node), spread: false };
  }
  if (/splat|spread|variadic/.test(node.type))
    return { name: undefined, value: l.lowerAll(node.children)[0] ?? nothingAt(node), spread: true };
  return positional(
    node.type === 'argument' ? (l.lowerAll(node.children).at(-1) ?? nothingAt(node)) : l.lower(node),
  );
}

export function args(l: Lowering, node: SyntaxNode | undefined): readonly Arg[] {
  if (!node) return [];
  if (!/^(?:arguments|argument_list)$/.test(node.type)) return [positional(l.lower(node))];
  return node.children.filter((c) => c.type !== 'class_body').map((c) => argument(l, c));
}

export function callAt(l: Lowering, node: SyntaxNode, callee: Expr, construct: boolean): Expr {
  const call: CallExpr = {
    kind: 'call',
    callee,
    args: args(l, child(node, 'arguments') ?? childOf(node, 'argument_list', 'arguments')),
    construct,
    start: node.start,
    end: node.end,
  };
  if (l.syntax.outArguments) bindOut(l, node, call);
  noteGrowth(l, call);
  return l.use(call);
}

/** Methods that put something into a list or dictionary. */
const GROWS =
  /^(?:append|add|push|push_back|unshift|insert|Add|Push|Enqueue|Insert|put|putIfAbsent|set|TryAdd|setdefault)$/;
const GROWS_BY_ALL = /^(?:extend|update|addAll|putAll|AddRange|extend_from_slice|concat_inplace)$/;
/** Those of them that take a key first. */
const KEYED = /^(?:put|putIfAbsent|set|TryAdd|setdefault|insert|Insert|Add)$/;

function noteGrowth(l: Lowering, { callee, args: given }: CallExpr): void {
  if (callee.kind !== 'member') return;
  const spread = GROWS_BY_ALL.test(callee.name);
  if (!spread && !GROWS.test(callee.name)) return;
  const keyed = KEYED.test(callee.name) && given.length === 2;
  const key = keyed ? given[0]?.value : undefined;
  for (const arg of keyed ? given.slice(1) : given)
    growBy(l, callee.object, { key, value: arg.value, spread: spread || arg.spread });
}

function growBy(l: Lowering, of: Expr, growth: Growth): void {
  if (of.kind === 'name' && l.grow(of.name, growth)) return;
  // `self.names.append(x)`, or `names.add(x)` with `this.` left out: as if the field were given a list of it.
  const target = of.kind === 'member' ? of.object : undefined;
  const field = of.kind === 'member' || of.kind === 'name' ? of.name : '';
  if (field === '' || (of.kind === 'name' && !l.scope.language.implicitThis)) return;
  const at = { start: growth.value.start, end: growth.value.end };
  const item = growth.spread ? step(growth.value, 'each') : growth.value;
  const value: Expr = growth.key
    ? { ...emptyRecord(at), entries: [{ key: growth.key, value: item }] }
    : { kind: 'list', items: [item], exact: false, ...at };
  l.fn.stores.push({ target: target ?? { kind: 'this', ...at }, field, value });
}

/** C# `map.TryGetValue(key, out var value)`: any of the map's values, or what else the call puts there. */
function bindOut(l: Lowering, node: SyntaxNode, call: CallExpr): void {
  const { callee } = call;
  const [key] = call.args;
  for (const part of childOf(node, 'argument_list')?.children ?? []) {
    const out = childOf(part, 'declaration_expression');
    if (!out) continue;
    const looksUp = callee.kind === 'member' && callee.name === 'TryGetValue' && key;
    const at = { start: call.start, end: call.end };
    bind(
      l,
      out,
      looksUp ? { kind: 'index', object: callee.object, index: key.value, ...at } : { kind: 'other', ...at },
    );
  }
}

export const call: Rule = (l, node) => {
  const made = callAt(l, node, l.in(node, 'function'), false);
  if (made.kind === 'call') noteChained(l, made);
  return made;
};

/** `super(ax)` in TypeScript, `super().__init__(ax)` and `Base.__init__(self, ax)` in Python. */
function noteChained(l: Lowering, made: CallExpr): void {
  const { callee } = made;
  if (callee.kind === 'this') l.fn.chained = { own: false, args: made.args };
  if (callee.kind !== 'member' || callee.name !== '__init__') return;
  l.fn.chained = { own: false, args: callee.object.kind === 'name' ? made.args.slice(1) : made.args };
}

/** Java: `object.name(…)`, `name(…)`. */
export const methodInvocation: Rule = (l, node) => {
  const method = child(node, 'name');
  const object = child(node, 'object');
  const text = l.textOf(method);
  const callee = object ? memberOf(l, node, l.lower(object), text) : l.use(nameAt(method ?? node, text));
  return callAt(l, node, callee, false);
};
