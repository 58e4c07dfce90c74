/** What an assignment, a declaration or a loop gives a name to, however it takes the value apart. */

import { growBy, REACHES } from './growth';
import { step, type Lowering } from './lowering';
import { AS, type Expr } from '../../ir/program';
import { child, childOf, type SyntaxNode } from './syntax';

const TUPLES =
  /^(?:tuple_pattern|pattern_list|list_pattern|array_pattern|tuple_expression|tuple|list|expression_list|slice_pattern|positional_pattern_clause|record_pattern_body)$/;
const THROUGH =
  /^(?:parenthesized_expression|negated_pattern|case_pattern|ref_pattern|mut_pattern|reference_pattern|match_pattern|as_pattern_target|argument|var_pattern|parenthesized_variable_designation|list_splat_pattern|rest_pattern|for_in_clause_pattern|expression|remaining_field_pattern)$/;

/** Binds the names of a pattern to `value`, or stores it in the member that the pattern names. */
export function bind(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const { type } = pattern;
  if (
    type === 'identifier' ||
    type === 'shorthand_property_identifier_pattern' ||
    type === 'shorthand_field_identifier'
  ) {
    l.bindName(l.textOf(pattern), value);
    // `name = x` may mean `this.name = x`.
    if (l.isAssigning && l.scope.language.implicitThis) {
      const target: Expr = { kind: 'this', start: pattern.start, end: pattern.start };
      l.fn.stores.push({ target, field: l.textOf(pattern), value });
    }
  } else if (TUPLES.test(type)) {
    bindEach(l, pattern, value);
  } else if (type === 'object_pattern') {
    bindObject(l, pattern, value);
  } else if (THROUGH.test(type)) {
    for (const part of pattern.children) if (part.field !== 'condition') bind(l, part, value);
  } else {
    bindOther(l, pattern, value);
  }
}

function bindOther(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  switch (pattern.type) {
    case 'attribute':
    case 'selector_expression':
    case 'member_expression':
    case 'field_expression':
    case 'field_access':
    case 'member_access_expression':
      storeMember(l, pattern, value);
      return;
    case 'subscript':
    case 'subscript_expression':
    case 'index_expression':
    case 'array_access':
    case 'element_access_expression':
      storeElement(l, pattern, value);
      return;
    case 'unary_expression': // `*cell = value`
      for (const part of pattern.children) bind(l, part, value);
      return;
    case 'call_expression': {
      const target = child(pattern, 'function');
      const of = target?.type === 'field_expression' ? child(target, 'value') : undefined;
      if (of && REACHES.test(l.textOf(target).replace(/^.*\./s, ''))) bind(l, of, value);
      return;
    }
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      bindWithDefault(l, pattern, value);
      return;
    case 'tuple_struct_pattern':
      bindTupleStruct(l, pattern, value);
      return;
    case 'record_pattern':
      for (const part of pattern.children.slice(1)) bind(l, part, narrowed(l, pattern, value));
      return;
    case 'pattern':
    case 'property_pattern_clause':
      for (const part of pattern.children) if (part.type !== 'identifier') bind(l, part, value);
      return;
    case 'record_pattern_component': {
      const name = pattern.children.at(-1);
      if (name) l.bindName(l.textOf(name), value);
      return;
    }
    case 'class_pattern':
      bindClass(l, pattern, value);
      return;
    case 'struct_pattern':
      bindStruct(l, pattern, value);
      return;
    case 'subpattern': {
      const [name, inner] = pattern.children;
      if (name?.type === 'identifier' && inner) bind(l, inner, step(value, `.${l.textOf(name)}`));
      else for (const part of pattern.children) bind(l, part, value);
      return;
    }
    case 'captured_pattern':
      for (const part of pattern.children) bind(l, part, value);
      return;
    case 'declaration_expression':
    case 'declaration_pattern':
    case 'type_pattern':
      bindNamed(l, pattern, value);
      return;
    case 'recursive_pattern':
      for (const part of pattern.children)
        if (/^(?:positional|property)_pattern_clause$/.test(part.type))
          bind(l, part, narrowed(l, pattern, value));
      bindNamed(l, pattern, value);
      return;
    case 'dotted_name': // A name in one of Python's cases; with dots it is a constant.
      if (pattern.children.length === 1) l.bindName(l.textOf(pattern), value);
      return;
    case 'as_pattern': {
      const type = childOf(pattern.children[0] ?? pattern, 'class_pattern')?.children[0];
      const of = type ? step(value, AS + l.textOf(type).replace(/^.*\./, '')) : value;
      for (const [i, part] of pattern.children.entries()) bind(l, part, i === 0 ? value : of);
      return;
    }
    default: // Literals and constants in patterns bind nothing.
  }
}

