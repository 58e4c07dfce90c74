/** Expressions of all six languages: names, members, calls, texts, literals, conditions. */

import { literalValue, unescape } from './literals';
import { nameAt, nothingAt, positional, step, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Arg, CallExpr, Expr, RecordExpr } from './program';
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
  const object = l.role(node, 'object', 'operand', 'value', 'path', 'scope', 'expression', 'qualifier', 'package');
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
  if (/splat|spread|variadic/.test(node.type)) return { name: undefined, value: inner(l, node), spread: true };
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
  return l.use(call);
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
  const initializer = child(node, 'initializer');
  const isArray = type?.type === 'array_type';
  const callee: Expr = type && !isArray ? typeName(l, type) : { kind: 'other', start: node.start, end: node.end };
  const body = childOf(node, 'class_body');
  if (body) l.lower(body);
  if (!initializer) return callAt(l, node, callee, true);
  const record = l.lower(initializer);
  if (isArray || record.kind !== 'record') return record;
  const given = args(l, child(node, 'arguments'));
  return l.use({ ...record, type: callee, args: given, start: node.start, end: node.end });
};

/** A type as an expression: `gen.Reply<T>` is the member Reply of gen. */
export function typeName(l: Lowering, node: SyntaxNode): Expr {
  if (node.type === 'generic_type' || node.type === 'generic_name') {
    const [base] = node.children;
    return base ? typeName(l, base) : nothingAt(node);
  }
  return l.lower(node);
}

