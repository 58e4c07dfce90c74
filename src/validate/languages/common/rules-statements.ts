/** Statements of all six languages: declarations, loops, branches with a value, returns. */

import { nameAt, nothingAt, step, type Lowering, type Rule } from './lowering';
import { bind, narrowed } from './patterns';
import { emptyRecord } from './growth';
import { typeName } from './rules-literals';
import { ENTERED, OF_OUTCOME, type Expr } from '../../ir/program';
import { child, childrenIn, childOf, type SyntaxNode } from './syntax';

/** One target, one value. */
export const declarator: Rule = (l, node) => {
  const target = l.role(node, 'pattern', 'name', 'left') ?? node.children[0];
  const value =
    l.role(node, 'value', 'right') ?? (l.syntax.valuesAreUnnamed ? lastBut(node, target) : undefined);
  const alternative = child(node, 'alternative');
  if (alternative) l.lower(alternative);
  // What is given a value later on, in a function perhaps, is a variable of this place.
  if (target?.type === 'identifier' && !value && node.type === 'variable_declarator')
    bind(l, target, nothingAt(node));
  if (!target || !value) return nothingAt(node);
  const lowered = l.lower(value);
  bind(l, target, asDeclared(l, node, lowered));
  return lowered;
};

/** What a call answers is at least what its variable is declared to be. */
function asDeclared(l: Lowering, node: SyntaxNode, value: Expr): Expr {
  const written = child(node, 'type');
  const type = (written ? l.textOf(written).replace(/^:\s*/, '') : l.declared).replace(/\?$/, '');
  const call = value.kind === 'steps' ? value.of : value;
  const mayConvert = l.syntax.valuesConvert && /^(?:member|name|concat)$/.test(call.kind);
  return (call.kind === 'call' || mayConvert) && /^[A-Z]\w*$/.test(type)
    ? { kind: 'cast', of: value, type, start: value.start, end: value.end }
    : value;
}

const lastBut = (node: SyntaxNode, other: SyntaxNode | undefined): SyntaxNode | undefined => {
  const last = node.children.at(-1);
  return last === other || last?.type === 'bracketed_argument_list' ? undefined : last;
};

/** How the last of several results is called that tells whether there are others. */
const OUTCOME = /^(?:e|err\w*|\w*Err|ok|found|exists)$/;

/** Go: `a, b := f()`, `a, b = c, d`, `const A, B = "x", "y"`; `v, ok := m[k]` gives v the whole element. */
const goAssignment: Rule = (l, node) => {
  const targets = child(node, 'left')?.children ?? childrenIn(node, 'name');
  const right = l.role(node, 'right', 'value');
  if (!right) return emptyVariable(l, node, targets);
  const values = right.type === 'expression_list' ? right.children : [right];
  const lowered = values.map((v) => l.lower(v));
  const [only] = lowered;
  const bindAll = (): void =>
    targets.forEach((target, i) => {
      if (targets.length === lowered.length) bind(l, target, lowered[i] ?? nothingAt(node));
      else if (!only || targets.length === 1) return;
      else if (values[0]?.type === 'call_expression') {
        const tells = i === targets.length - 1 && OUTCOME.test(l.textOf(target));
        bind(l, target, step(only, tells ? `${OF_OUTCOME}[${i}]` : `[${i}]`));
      } else if (i === 0) bind(l, target, only);
    });
  if (node.type === 'assignment_statement') l.assigning(bindAll);
  else bindAll();
  return nothingAt(node);
};

/** Go: `var b strings.Builder`, `var m map[string]string`: empty, and there to be filled. */
function emptyVariable(l: Lowering, node: SyntaxNode, targets: readonly SyntaxNode[]): Expr {
  const type = child(node, 'type');
  const made = (type && emptyOf(l, type)) ?? nothingAt(node);
  for (const target of targets) bind(l, target, made);
  return nothingAt(node);
}

/** What an empty value of a type is, where something may be put into it. */
export function emptyOf(l: Lowering, type: SyntaxNode): Expr | undefined {
  const at = { start: type.start, end: type.end };
  if (type.type === 'map_type') return l.use(emptyRecord(at));
  if (/^(?:slice_type|channel_type)$/.test(type.type))
    return { kind: 'list', items: [], exact: false, channel: type.type === 'channel_type', ...at };
  if (type.type === 'type_identifier')
    return { kind: 'cast', of: { kind: 'nothing', ...at }, type: l.textOf(type), ...at };
  if (type.type !== 'qualified_type') return undefined;
  return l.use({ kind: 'call', callee: typeName(l, type), args: [], construct: true, ...at });
}

