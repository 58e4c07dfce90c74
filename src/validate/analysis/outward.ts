/** Follows a value that parameters decide from a function to those that call it, until nothing is left open. */

import type { Fn } from '../ir/program';
import { keyOfVal, type Atom, type Val } from '../ir/values';
import type { CallGraph } from './call-graph';
import { Prospects } from './prospects';
import { substitute } from './substitution';
import { isSymbolic, paramsOf } from './symbols';
import type { Engine } from './engine';

/** Further calls outwards than this are not followed. */
const MAX_TRAIL = 16;
/** More ways than this are not told apart. */
const MAX_WAYS = 20_000;

export interface Inside<T> {
  /** What it is about: a log call, a call of foreign code. */
  readonly of: T;
  readonly owner: Fn;
  readonly given: Val;
}

/** What is followed: what of a value counts, and whether it is what is looked for. */
export interface Kept {
  readonly keep: (val: Val) => Val;
  readonly isWanted: (atom: Atom) => boolean;
  /** True when what does not count is never part of what does. */
  readonly isApart: boolean;
}

/** Hands `visit` each value as every caller knows it, as long as it may turn out to be what is looked for. */
export function followOutwards<T extends object>(
  starts: readonly Inside<T>[],
  graph: CallGraph,
  values: Engine,
  { keep, isWanted, isApart }: Kept,
  visit: (inside: Inside<T>) => void,
): void {
  const prospects = new Prospects(values, graph, isWanted, isApart ? keep : undefined);
  const seen = new Map<T, Set<string>>();
  let ways = 0;
  const queue = starts.map((inside) => ({ inside, trail: 0 }));
  for (let next = queue.pop(); next; next = queue.pop()) {
    const { inside, trail } = next;
    const { of, owner, given } = inside;
    visit(inside);
    const open = given.filter((atom) => isSymbolic(atom) && prospects.mayBeWanted([atom]));
    const known = seen.get(of) ?? new Set();
    const way = `${owner.id} ${keyOfVal(open)}`;
    if (open.length === 0 || trail > MAX_TRAIL || ways > MAX_WAYS || known.has(way)) continue;
    ways++;
    seen.set(of, known.add(way));
    for (const site of new Set(paramsOf(open).flatMap(({ fn }) => graph.to(fn)))) {
      const outer = keep(substitute(open, values.given(site.callee, site), values));
      if (outer.length > 0)
        queue.push({ inside: { of, owner: site.caller, given: outer }, trail: trail + 1 });
    }
  }
}
