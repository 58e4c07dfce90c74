/** Slices: the part of a value that is between two bounds. */

import { step, type Lowering } from './lowering';
import type { Expr } from '../../ir/program';
import type { SyntaxNode } from './syntax';

/** `[:n]`, `[0:n]`, `[..n]`: from the beginning, as far as is said. */
const FROM_START = /^\[?\s*0?\s*(?::|\.\.=?)/;

/** `[url.index("@") + 1:]`: of an address what is behind who asks. */
const BEHIND_AT = /["'`]@["'`]\s*\)\s*\+\s*1\s*\)?\s*(?::|\.\.)\s*\]?$/;

/** Part of a value, between the bounds that stand before and behind a colon or two dots. */
export function sliceOf(l: Lowering, of: Expr, bounds: SyntaxNode): Expr {
  const within = bounds.type === 'slice_expression' ? bounds.children.slice(1) : bounds.children;
  const lowered = l.lowerAll(within);
  const text = l.text.slice(bounds.type === 'slice_expression' ? of.end : bounds.start, bounds.end);
  if (BEHIND_AT.test(text)) return { kind: 'other', start: of.start, end: of.end };
  const end = lowered.at(-1);
  const isFromStart = FROM_START.test(text) && !/^\[?[^:]*:[^:]*:/.test(text);
  const isSaid = end && !/(?::|\.\.)\s*\]?$/.test(text);
  if (!isFromStart || !isSaid) return step(of, 'slice');
  return { kind: 'steps', of, steps: ['slice'], upTo: end, start: of.start, end: of.end };
}
