/** Texts, lists, dictionaries and struct literals of all six languages. */

import { emptyRecord } from './growth';
import { literalValue, unescape } from './literals';
import { elementBinding } from './rules-members';
import { debugAt, nameAt, nothingAt, step, type Lowering, type Rule } from './lowering';
import type { Expr, RecordExpr } from '../../ir/program';
import { child, childrenIn, type SyntaxNode } from './syntax';

/** The first, or the last, part counts. */
const inner: Rule = (l, node) => l.lowerAll(node.children)[0] ?? nothingAt(node);
const lastInner: Rule = (l, node) => l.lowerAll(node.children).at(-1) ?? nothingAt(node);

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
  if (!l.syntax.textsNameVariables || !/\{[A-Za-z_]\w*(?::[^{}]*)?\}/.test(value))
    return { kind: 'str', value, start, end };
  // `format!("{key}")` names a variable inside the text.
  const parts = value.split(/(\{[A-Za-z_]\w*(?::[^{}]*)?\})/).map((part): Expr => {
    const name = /^\{([A-Za-z_]\w*)/.exec(part)?.[1];
    if (name === undefined) return { kind: 'str', value: part, start, end };
    const of = l.use(nameAt(node, name));
    return part.endsWith('?}') ? debugAt(of) : of;
  });
  return { kind: 'concat', parts, start, end };
};

/** What is inserted into a text, as it prints there. */
const inserted = (l: Lowering, at: SyntaxNode, of: Expr): Expr =>
  l.syntax.debugs?.test(l.textOf(at)) ? debugAt(of) : of;

/** Texts with insertions: f"…", `…${x}`, $"…{x}". */
const template: Rule = (l, node) => {
  const insertions = node.children.filter((c) => /^(?:interpolation|template_substitution)$/.test(c.type));
  if (node.type === 'string' && insertions.length === 0) return literal(l, node); // Plain quotes.
  const parts: Expr[] = [];
  for (const part of node.children) {
    if (insertions.includes(part)) {
      const value = child(part, 'expression') ?? part.children.find((c) => c.type !== 'interpolation_brace');
      parts.push(value ? inserted(l, part, l.lower(value)) : nothingAt(part));
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

const list: Rule = (l, node) => {
  const nodes = node.children.filter((c) => c.type !== 'type');
  if (nodes.length === 1 && node.type === 'expression_list') return l.lower(nodes[0] as SyntaxNode);
  const splat = /^(?:list_splat|spread_element)$/;
  const items = nodes.map((c) => {
    if (splat.test(c.type)) return step(inner(l, c), 'each');
    return c.type === 'argument' ? lastInner(l, c) : l.lower(c);
  });
  const exact = !nodes.some((c) => splat.test(c.type));
  return { kind: 'list', items, exact, start: node.start, end: node.end };
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
      entries.push({ key: l.textOf(part), value: l.use(nameAt(part, l.textOf(part))) });
    } else if (/splat|spread/.test(part.type)) {
      spreads.push(inner(l, part));
    } else {
      const made = l.lower(part);
      if (made.kind === 'lambda') made.fn.isGetter = /^get\s+\w/.test(l.textOf(part));
      if (made.kind === 'lambda') entries.push({ key: made.fn.name, value: made });
    }
  }
  const record = l.use({ ...emptyRecord(node), entries, spreads });
  for (const { value } of entries) if (value.kind === 'lambda') value.fn.thisOf = record;
  return record;
};

/** Go: `T{…}`, `[]T{…}`, `map[K]V{…}`; inner braces may leave the type out. */
const composite: Rule = (l, node) => compositeOf(l, node, child(node, 'body') ?? node, child(node, 'type'));

function compositeOf(l: Lowering, node: SyntaxNode, body: SyntaxNode, type: SyntaxNode | undefined): Expr {
  const isMap = type?.type === 'map_type';
  const isList = /^(?:slice_type|array_type|implicit_length_array_type)$/.test(type?.type ?? '');
  const inside = type && (isList || isMap) ? withoutPointer(l.role(type, 'element', 'value')) : undefined;
  const element = (part: SyntaxNode): Expr => {
    const bare = part.children[0];
    return inside && bare?.type === 'literal_value' ? compositeOf(l, bare, bare, inside) : l.lower(part);
  };
  const entries: { key: string | Expr; value: Expr }[] = [];
  const items: Expr[] = [];
  for (const part of body.children) {
    const key = child(part, 'key');
    const value = child(part, 'value');
    if (part.type !== 'keyed_element' || !key || !value) items.push(element(part));
    else if (!isMap && key.children[0]?.type === 'identifier')
      entries.push({ key: l.textOf(key), value: element(value) });
    else entries.push({ key: l.lower(key), value: element(value) });
  }
  if (isList) {
    return {
      kind: 'list',
      items: [...items, ...entries.map((e) => e.value)],
      exact: true,
      start: node.start,
      end: node.end,
    };
  }
  if (type?.type === 'struct_type' && items.length > 0) {
    const names = fieldNames(l, type);
    const given = items.map((value, i) => ({ key: names[i] ?? '', value }));
    return l.use({ ...emptyRecord(node), entries: given });
  }
  const named = type && !isMap ? typeName(l, type) : undefined;
  if (named) fill(l, entries);
  return l.use({ ...emptyRecord(node), type: named, entries, items });
}

/** The fields of a struct that has no name, in order. */
const fieldNames = (l: Lowering, type: SyntaxNode): string[] =>
  type.children
    .flatMap((list) => list.children)
    .flatMap((part) => childrenIn(part, 'name').map((n) => l.textOf(n)));

const withoutPointer = (type: SyntaxNode | undefined): SyntaxNode | undefined =>
  type?.type === 'pointer_type' ? type.children[0] : type;

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
  fill(l, entries);
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
      const key = left.type === 'identifier' ? l.textOf(left) : indexKey(l, left);
      entries.push({ key, value: l.lower(right) });
    } else if (part.type === 'initializer_expression' && part.children.length === 2 && first && second) {
      entries.push({ key: l.lower(first), value: l.lower(second) });
    } else {
      items.push(l.lower(part));
    }
  }
  if (entries.length === 0) return { kind: 'list', items, exact: true, start: node.start, end: node.end };
  fill(l, entries);
  return l.use({ ...emptyRecord(node), entries, items });
};

