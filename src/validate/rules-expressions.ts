/** Expressions of all six languages: names, members, calls, texts, literals, conditions. */

import { nameAt, nothingAt, positional, step, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Arg, CallExpr, Expr } from './program';
import { typeName } from './rules-literals';
import { child, childOf, type SyntaxNode } from './syntax';

const name: Rule = (l, node) => {
  const text = l.textOf(node);
  return l.use({ kind: 'name', name: text, start: node.start, end: node.end });
};

const self: Rule = (_, node) => ({ kind: 'this', start: node.start, end: node.end });

const inner: Rule = (l, node) => {
  const lowered = l.lowerAll(node.children);
  return lowered[0] ?? nothingAt(node);
};

/** The last part counts: `<T>x`, `(T) x`. */
const lastInner: Rule = (l, node) => l.lowerAll(node.children).at(-1) ?? nothingAt(node);

/** What a name in a member position says: `Get<string>` is Get. */
function memberName(l: Lowering, node: SyntaxNode | undefined): string {
  if (!node) return '';
  return node.type === 'generic_name' ? l.textOf(node.children[0]) : l.textOf(node);
}

const member: Rule = (l, node) => {
  const object = l.role(
    node,
    'object',
    'operand',
    'value',
    'path',
    'scope',
    'expression',
    'qualifier',
    'package',
  );
  const field = l.role(node, 'attribute', 'field', 'property', 'name');
  const text = memberName(l, field);
  if (!object) {
    return l.textOf(node).startsWith('this')
      ? memberOf(l, node, { kind: 'this', start: node.start, end: node.start }, text)
      : l.use(nameAt(node, text));
  }
  return memberOf(l, node, l.lower(object), text);
};

function memberOf(l: Lowering, at: SyntaxNode, object: Expr, text: string): Expr {
  if (/^\d+$/.test(text)) return step(object, `[${text}]`);
  return l.use({ kind: 'member', object, name: text, start: at.start, end: at.end });
}

/** C# `a?.b`, `a?[b]`. */
const conditionalAccess: Rule = (l, node) => {
  const object = l.in(node, 'condition');
  const binding = childOf(node, 'member_binding_expression');
  if (binding) return memberOf(l, node, object, memberName(l, child(binding, 'name')));
  const rest = node.children.filter((c) => c.field !== 'condition');
  l.lowerAll(rest);
  return { kind: 'other', start: node.start, end: node.end };
};

const methodReference: Rule = (l, node) => {
  const [object, method] = node.children;
  return object ? memberOf(l, node, l.lower(object), l.textOf(method)) : nothingAt(node);
};

const index: Rule = (l, node) => {
  const object = l.role(node, 'value', 'operand', 'object', 'array', 'expression') ?? node.children[0];
  const key = l.role(node, 'subscript', 'index') ?? node.children[1];
  if (!object || !key) return l.other(node);
  const of = l.lower(object);
  if (key.type === 'slice') return l.nothing(key);
  const bracketed = key.type === 'bracketed_argument_list' ? key.children[0]?.children.at(-1) : key;
  const at = bracketed ? l.lower(bracketed) : nothingAt(node);
  if (bracketed && /^\d+$/.test(l.textOf(bracketed))) return step(of, `[${l.textOf(bracketed)}]`);
  return { kind: 'index', object: of, index: at, start: node.start, end: node.end };
};

function argument(l: Lowering, node: SyntaxNode): Arg {
  if (node.type === 'keyword_argument' || (node.type === 'argument' && child(node, 'name'))) {
    const value = child(node, 'value') ?? node.children.at(-1);
    const key = l.textOf(child(node, 'name'));
    return { name: key, value: value ? l.lower(value) : nothingAt(node), spread: false };
  }
  if (/splat|spread|variadic/.test(node.type))
    return { name: undefined, value: inner(l, node), spread: true };
  return positional(node.type === 'argument' ? lastInner(l, node) : l.lower(node));
}

export function args(l: Lowering, node: SyntaxNode | undefined): readonly Arg[] {
  if (!node) return [];
  if (!/^(?:arguments|argument_list)$/.test(node.type)) return [positional(l.lower(node))];
  return node.children.filter((c) => c.type !== 'class_body').map((c) => argument(l, c));
}

