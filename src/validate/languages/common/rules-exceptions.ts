/** Exceptions of Python, TypeScript, Java and C#: what is thrown, and what a `catch` is given. */

import { nothingAt, type Lowering, type Rule } from './lowering';
import { bind } from './patterns';
import type { Expr, Range } from '../../ir/program';
import { child, childOf, type SyntaxNode } from './syntax';

const CATCHES = /^(?:catch_clause|except_clause|except_group_clause)$/;

const tryStatement: Rule = (l, node) => {
  const body = child(node, 'body') ?? childOf(node, 'block');
  const guarded: Range = { start: node.start, end: body?.end ?? node.start };
  const catches = node.children.filter((part) => CATCHES.test(part.type));
  // What a filter does not let through goes on.
  if (catches.some((part) => !childOf(part, 'catch_filter_clause'))) l.fn.tries.push(guarded);
  for (const part of node.children) {
    if (catches.includes(part)) {
      l.guarded.push(guarded);
      l.inBlock(part, () => catchClause(l, part, guarded));
      l.guarded.pop();
    } else l.lower(part);
  }
  return nothingAt(node);
};

function catchClause(l: Lowering, clause: SyntaxNode, guarded: Range): void {
  for (const part of clause.children) {
    const name = nameOf(part, clause);
    if (name) {
      const types = typesOf(l, part);
      const caught: Expr = { kind: 'caught', body: guarded, types, start: name.start, end: name.end };
      bind(l, name, l.use(caught));
    } else l.lower(part);
  }
}

/** The classes that a clause catches. */
function typesOf(l: Lowering, part: SyntaxNode): readonly Expr[] {
  const [first] = part.children;
  if (part.type === 'as_pattern') return first ? listed(l.lower(first)) : [];
  if (part.type === 'catch_declaration') return [l.in(part, 'type')];
  const type = part.type === 'catch_formal_parameter' ? childOf(part, 'catch_type') : undefined;
  return type ? l.lowerAll(type.children) : [];
}

const listed = (expr: Expr): readonly Expr[] => (expr.kind === 'list' ? expr.items : [expr]);

/** `except E as e`, `catch (e)`, `catch (E e)`: where the name is. */
function nameOf(part: SyntaxNode, clause: SyntaxNode): SyntaxNode | undefined {
  if (part.type === 'as_pattern') return child(part, 'alias') ?? part.children.at(-1);
  if (part.field === 'alias' || part.field === 'parameter') return part;
  if (/^(?:catch_formal_parameter|catch_declaration)$/.test(part.type))
    return child(part, 'name') ?? clause.children.find((c) => c.field === 'name');
  return undefined;
}

const throws: Rule = (l, node) => {
  const given = l.lowerAll(node.children);
  const body = l.guarded.at(-1);
  // What was caught is thrown on.
  if (given.length === 0 && body)
    given.push(l.use({ kind: 'caught', body, types: [], start: node.start, end: node.end }));
  l.fn.throws.push(...given);
  return nothingAt(node);
};

export const EXCEPTION_RULES: ReadonlyMap<string, Rule> = new Map([
  ['try_statement', tryStatement],
  ['try_with_resources_statement', tryStatement],
  ['throw_statement', throws],
  ['throw_expression', throws],
  ['raise_statement', throws],
]);