/** Loops that give names to the elements of something. */
const loop: Rule = (l, node) => {
  const target = l.role(node, 'left', 'pattern', 'name');
  const source = l.role(node, 'right', 'value');
  if (target && source) {
    const of = l.lower(source);
    const keys = l.syntax.inGivesKeys && /\bin\s*$/.test(l.text.slice(target.end, source.start));
    // Taken apart, the elements of a dictionary are its keys with their values.
    const apart = l.syntax.entriesAreTakenApart && /^(?:tuple|array)_pattern$/.test(target.type);
    const each = l.syntax.loopsGiveKeys ? 'iter' : keys ? 'keys' : apart ? 'pairs' : 'each';
    bind(l, target, step(of, each));
  }
  l.lowerAll(node.children.filter((c) => c !== target && c !== source));
  return nothingAt(node);
};

/** The statements that loop over something: Python's `for` shares its name with others' counting loops. */
const forStatement: Rule = (l, node) =>
  child(node, 'left') && childOf(node, 'block') ? loop(l, node) : l.nothing(node);

/** Go: `for k, v := range m`. */
const range: Rule = (l, node) => {
  const source = child(node, 'right');
  const of = source ? l.lower(source) : nothingAt(node);
  (child(node, 'left')?.children ?? []).forEach((target, i) =>
    bind(l, target, step(of, i === 0 ? 'keys' : 'each')),
  );
  return nothingAt(node);
};

/** `with open(x) as f`, `except E as e`. */
const asPattern: Rule = (l, node) => {
  const [source] = node.children;
  const alias = child(node, 'alias');
  if (!source) return nothingAt(node);
  const value = l.lower(source);
  if (alias) bind(l, alias, step(value, ENTERED));
  return value;
};

/** `x is string y`, `x instanceof A a`. */
const isPattern: Rule = (l, node) => {
  const value = l.in(node, 'expression', 'left');
  const pattern = child(node, 'pattern');
  const named = child(node, 'name');
  if (pattern) bind(l, pattern, value);
  if (named) bind(l, named, narrowed(l, node, value));
  return nothingAt(node);
};

const returns: Rule = (l, node) => {
  const [value] = l.lowerAll(node.children);
  if (value) l.fn.returns.push(value);
  else if (l.fn.results.length > 0) {
    const items = l.fn.results.map((name) => l.use(nameAt(node, name)));
    l.fn.returns.push({ kind: 'list', items, exact: true, start: node.start, end: node.end });
  }
  return nothingAt(node);
};

const yields: Rule = (l, node) => {
  const [value] = l.lowerAll(node.children);
  if (!value) return nothingAt(node);
  const target = l.syntax.yieldLeavesSwitch ? l.switchYields.at(-1) : l.fn.yields;
  target?.push(value);
  return nothingAt(node);
};

const ITEMS = /_(?:statement|item|declaration|definition)$/;

/** In Rust a block is worth its last expression. */
const block: Rule = (l, node) => {
  const lowered = l.lowerAll(node.children);
  const last = node.children.at(-1);
  const value = lowered.at(-1);
  if (!l.syntax.blocksHaveValues || !last || !value) return nothingAt(node);
  return ITEMS.test(last.type) && last.type !== 'expression_statement' ? nothingAt(node) : value;
};

const expressionStatement: Rule = (l, node) => {
  const [value] = l.lowerAll(node.children);
  return value && !(l.syntax.blocksHaveValues && l.text[node.end - 1] === ';') ? value : nothingAt(node);
};

/** What a condition takes out is in sight behind the `if` too: `if (x is not Token t) return;`. */
const ifStatement: Rule = (l, node) => {
  const before = child(node, 'initializer') ? undefined : child(node, 'condition');
  if (before) l.lower(before);
  l.inBlock(node, () => l.lowerAll(node.children.filter((part) => part !== before)));
  return nothingAt(node);
};

/** Rust's `if` has a value. */
const branch: Rule = (l, node) => {
  const condition = child(node, 'condition');
  if (condition) l.lower(condition);
  const options = l.lowerAll(node.children.filter((c) => c !== condition));
  return { kind: 'either', options, start: node.start, end: node.end };
};

/** Rust's `match`: arms see what the pattern takes out. */
const match: Rule = (l, node) => {
  const value = l.in(node, 'value');
  const options: Expr[] = [];
  for (const arm of child(node, 'body')?.children ?? []) {
    const pattern = child(arm, 'pattern');
    const guard = pattern && child(pattern, 'condition');
    if (guard) l.lower(guard);
    l.inBlock(arm, () => {
      if (pattern) bind(l, pattern, value);
      options.push(l.in(arm, 'value'));
    });
  }
  return { kind: 'either', options, start: node.start, end: node.end };
};

