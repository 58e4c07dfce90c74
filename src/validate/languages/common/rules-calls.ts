/** Calls of all six languages, and what they tell besides: growing lists, constructors that call constructors. */

import { nameAt, nothingAt, positional, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Arg, CallExpr, Expr } from '../../ir/program';
import { noteGrowth } from './growth';
import { memberOf } from './rules-members';
import { child, childOf, type SyntaxNode } from './syntax';

function argument(l: Lowering, node: SyntaxNode): Arg {
  if (node.type === 'keyword_argument' || (node.type === 'argument' && child(node, 'name'))) {
    const value = child(node, 'value') ?? node.children.at(-1);
    const key = l.textOf(child(node, 'name'));
    return { name: key, value: value ? l.lower(value) : nothingAt(node), spread: false };
  }
  if (/splat|spread|variadic/.test(node.type))
    return {
      name: undefined,
      value: l.lowerAll(node.children)[0] ?? nothingAt(node),
      spread: node.type === 'dictionary_splat' ? 'named' : true,
    };
  return positional(
    node.type === 'argument' ? (l.lowerAll(node.children).at(-1) ?? nothingAt(node)) : l.lower(node),
  );
}

export function args(l: Lowering, node: SyntaxNode | undefined): readonly Arg[] {
  if (!node) return [];
  if (node.type === 'template_string') return tagged(l, node);
  if (!/^(?:arguments|argument_list)$/.test(node.type)) return [positional(l.lower(node))];
  const given: Arg[] = [];
  for (const part of node.children) if (part.type !== 'class_body') given.push(argument(l, part));
  return given;
}

/** A template's tag is given the texts, and then each insertion. */
function tagged(l: Lowering, node: SyntaxNode): readonly Arg[] {
  const made = l.lower(node);
  const parts = made.kind === 'concat' ? made.parts : [made];
  const isText = (part: Expr): boolean => part.kind === 'str';
  const { start, end } = node;
  return [
    positional({ kind: 'list', items: parts.filter(isText), exact: false, start, end }),
    ...parts.filter((part) => !isText(part)).map(positional),
  ];
}

export function callAt(
  l: Lowering,
  node: SyntaxNode,
  callee: Expr,
  construct: boolean,
  given = args(l, child(node, 'arguments') ?? childOf(node, 'argument_list', 'arguments')),
): Expr {
  const call: CallExpr = {
    kind: 'call',
    callee,
    args: given,
    construct,
    start: node.start,
    end: node.end,
  };
  if (l.syntax.outArguments) bindOut(l, node, call);
  noteGrowth(l, call);
  noteHanded(l, call);
  return l.use(call);
}

/** A list or dictionary that is handed over may come back filled. */
function noteHanded(l: Lowering, call: CallExpr): void {
  let index = -1;
  for (const { value, name, spread } of call.args) {
    index++;
    const held = value.kind === 'member' && /^(?:Writer|Reader)$/.test(value.name) ? value.object : value;
    if (held.kind !== 'name' || name !== undefined || spread !== false) continue;
    l.hand(held.name, call, index);
  }
}

/** C# `map.TryGetValue(key, out var value)`: any of the map's values; else what the function leaves there. */
function bindOut(l: Lowering, node: SyntaxNode, call: CallExpr): void {
  const { callee } = call;
  const [key] = call.args;
  for (const [index, part] of (childOf(node, 'argument_list')?.children ?? []).entries()) {
    if (!/^(?:out|ref)\b/.test(l.textOf(part))) continue;
    const declared = childOf(part, 'declaration_expression');
    const out = declared ?? childOf(part, 'identifier');
    if (!out) continue;
    const looksUp = callee.kind === 'member' && callee.name === 'TryGetValue' && key;
    const at = { start: call.start, end: call.end };
    const value: Expr = looksUp
      ? { kind: 'index', object: callee.object, index: key.value, ...at }
      : { kind: 'filled', call, index, ...at };
    if (declared) bind(l, out, value);
    else l.assigning(() => bind(l, out, value));
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