/** C#: `new { Key = key, input.Name }`. */
const anonymous: Rule = (l, node) => {
  const entries: { key: string; value: Expr }[] = [];
  let name = '';
  for (const [i, part] of node.children.entries()) {
    const next = node.children[i + 1];
    if (part.type === 'identifier' && next && /^\s*=/.test(l.text.slice(part.end, next.start))) {
      name = l.textOf(part);
      continue;
    }
    entries.push({
      key: name === '' ? (/\w+$/.exec(l.textOf(part))?.[0] ?? '') : name,
      value: l.lower(part),
    });
    name = '';
  }
  return l.use({ ...emptyRecord(node), entries });
};

/** Notes the fields that a literal of a class fills. */
function fill(l: Lowering, entries: RecordExpr['entries']): void {
  for (const { key } of entries) if (typeof key === 'string') l.scope.filled.add(key);
}

/** The key in `["a"] = b`. */
function indexKey(l: Lowering, node: SyntaxNode): Expr {
  const key = node.children[0]?.children.at(-1);
  return key ? l.lower(key) : nothingAt(node);
}

/** C# 12 `["a", "b"]`, which the grammar takes for an element binding. */
const collection: Rule = (l, node) =>
  elementBinding(l, node) ?? {
    kind: 'list',
    items: node.children.map((c) => lastInner(l, c)),
    exact: true,
    start: node.start,
    end: node.end,
  };

const table: readonly (readonly [Rule, string])[] = [
  [literal, 'string_literal interpreted_string_literal raw_string_literal verbatim_string_literal'],
  [template, 'string template_string interpolated_string_expression'],
  [concatenated, 'concatenated_string'],
  [list, 'expression_list tuple list set array array_expression tuple_expression array_initializer'],
  [dictionary, 'dictionary object'],
  [composite, 'composite_literal literal_value'],
  [structLiteral, 'struct_expression'],
  [initializer, 'initializer_expression'],
  [anonymous, 'anonymous_object_creation_expression'],
  [collection, 'element_binding_expression collection_expression'],
];

export const LITERAL_RULES: ReadonlyMap<string, Rule> = new Map(
  table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
);