function callAt(l: Lowering, node: SyntaxNode, callee: Expr, construct: boolean): Expr {
  const call: CallExpr = {
    kind: 'call',
    callee,
    args: args(l, child(node, 'arguments') ?? childOf(node, 'argument_list', 'arguments')),
    construct,
    start: node.start,
    end: node.end,
  };
  if (l.language === 'csharp') bindOut(l, node, call);
  return l.use(call);
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

const call: Rule = (l, node) => callAt(l, node, l.in(node, 'function'), false);

/** Java: `object.name(…)`, `name(…)`. */
const methodInvocation: Rule = (l, node) => {
  const method = child(node, 'name');
  const object = child(node, 'object');
  const text = l.textOf(method);
  const callee = object ? memberOf(l, node, l.lower(object), text) : l.use(nameAt(method ?? node, text));
  return callAt(l, node, callee, false);
};

/** `new C(…)`, `new C { A = b }`, `new C(…) { methods }`. */
const construct: Rule = (l, node) => {
  const type = l.role(node, 'constructor', 'type');
  const initializer = child(node, 'initializer') ?? childOf(node, 'initializer_expression');
  const isArray = type?.type === 'array_type';
  const callee: Expr =
    type && !isArray ? typeName(l, type) : { kind: 'other', start: node.start, end: node.end };
  const body = childOf(node, 'class_body');
  if (body) l.lower(body);
  if (!initializer) return callAt(l, node, callee, true);
  const record = l.lower(initializer);
  if (isArray || record.kind !== 'record') return record;
  const given = args(l, child(node, 'arguments'));
  return l.use({ ...record, type: type && callee, args: given, start: node.start, end: node.end });
};

/** Python's `"%s_KEY" % name` fills a template, as `format` does. */
function percent(l: Lowering, node: SyntaxNode, left: Expr, right: Expr): Expr {
  const at = { start: node.start, end: node.end };
  const given = right.kind === 'list' ? right.items : [right];
  const callee: Expr = { kind: 'member', object: left, name: 'formatted', ...at };
  return l.use({ kind: 'call', callee, args: given.map(positional), construct: false, ...at });
}

const binary: Rule = (l, node) => {
  const left = child(node, 'left') ?? node.children[0];
  const right = child(node, 'right') ?? node.children.at(-1);
  if (!left || !right || left === right) return l.other(node);
  const operator = l.text.slice(left.end, right.start).replaceAll(/\s|\(|\)/g, '');
  const parts = [l.lower(left), l.lower(right)] as const;
  if (operator === '%' && l.language === 'python') return percent(l, node, parts[0], parts[1]);
  if (operator === '+') {
    return { kind: 'concat', parts, start: node.start, end: node.end };
  }
  if (/^(?:\|\||or|\?\?|&&|and)$/.test(operator)) {
    return { kind: 'either', options: parts, start: node.start, end: node.end };
  }
  return nothingAt(node);
};

/** `&x` and `*x` are x; `!x` and `-x` are no text. */
const unary: Rule = (l, node) => {
  const value = inner(l, node);
  return /^[&*^]/.test(l.text.slice(node.start, node.start + 1)) || node.type === 'postfix_unary_expression'
    ? value
    : nothingAt(node);
};

const conditional: Rule = (l, node) => {
  const lowered = l.lowerAll(node.children);
  const of = (field: string, fallback: number): Expr =>
    lowered[node.children.findIndex((c) => c.field === field)] ?? lowered[fallback] ?? nothingAt(node);
  const options =
    l.language === 'python'
      ? [of('', 0), lowered.at(-1) ?? nothingAt(node)]
      : [of('consequence', 1), of('alternative', 2)];
  return { kind: 'either', options, start: node.start, end: node.end };
};

/** An assignment used as an expression. */
const assignment: Rule = (l, node) => {
  const left = l.role(node, 'left', 'name');
  const right = l.role(node, 'right', 'value');
  if (!left || !right) return l.other(node);
  const value = l.lower(right);
  l.assigning(() => bind(l, left, value));
  return value;
};

/** `x += y` keeps what x was. */
const augmented: Rule = (l, node) => {
  const left = child(node, 'left');
  const right = child(node, 'right');
  if (!left || !right) return l.other(node);
  const parts = [l.lower(left), l.lower(right)];
  l.assigning(() => bind(l, left, { kind: 'concat', parts, start: node.start, end: node.end }));
  return nothingAt(node);
};

const table: readonly (readonly [Rule, string])[] = [
  [
    name,
    'identifier type_identifier package_identifier shorthand_property_identifier crate namespace_identifier',
  ],
  [self, 'self this base'],
  [
    member,
    'attribute selector_expression member_expression field_expression scoped_identifier scoped_type_identifier ' +
      'field_access member_access_expression qualified_name qualified_type nested_identifier nested_type_identifier',
  ],
  [conditionalAccess, 'conditional_access_expression'],
  [methodReference, 'method_reference'],
  [index, 'subscript index_expression subscript_expression array_access element_access_expression'],
  [call, 'call call_expression invocation_expression'],
  [methodInvocation, 'method_invocation'],
  [construct, 'new_expression object_creation_expression implicit_object_creation_expression'],
  [binary, 'binary_operator binary_expression boolean_operator'],
  [unary, 'unary_expression prefix_unary_expression postfix_unary_expression'],
  [conditional, 'conditional_expression ternary_expression'],
  [assignment, 'assignment assignment_expression named_expression'],
  [augmented, 'augmented_assignment augmented_assignment_expression compound_assignment_expr'],
  [
    inner,
    'parenthesized_expression await await_expression try_expression non_null_expression as_expression ' +
      'satisfies_expression reference_expression literal_element generic_function instantiation_expression ' +
      'ref_expression checked_expression unsafe_block async_block else_clause arrow_expression_clause generic_name',
  ],
  [lastInner, 'type_assertion cast_expression array_creation_expression implicit_array_creation_expression'],
  [(l, n) => l.in(n, 'operand'), 'type_assertion_expression'],
  [(l, n) => l.in(n, 'value'), 'type_cast_expression'],
  [(l, n) => l.in(n, 'name'), 'alias_qualified_name'],
  [
    (l, n) => l.nothing(n),
    'integer float int_literal float_literal rune_literal true false none null nil number undefined boolean_literal integer_literal float_literal ' +
      'decimal_integer_literal null_literal not_operator comparison_operator instanceof_expression slice_expression',
  ],
];

export const EXPRESSION_RULES: ReadonlyMap<string, Rule> = new Map(
  table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
);
