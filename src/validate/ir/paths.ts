/** What is written down as a chain of names. */

import type { Expr } from './program';

/** `a.b.c` for a chain of names; empty for anything else. */
export function pathOf(expr: Expr | undefined): string {
  if (!expr) return '';
  if (expr.kind === 'name') return expr.name;
  if (expr.kind === 'this') return 'this';
  if (expr.kind !== 'member') return '';
  const object = pathOf(expr.object);
  return object === '' ? '' : `${object}${expr.scoped ? '::' : '.'}${expr.name}`;
}
