/** Expressions of all six languages: names, members, calls, texts, literals, conditions. */

import { nameAt, nothingAt, positional, step, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Expr } from '../../ir/program';
import { args, call, callAt, methodInvocation } from './rules-calls';
import { anonymousClass } from './rules-functions';
import { typeName } from './rules-literals';
import { conditionalAccess, member, memberBinding, memberOf } from './rules-members';
import { sliceOf } from './slices';
import { child, childOf, type SyntaxNode } from './syntax';

const name: Rule = (l, node) => {
  const text = l.textOf(node);
  if (l.syntax.nothings.has(text)) return nothingAt(node);
  return l.use({ kind: 'name', name: text, start: node.start, end: node.end });
};

const self: Rule = (_, node) => ({
  kind: 'this',
  above: /^(?:super|base)$/.test(node.type),
  start: node.start,
  end: node.end,
});

/** Numbers are no text; 0 is told apart, as that many characters are none. */
const number: Rule = (l, node) => ({
  ...nothingAt(node),
  number: /^0(?:[_ui]\w*|[lL])?$/.test(l.textOf(node)) ? 'zero' : 'other',
});

/** One character is a text: `prefix + '_' + name`. */
const character: Rule = (l, node) => {
  const text = l.textOf(node);
  return text.length === 3
    ? { kind: 'str', value: text.charAt(1), start: node.start, end: node.end }
    : l.nothing(node);
};

const inner: Rule = (l, node) => {
  const lowered = l.lowerAll(node.children);
  return lowered[0] ?? nothingAt(node);
};

/** The last part counts: `<T>x`, `(T) x`. */
const lastInner: Rule = (l, node) => l.lowerAll(node.children).at(-1) ?? nothingAt(node);

const methodReference: Rule = (l, node) => {
  const [object, method] = node.children;
  // `Key::new` is the class, waiting for its arguments.
  if (object && !method) return typeName(l, object);
  return object ? memberOf(l, node, l.lower(object), l.textOf(method)) : nothingAt(node);
};

const index: Rule = (l, node) => {
  const object = l.role(node, 'value', 'operand', 'object', 'array', 'expression') ?? node.children[0];
  const key = l.role(node, 'subscript', 'index') ?? node.children[1];
  if (!object || !key) return l.other(node);
  const of = l.lower(object);
  if (key.type === 'slice') return sliceOf(l, of, key);
  const bracketed = key.type === 'bracketed_argument_list' ? key.children[0]?.children.at(-1) : key;
  if (bracketed?.type === 'range_expression') return sliceOf(l, of, bracketed);
  const at = bracketed ? l.lower(bracketed) : nothingAt(node);
  const place = /^([-^]?)(\d+)$/.exec(l.textOf(bracketed));
  // `[-1]`, `[^1]`: from the end.
  if (place) return step(of, `[${place[1] ? '-' : ''}${place[2] ?? ''}]`);
  const made: Expr = { kind: 'index', object: of, index: at, start: node.start, end: node.end };
  // A class may say what that calls.
  return l.syntax.indexers ? l.use(made) : made;
};

/** Go: `value[:4]`. */
const slice: Rule = (l, node) => {
  const [of] = node.children;
  return sliceOf(l, of ? l.lower(of) : nothingAt(node), node);
};

/** Rust's `?` lets a value through, and answers with an error. */
const tried: Rule = (l, node) => {
  const value = inner(l, node);
  if (value.kind === 'call') l.fn.returns.push(step(value, 'failed'));
  return step(value, 'ok');
};

/** `new C(…)`, `new C { A = b }`, `new C(…) { methods }`. */
const construct: Rule = (l, node) => {
  const type = l.role(node, 'constructor', 'type');
  const initializer = child(node, 'initializer') ?? childOf(node, 'initializer_expression');
  const isArray = type?.type === 'array_type';
  const expected = node.type === 'implicit_object_creation_expression' ? l.expected : '';
  const body = childOf(node, 'class_body');
  const own = body && type ? l.use(nameAt(node, anonymousClass(l, type, body))) : undefined;
  const callee: Expr =
    own ??
    (type && !isArray
      ? typeName(l, type)
      : expected !== ''
        ? l.use(nameAt(node, expected))
        : { kind: 'other', start: node.start, end: node.end });
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
  const callee: Expr = { kind: 'member', object: left, name: 'formatted', scoped: false, ...at };
  return l.use({ kind: 'call', callee, args: given.map(positional), construct: false, ...at });
}