/** Some(x), Ok(x): the value inside is as good as the value. Other types' parts are at their places. */
function bindTupleStruct(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const type = child(pattern, 'type');
  const parts = pattern.children.filter((part) => part !== type);
  const through = /^(?:Some|Ok|Err)$/.test(l.textOf(type));
  let index = 0;
  let end = type?.end ?? pattern.start;
  for (const part of parts) {
    index += l.text.slice(end, part.start).split(',').length - 1;
    end = part.end;
    bind(
      l,
      part,
      through ? step(value, l.textOf(type) === 'Err' ? 'error' : 'ok') : step(value, `[${index}]`),
    );
  }
}

/** Python's `case Db(host, password=p)`: parts by place, and by name. */
function bindClass(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const [type, ...parts] = pattern.children;
  const name = l.textOf(type).replace(/^.*\./, '');
  const of = step(value, AS + name);
  parts.forEach((part, i) => {
    const [keyword] = part.children;
    if (keyword?.type !== 'keyword_pattern') bind(l, part, step(of, `[${i}]`));
    else
      for (const inner of keyword.children.slice(1))
        bind(l, inner, step(of, `.${l.textOf(keyword.children[0])}`));
  });
}

function bindNamed(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const named = child(pattern, 'name') ?? (l.syntax.patternsAreUnnamed ? pattern.children.at(-1) : undefined);
  if (named) l.bindName(l.textOf(named), narrowed(l, pattern, value));
}

/** A pattern of a class lets that class's objects through. */
export function narrowed(l: Lowering, pattern: SyntaxNode, value: Expr): Expr {
  const type =
    child(pattern, 'type') ??
    child(pattern, 'right') ??
    (l.syntax.patternsAreUnnamed ? pattern.children[0] : undefined);
  const name = l.textOf(type).replace(/<.*$/s, '').replace(/^.*\./, '');
  return type && pattern.children.length > 1 && /^[A-Z]\w*$/.test(name) ? step(value, AS + name) : value;
}

/** Position by position; a hole, as in `[, ok]`, counts. */
function bindEach(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  if (pattern.type === 'expression_list' && pattern.children.length === 1) {
    bind(l, pattern.children[0] as SyntaxNode, value);
    return;
  }
  let index = 0;
  let end = pattern.start;
  pattern.children.forEach((part, i) => {
    if (part.type === 'discard') {
      end = part.end;
      index = i;
      return;
    }
    const commas = l.text.slice(end, part.start).split(',').length - 1;
    index = /^(?:array|tuple)_pattern$/.test(pattern.type) ? index + commas : i;
    end = part.end;
    bind(l, part, step(value, `[${index}]`));
  });
}

function bindObject(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  for (const part of pattern.children) {
    if (part.type === 'shorthand_property_identifier_pattern') {
      l.bindName(l.textOf(part), step(value, `.${l.textOf(part)}`));
    } else if (part.type === 'pair_pattern') {
      const target = child(part, 'value');
      if (target) bind(l, target, step(value, `.${l.textOf(child(part, 'key'))}`));
    } else if (part.type === 'rest_pattern') {
      for (const inner of part.children) bind(l, inner, value);
    } else if (part.type === 'object_assignment_pattern') {
      const left = child(part, 'left');
      if (left) bindWithDefault(l, part, step(value, `.${l.textOf(left)}`));
    }
  }
}

function bindWithDefault(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const left = child(pattern, 'left');
  const fallback = child(pattern, 'right');
  if (!left) return;
  const options = fallback ? [value, l.lower(fallback)] : [value];
  bind(l, left, {
    kind: 'either',
    options,
    fallback: fallback !== undefined,
    start: value.start,
    end: value.end,
  });
}

function bindStruct(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  for (const part of pattern.children) {
    if (part.type !== 'field_pattern') continue;
    const field = l.textOf(child(part, 'name'));
    const target = child(part, 'pattern');
    if (target) bind(l, target, step(value, `.${field}`));
    else l.bindName(field, step(value, `.${field}`));
  }
}

function storeMember(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const object = l.role(pattern, 'object', 'operand', 'value', 'expression');
  const field = l.textOf(l.role(pattern, 'attribute', 'field', 'property', 'name'));
  const target: Expr = object ? l.lower(object) : { kind: 'this', start: pattern.start, end: pattern.start };
  l.fn.stores.push({ target, field, value });
  if (!l.scope.language.entriesAreMembers || target.kind !== 'name') return;
  const key: Expr = { kind: 'str', value: field, start: pattern.start, end: pattern.start };
  l.grow(target.name, { key, value, spread: false });
}

function storeElement(l: Lowering, pattern: SyntaxNode, value: Expr): void {
  const object = l.role(pattern, 'value', 'object', 'operand', 'array', 'expression') ?? pattern.children[0];
  const key = l.role(pattern, 'subscript', 'index') ?? pattern.children[1];
  if (!object) return;
  const given =
    key && l.lower(key.type === 'bracketed_argument_list' ? (key.children[0]?.children.at(-1) ?? key) : key);
  const literal = key && childOf(key, 'string', 'string_literal', 'interpreted_string_literal');
  const target = l.lower(object);
  l.fn.stores.push({ target, field: literal ? l.textOf(literal) : '[]', value });
  growBy(l, target, { key: given, value, spread: false });
}
