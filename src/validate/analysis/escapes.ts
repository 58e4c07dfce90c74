/** Where the context or its secrets go to code that is not in the package: it may read any name. */

import type { Fn, Range } from '../ir/program';
import { union, type Atom, type Val } from '../ir/values';
import type { CallGraph } from './call-graph';
import type { Escape } from './call-shapes';
import type { Engine } from './engine';
import { followOutwards } from './outward';

/** One that was seen to hand it over, and in whose run. */
export interface Escaped extends Range {
  readonly fn: Fn;
  readonly owner: Fn;
}

/** What of a value may be the accessor, or hold it. */
export function accessors(val: Val, depth = 3): Val {
  if (depth === 0) return [];
  return union(
    val.map((atom): Val => {
      switch (atom.kind) {
        case 'ctx':
        case 'secrets':
          return [atom];
        case 'param':
          return atom.path.length === 0 && atom.index >= 0 ? [atom] : [];
        case 'list':
          return union(atom.items.map((item) => accessors(item, depth - 1)));
        case 'object':
          return union(
            [...atom.fields.values(), ...(atom.args ?? [])].map((field) =>
              field ? accessors(field, depth - 1) : [],
            ),
          );
        default:
          return [];
      }
    }),
  );
}

/** Where the accessor is put into something whose fields are not followed: a function, an object of a library. */
export function storedAway(fns: readonly Fn[], values: Engine): readonly Escape[] {
  return fns.flatMap((fn) =>
    fn.stores.flatMap(({ target, value }): readonly Escape[] => {
      const { start, end } = value;
      const given = accessors(values.eval(value, fn));
      const into = given.length > 0 ? values.eval(target, fn) : [];
      const away = into.length > 0 && into.every(({ kind }) => /^(?:fn|dynamic)$/.test(kind));
      return away ? [{ fn, given, start, end }] : [];
    }),
  );
}

export function escapes(calls: readonly Escape[], graph: CallGraph, values: Engine): readonly Escaped[] {
  const found: Escaped[] = [];
  const starts = calls.map((of) => ({ of, owner: of.fn, given: of.given }));
  const isWanted = ({ kind }: Atom): boolean => kind === 'ctx' || kind === 'secrets';
  const kept = { keep: accessors, isWanted, isApart: true };
  followOutwards(starts, graph, values, kept, ({ of: { fn, start, end }, owner, given }) => {
    if (given.some(isWanted)) found.push({ fn, owner, start, end });
  });
  return found;
}