const literal: Rule = (l, node) => {
  const value = literalValue(l.textOf(node));
  const { start, end } = node;
  if (l.language !== 'rust' || !/\{[a-z_]\w*(?::[^{}]*)?\}/.test(value)) return { kind: 'str', value, start, end };
  // `format!("{key}")` names a variable inside the text.
  const parts = value.split(/(\{[a-z_]\w*(?::[^{}]*)?\})/).map((part): Expr => {
    const name = /^\{([a-z_]\w*)/.exec(part)?.[1];
    return name === undefined ? { kind: 'str', value: part, start, end } : l.use(nameAt(node, name));
  });
  return { kind: 'concat', parts, start, end };
};

/** Texts with insertions: f"…", `…${x}`, $"…{x}". */
const template: Rule = (l, node) => {
  const insertions = node.children.filter((c) => /^(?:interpolation|template_substitution)$/.test(c.type));
  if (node.type === 'string' && insertions.length === 0) return literal(l, node); // Plain quotes.
  const parts: Expr[] = [];
  for (const part of node.children) {
    if (insertions.includes(part)) {
      const value = child(part, 'expression') ?? part.children.find((c) => c.type !== 'interpolation_brace');
      parts.push(value ? l.lower(value) : nothingAt(part));
    } else if (/^(?:string_content|string_fragment|escape_sequence)$/.test(part.type)) {
      parts.push({ kind: 'str', value: unescape(l.textOf(part)), start: part.start, end: part.end });
    }
  }
  if (parts.length === 0) return { kind: 'str', value: '', start: node.start, end: node.end };
  return { kind: 'concat', parts, start: node.start, end: node.end };
};

const concatenated: Rule = (l, node) => ({
  kind: 'concat',
  parts: l.lowerAll(node.children),
  start: node.start,
  end: node.end,
});

const binary: Rule = (l, node) => {
  const left = child(node, 'left') ?? node.children[0];
  const right = child(node, 'right') ?? node.children.at(-1);
  if (!left || !right || left === right) return l.other(node);
  const operator = l.text.slice(left.end, right.start).replaceAll(/\s|\(|\)/g, '');
  const parts = [l.lower(left), l.lower(right)];
  if (operator === '+' || (operator === '%' && l.language === 'python')) {
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
    l.language === 'python' ? [of('', 0), lowered.at(-1) ?? nothingAt(node)] : [of('consequence', 1), of('alternative', 2)];
  return { kind: 'either', options, start: node.start, end: node.end };
};

const list: Rule = (l, node) => {
  const nodes = node.children.filter((c) => c.type !== 'type');
  if (nodes.length === 1 && node.type === 'expression_list') return l.lower(nodes[0] as SyntaxNode);
  const items = nodes.map((c) => (c.type === 'argument' ? lastInner(l, c) : l.lower(c)));
  return { kind: 'list', items, start: node.start, end: node.end };
};

/** `{k: v, …}` in Python and TypeScript. */
const dictionary: Rule = (l, node) => {
  const entries: { key: string | Expr; value: Expr }[] = [];
  const spreads: Expr[] = [];
  for (const part of node.children) {
    const key = child(part, 'key');
    const value = child(part, 'value');
    if (part.type === 'pair' && key && value) {
      const computed = key.type === 'computed_property_name';
      const plain = key.type === 'property_identifier';
      const of: string | Expr = plain ? l.textOf(key) : computed ? inner(l, key) : l.lower(key);
      entries.push({ key: of, value: l.lower(value) });
    } else if (part.type === 'shorthand_property_identifier') {
      entries.push({ key: l.textOf(part), value: name(l, part) });
    } else if (/splat|spread/.test(part.type)) {
      spreads.push(inner(l, part));
    } else {
      const made = l.lower(part);
      if (made.kind === 'lambda') entries.push({ key: made.fn.name, value: made });
    }
  }
  return l.use({ ...emptyRecord(node), entries, spreads });
};

export const emptyRecord = (node: SyntaxNode): RecordExpr => ({
  kind: 'record',
  type: undefined,
  entries: [],
  spreads: [],
  items: [],
  args: [],
  start: node.start,
  end: node.end,
});

/** Go: `T{…}`, `[]T{…}`, `map[K]V{…}`; inner braces may leave the type out. */
const composite: Rule = (l, node) => {
  const type = child(node, 'type');
  const body = child(node, 'body') ?? node;
  const isMap = type?.type === 'map_type';
  const entries: { key: string | Expr; value: Expr }[] = [];
  const items: Expr[] = [];
  for (const part of body.children) {
    const key = child(part, 'key');
    const value = child(part, 'value');
    if (part.type !== 'keyed_element' || !key || !value) items.push(l.lower(part));
    else if (!isMap && key.children[0]?.type === 'identifier') entries.push({ key: l.textOf(key), value: l.lower(value) });
    else entries.push({ key: l.lower(key), value: l.lower(value) });
  }
  if (/^(?:slice_type|array_type|implicit_length_array_type)$/.test(type?.type ?? '')) {
    return { kind: 'list', items: [...items, ...entries.map((e) => e.value)], start: node.start, end: node.end };
  }
  const named = type && !isMap ? typeName(l, type) : undefined;
  return l.use({ ...emptyRecord(node), type: named, entries, items });
};

/** Rust: `T { a, b: c, ..d }`. */
const structLiteral: Rule = (l, node) => {
  const type = child(node, 'name');
  const entries: { key: string; value: Expr }[] = [];
  const spreads: Expr[] = [];
  for (const part of child(node, 'body')?.children ?? []) {
    if (part.type === 'shorthand_field_initializer') {
      entries.push({ key: l.textOf(part), value: inner(l, part) });
    } else if (part.type === 'field_initializer') {
      entries.push({ key: l.textOf(child(part, 'field')), value: l.in(part, 'value') });
    } else {
      spreads.push(inner(l, part));
    }
  }
  return l.use({ ...emptyRecord(node), type: type && l.lower(type), entries, spreads });
};

/** C#: `{ a, b }`, `{ A = b }`, `{ ["a"] = b }`, `{ {"a", b} }`. */
const initializer: Rule = (l, node) => {
  const entries: { key: string | Expr; value: Expr }[] = [];
  const items: Expr[] = [];
  for (const part of node.children) {
    const left = child(part, 'left');
    const right = child(part, 'right');
    const [first, second] = part.children;
    if (part.type === 'assignment_expression' && left && right) {
      const key = left.type === 'identifier' ? l.textOf(left) : lastInner(l, left);
      entries.push({ key, value: l.lower(right) });
    } else if (part.type === 'initializer_expression' && part.children.length === 2 && first && second) {
      entries.push({ key: l.lower(first), value: l.lower(second) });
    } else {
      items.push(l.lower(part));
    }
  }
  if (entries.length === 0) return { kind: 'list', items, start: node.start, end: node.end };
  return l.use({ ...emptyRecord(node), entries, items });
};

/** C# 12 `["a", "b"]`, which the grammar takes for an element binding. */
const collection: Rule = (l, node) => ({
  kind: 'list',
  items: node.children.map((c) => lastInner(l, c)),
  start: node.start,
  end: node.end,
});

/** An assignment used as an expression. */
const assignment: Rule = (l, node) => {
  const left = l.role(node, 'left', 'name');
  const right = l.role(node, 'right', 'value');
  if (!left || !right) return l.other(node);
  const value = l.lower(right);
  bind(l, left, value);
  return value;
};

/** `x += y` keeps what x was. */
const augmented: Rule = (l, node) => {
  const left = child(node, 'left');
  const right = child(node, 'right');
  if (!left || !right) return l.other(node);
  const parts = [l.lower(left), l.lower(right)];
  bind(l, left, { kind: 'concat', parts, start: node.start, end: node.end });
  return nothingAt(node);
};

const table: readonly (readonly [Rule, string])[] = [
  [name, 'identifier type_identifier package_identifier shorthand_property_identifier crate namespace_identifier'],
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
  [literal, 'string_literal interpreted_string_literal raw_string_literal verbatim_string_literal'],
  [template, 'string template_string interpolated_string_expression'],
  [concatenated, 'concatenated_string'],
  [binary, 'binary_operator binary_expression boolean_operator'],
  [unary, 'unary_expression prefix_unary_expression postfix_unary_expression'],
  [conditional, 'conditional_expression ternary_expression'],
  [list, 'expression_list tuple list set array array_expression tuple_expression array_initializer'],
  [dictionary, 'dictionary object'],
  [composite, 'composite_literal literal_value'],
  [structLiteral, 'struct_expression'],
  [initializer, 'initializer_expression'],
  [collection, 'element_binding_expression collection_expression'],
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
  [
    (l, n) => l.nothing(n),
    'integer float true false none null nil number undefined boolean_literal integer_literal float_literal ' +
      'decimal_integer_literal null_literal not_operator comparison_operator instanceof_expression slice_expression',
  ],
];

export const EXPRESSION_RULES: ReadonlyMap<string, Rule> = new Map(
  table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
);
