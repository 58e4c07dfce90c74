/** What is put into a list, a dictionary or a text that exists already, in all six languages. */

import { step, type Lowering } from './lowering';
import type { CallExpr, Expr, Growth, RecordExpr } from '../../ir/program';

/** Methods that put something into a list, a dictionary or a text. */
const GROWS =
  /^(?:append|add|push|setProperty|push_back|unshift|insert|Add|Push|Enqueue|Insert|put|putIfAbsent|set|Set|TryAdd|setdefault|Append(?:Line|Format)?|push_str|write(?:_str)?|Write(?:String|Byte|Rune)?|send|Store|store)$/;
const GROWS_BY_ALL = /^(?:extend|update|addAll|putAll|AddRange|extend_from_slice|concat_inplace)$/;
/** Those of them that take a key first. */
const KEYED = /^(?:put|setProperty|putIfAbsent|set|Set|TryAdd|setdefault|insert|Insert|Add|Store|store)$/;

export function noteGrowth(l: Lowering, call: CallExpr): void {
  const { callee, args: given } = call;
  if (callee.kind !== 'member') return;
  const spread = GROWS_BY_ALL.test(callee.name);
  if (!spread && !GROWS.test(callee.name)) return;
  // `text.append(a).append(b)` goes into text.
  const of = l.grownBy.get(callee.object) ?? callee.object;
  l.grownBy.set(call, of);
  const keyed = KEYED.test(callee.name) && given.length === 2;
  const key = keyed ? given[0]?.value : undefined;
  for (const arg of keyed ? given.slice(1) : given)
    growBy(l, of, { key, value: arg.value, spread: spread || arg.spread !== false });
}

export function growBy(l: Lowering, of: Expr, growth: Growth): void {
  if (of.kind === 'name' && l.grow(of.name, growth)) return;
  // `self.names.append(x)`, or `names.add(x)` with `this.` left out: as if the field were given a list of it.
  const target = of.kind === 'member' ? of.object : undefined;
  const field = of.kind === 'member' || of.kind === 'name' ? of.name : '';
  if (field === '' || (of.kind === 'name' && !l.scope.language.implicitThis)) return;
  const at = { start: growth.value.start, end: growth.value.end };
  const item = growth.spread ? step(growth.value, 'each') : growth.value;
  const value: Expr = growth.key
    ? { ...emptyRecord(at), entries: [{ key: growth.key, value: item }] }
    : { kind: 'list', items: [item], exact: false, ...at };
  l.fn.stores.push({ target: target ?? { kind: 'this', ...at }, field, value });
}

export const emptyRecord = (node: { readonly start: number; readonly end: number }): RecordExpr => ({
  kind: 'record',
  type: undefined,
  entries: [],
  spreads: [],
  items: [],
  args: [],
  start: node.start,
  end: node.end,
});
