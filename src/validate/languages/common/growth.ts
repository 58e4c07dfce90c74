/** What is put into a list, a dictionary or a text that exists already, in all six languages. */

import { step, type Lowering } from './lowering';
import { pathOf } from '../../ir/paths';
import type { CallExpr, Expr, Growth, RecordExpr } from '../../ir/program';

/** Methods that put something into a list, a dictionary or a text. */
const GROWS =
  /^(?:append|add|push|setProperty|push_back|unshift|insert|Add|Push|Enqueue|Insert|put|putIfAbsent|set|Set|TryAdd|setdefault|Append(?:Line|Format)?|push_str|put_nowait|offer|addFirst|addLast|push_front|appendleft|WriteAsync|TryWrite|try_send|write(?:_str)?|Write(?:String|Byte|Rune)?|send|Store|store)$/;
const GROWS_BY_ALL = /^(?:extend|update|addAll|putAll|AddRange|extend_from_slice|concat_inplace)$/;
/** Those of them that take a key first. */
const KEYED = /^(?:put|setProperty|putIfAbsent|set|Set|TryAdd|setdefault|insert|Insert|Add|Store|store)$/;

export function noteGrowth(l: Lowering, call: CallExpr): void {
  const { callee, args: given } = call;
  const [into, ...written] = given;
  if (into && l.scope.language.library.writesInto.test(pathOf(callee)))
    for (const { value } of written) growBy(l, into.value, { key: undefined, value, spread: false });
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

/** Ways into what holds a value: a lock, a cell, an entry that is made where there is none. */
export const REACHES =
  /^(?:lock|read|write|borrow|borrow_mut|get_mut|as_mut|unwrap|expect|deref_mut|blocking_lock|blocking_write|or_default|or_insert\w*)$/;
/** Methods that answer with the entry of a key, and make it where there is none. */
const ENTRY = /^(?:computeIfAbsent|setdefault|entry|get_or_insert_with|GetOrAdd)$/;

/** Where something is put that is put into `of`: `table[k].append(x)` and `table.entry(k).or_default().push(x)` fill table. */
function holderOf(of: Expr, growth: Growth): { readonly of: Expr; readonly growth: Growth } {
  if (of.kind === 'index') return { of: of.object, growth: entryWith(of.index, growth) };
  // The two ends of a channel.
  if (of.kind === 'member' && /^(?:Writer|Reader)$/.test(of.name) && of.object.kind === 'name')
    return { of: of.object, growth };
  if (of.kind !== 'call' || of.callee.kind !== 'member') return { of, growth };
  const { object, name } = of.callee;
  if (REACHES.test(name)) return holderOf(object, growth);
  if (ENTRY.test(name)) return { of: object, growth: entryWith(of.args[0]?.value, growth) };
  return { of, growth };
}

const entryWith = (key: Expr | undefined, growth: Growth): Growth => ({
  key,
  value: collectionOf(growth),
  spread: false,
});

/** The list or dictionary that something was put into. */
function collectionOf({ key, value, spread }: Growth): Expr {
  const at = { start: value.start, end: value.end };
  const item = spread ? step(value, 'each') : value;
  return key
    ? { ...emptyRecord(at), entries: [{ key, value: item }] }
    : { kind: 'list', items: [item], exact: false, ...at };
}

export function growBy(l: Lowering, into: Expr, by: Growth): void {
  const { of, growth } = holderOf(into, by);
  if (of.kind === 'name' && l.grow(of.name, growth)) return;
  // `self.names.append(x)`, or `names.add(x)` with `this.` left out: as if the field were given a list of it.
  const target = of.kind === 'member' ? of.object : of.kind === 'steps' ? of.of : undefined;
  const place =
    of.kind === 'steps' && of.steps.length === 1 ? /^\[(\d+)\]$/.exec(of.steps[0] ?? '')?.[1] : '';
  const field = of.kind === 'member' || of.kind === 'name' ? of.name : (place ?? '');
  if (field === '' || (of.kind === 'name' && !l.scope.language.implicitThis)) return;
  const value = collectionOf(growth);
  const at = { start: value.start, end: value.end };
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