/** A value seen as another type; that type may be the platform's. */
const cast: Rule = (l, node) => {
  const type = child(node, 'type') ?? (l.syntax.castsNameNoType ? node.children[1] : undefined);
  const value =
    l.role(node, 'operand', 'value', 'left', 'expression') ?? node.children.find((c) => c !== type);
  if (!value) return l.other(node);
  return { kind: 'cast', of: l.lower(value), type: l.textOf(type), start: node.start, end: node.end };
};

const binary: Rule = (l, node) => {
  const left = child(node, 'left') ?? node.children[0];
  const right = child(node, 'right') ?? node.children.at(-1);
  if (!left || !right || left === right) return l.other(node);
  const operator = l.text.slice(left.end, right.start).replaceAll(/\s|\(|\)/g, '');
  const parts = [l.lower(left), l.lower(right)] as const;
  if (operator === '%' && l.syntax.percentFormats) return percent(l, node, parts[0], parts[1]);
  if (operator === '+') {
    return { kind: 'concat', parts, start: node.start, end: node.end };
  }
  // What is true lets the second through; what is not is empty.
  if (/^(?:&&|and)$/.test(operator))
    return { kind: 'either', options: [parts[1]], start: node.start, end: node.end };
  if (/^(?:\|\||or|\?\?)$/.test(operator))
    return { kind: 'either', options: parts, fallback: true, start: node.start, end: node.end };
  return nothingAt(node);
};

/** `&x` and `*x` are x; `!x` and `-x` are not text. */
export const unary: Rule = (l, node) => {
  const value = inner(l, node);
  return /^[&*^]/.test(l.text.slice(node.start, node.start + 1)) || node.type === 'postfix_unary_expression'
    ? value
    : nothingAt(node);
};

const conditional: Rule = (l, node) => {
  const lowered = l.lowerAll(node.children);
  const of = (field: string, fallback: number): Expr =>
    lowered[node.children.findIndex((c) => c.field === field)] ?? lowered[fallback] ?? nothingAt(node);
  const options = l.syntax.conditionIsSecond
    ? [of('', 0), lowered.at(-1) ?? nothingAt(node)]
    : [of('consequence', 1), of('alternative', 2)];
  return { kind: 'either', options, start: node.start, end: node.end };
};

/** An assignment used as an expression. */
export const assignment: Rule = (l, node) => {
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
  const at = { start: node.start, end: node.end };
  // An event is given one more function.
  const subscribes = parts[1]?.kind === 'lambda';
  const fallback = !subscribes && /(?:\?\?|\|\|)=\s*$/.test(l.text.slice(left.end, right.start));
  const made: Expr = subscribes
    ? { kind: 'either', options: parts.slice(1), ...at }
    : fallback
      ? { kind: 'either', options: parts, fallback, ...at }
      : { kind: 'concat', parts, ...at };
  l.assigning(() => bind(l, left, made));
  return fallback ? made : nothingAt(node);
};

const table: readonly (readonly [Rule, string])[] = [
  [
    name,
    'identifier import predefined_type type_identifier package_identifier shorthand_property_identifier crate namespace_identifier',
  ],
  [self, 'self this base super'],
  [
    member,
    'attribute selector_expression member_expression field_expression scoped_identifier scoped_type_identifier ' +
      'field_access member_access_expression qualified_name qualified_type nested_identifier nested_type_identifier',
  ],
  [conditionalAccess, 'conditional_access_expression'],
  [memberBinding, 'member_binding_expression'],
  [methodReference, 'method_reference'],
  [slice, 'slice_expression'],
  [tried, 'try_expression'],
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
    'parenthesized_expression await await_expression non_null_expression ' +
      'satisfies_expression reference_expression literal_element generic_function instantiation_expression ' +
      'ref_expression checked_expression unsafe_block async_block else_clause arrow_expression_clause generic_name',
  ],
  [cast, 'as_expression cast_expression type_assertion_expression'],
  [lastInner, 'type_assertion array_creation_expression implicit_array_creation_expression'],
  [(l, n) => l.in(n, 'value'), 'type_cast_expression'],
  [(l, n) => l.in(n, 'operand'), 'type_conversion_expression'],
  [(l, n) => l.in(n, 'name'), 'alias_qualified_name'],
  [character, 'character_literal char_literal rune_literal'],
  [number, 'integer int_literal number integer_literal decimal_integer_literal iota'],
  [
    (l, n) => l.nothing(n),
    'float float_literal true false none null nil undefined boolean_literal float_literal ' +
      'null_literal not_operator comparison_operator instanceof_expression',
  ],
];

export const EXPRESSION_RULES: ReadonlyMap<string, Rule> = new Map(
  table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
);
