/** Members of objects and types, in all six languages. */

import { nameAt, nothingAt, step, type Lowering, type Rule } from './lowering';
import type { Expr } from '../../ir/program';
import { sliceOf } from './slices';
import { child, type SyntaxNode } from './syntax';

/** What a name in a member position says: `Get<string>` is Get. */
function memberName(l: Lowering, node: SyntaxNode | undefined): string {
  if (!node) return '';
  return node.type === 'generic_name' ? l.textOf(node.children[0]) : l.textOf(node);
}

export const member: Rule = (l, node) => {
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
  if (node.type === 'scoped_type_identifier' && !object) return scopedType(l, node);
  if (!object) {
    return l.textOf(node).startsWith('this')
      ? memberOf(l, node, { kind: 'this', start: node.start, end: node.start }, text)
      : l.use(nameAt(node, text));
  }
  return memberOf(l, node, l.lower(object), text);
};

/** Java's `Outer.Inner`, whose parts have no roles. */
function scopedType(l: Lowering, node: SyntaxNode): Expr {
  const [outer, ...inner] = node.children;
  if (!outer) return nothingAt(node);
  return inner.reduce((object, part) => memberOf(l, part, object, l.textOf(part)), l.lower(outer));
}

export function memberOf(l: Lowering, at: SyntaxNode, object: Expr, text: string): Expr {
  if (/^\d+$/.test(text)) return step(object, `[${text}]`);
  const scoped = l.text.startsWith('::', object.end);
  return l.use({ kind: 'member', object, name: text, scoped, start: at.start, end: at.end });
}

/** C# `a?.b`, `a?[b]`. */
export const conditionalAccess: Rule = (l, node) => {
  l.conditions.push(l.in(node, 'condition'));
  const made = l.lowerAll(node.children.filter((c) => c.field !== 'condition')).at(-1);
  l.conditions.pop();
  return made ?? nothingAt(node);
};

/** The `.b` of `a?.b`. */
export const memberBinding: Rule = (l, node) => {
  const object = l.conditions.at(-1) ?? nothingAt(node);
  return memberOf(l, node, object, memberName(l, child(node, 'name')));
};

/** The `[b]` of `a?[b]`; anywhere else it is C# 12's `["a", "b"]`. */
export function elementBinding(l: Lowering, node: SyntaxNode): Expr | undefined {
  const object = l.conditions.at(-1);
  const [argument] = node.children;
  const key = argument?.children.at(-1) ?? argument;
  if (!object || !key || l.text[node.start - 1] !== '?') return undefined;
  return key.type === 'range_expression'
    ? sliceOf(l, object, key)
    : { kind: 'index', object, index: l.lower(key), start: node.start, end: node.end };
}