/** Comprehensions and generator expressions: a list whose length is not known. */
const comprehension: Rule = (l, node) => {
  const clauses = node.children.filter((c) => c.field !== 'body');
  l.bindingFrom(node.start, () => l.lowerAll(clauses));
  const body = child(node, 'body');
  const item = body && body.type !== 'pair' ? l.lower(body) : nothingAt(node);
  const key = body?.type === 'pair' ? child(body, 'key') : undefined;
  const value = body?.type === 'pair' ? child(body, 'value') : undefined;
  if (key && value)
    return l.use({ ...emptyRecord(node), entries: [{ key: l.lower(key), value: l.lower(value) }] });
  if (item.kind === 'other') return nothingAt(node);
  return { kind: 'list', items: [item], exact: false, start: node.start, end: node.end };
};

/** Python's `match`: a case sees what its pattern takes out. */
const pythonMatch: Rule = (l, node) => {
  const subject = l.in(node, 'subject');
  for (const part of child(node, 'body')?.children ?? []) {
    l.inBlock(part, () => {
      const patterns = part.children.filter((c) => c.type === 'case_pattern');
      if (patterns.length === 1 && patterns[0]) bind(l, patterns[0], subject);
      l.lowerAll(part.children.filter((c) => c.type !== 'case_pattern'));
    });
  }
  return nothingAt(node);
};

/** Go: `switch v := x.(type) {…}`. */
const typeSwitch: Rule = (l, node) => {
  const value = l.in(node, 'value');
  for (const alias of child(node, 'alias')?.children ?? []) bind(l, alias, value);
  l.lowerAll(node.children.filter((c) => c.field !== 'value' && c.field !== 'alias'));
  return nothingAt(node);
};

/** C#: `from n in names where … select f(n)`. */
const query: Rule = (l, node) => {
  const lowered = node.children.map((part): Expr => {
    const [name, given] = part.children;
    if (part.type === 'let_clause' && name && given) {
      bind(l, name, l.lower(given));
      return nothingAt(part);
    }
    if (part.type !== 'from_clause') return l.lower(part);
    const target = child(part, 'name');
    const source = part.children.at(-1);
    if (target && source && source !== target) bind(l, target, step(l.lower(source), 'each'));
    return nothingAt(part);
  });
  return { kind: 'list', items: lowered.slice(-1), exact: false, start: node.start, end: node.end };
};

/** C# `using (var x = …)`, declarations of several names. */
const declaration: Rule = (l, node) => {
  const type = child(node, 'type');
  l.expecting(l.textOf(type), () =>
    l.lowerAll(node.children.filter((c) => c !== type && c.type !== 'modifier' && c.type !== 'modifiers')),
  );
  return nothingAt(node);
};

const skip: Rule = (_, node) => nothingAt(node);

const table: readonly (readonly [Rule, string])[] = [
  [declarator, 'let_declaration let_condition variable_declarator const_item static_item resource'],
  [goAssignment, 'short_var_declaration assignment_statement receive_statement var_spec const_spec'],
  [loop, 'for_in_clause for_in_statement for_expression enhanced_for_statement foreach_statement'],
  [forStatement, 'for_statement'],
  [range, 'range_clause'],
  [asPattern, 'as_pattern'],
  [isPattern, 'is_pattern_expression instanceof_expression'],
  [returns, 'return_statement return_expression'],
  [yields, 'yield yield_expression yield_statement'],
  [block, 'block statement_block'],
  [expressionStatement, 'expression_statement'],
  [ifStatement, 'if_statement'],
  [branch, 'if_expression'],
  [match, 'match_expression'],
  [comprehension, 'list_comprehension set_comprehension dictionary_comprehension generator_expression'],
  [pythonMatch, 'match_statement'],
  [typeSwitch, 'type_switch_statement'],
  [query, 'query_expression'],
  [(l, n) => l.lowerAll(n.children).at(-1) ?? nothingAt(n), 'select_clause'],
  [
    declaration,
    'variable_declaration local_variable_declaration local_declaration_statement lexical_declaration ' +
      'variable_declaration_statement',
  ],
  [
    skip,
    'modifiers modifier type type_annotation type_arguments type_parameters attribute_item inner_attribute_item ' +
      'attribute_list annotation marker_annotation type_argument_list package_clause package_declaration ' +
      'interface_type function_type',
  ],
];

export const STATEMENT_RULES: ReadonlyMap<string, Rule> = new Map(
  table.flatMap(([rule, types]) => types.split(' ').map((type) => [type, rule] as const)),
);
