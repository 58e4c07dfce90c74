/** Which of a name's values a use may see. */

import type { Binding, Range } from '../ir/program';

/** Branches looked back over for what a name may hold. */
const MAX_BRANCHES = 64;

const UNBOUND = { bound: undefined, certain: false } as const;

/** The bindings that a use may see: the last one before it, and those that it may have skipped. */
export function reaching(
  bindings: readonly Binding[] | undefined,
  use: Range,
  direct: boolean,
): { readonly bound: readonly Binding[] | undefined; readonly certain: boolean } {
  if (!bindings) return UNBOUND;
  const encloses = ({ block }: Binding): boolean => block.start <= use.start && use.start <= block.end;
  const bound: Binding[] = [];
  for (
    let i = direct ? before(bindings, use.start) : bindings.length;
    i > 0 && bound.length < MAX_BRANCHES;
    i--
  ) {
    const binding = bindings[i - 1] as Binding;
    if (binding.declares && !encloses(binding)) continue;
    bound.push(binding);
    if (direct && encloses(binding))
      return { bound: [...bound, ...carriedRound(bindings, use, binding)], certain: true };
  }
  if (bound.length > 0)
    return { bound: direct ? [...bound, ...carriedRound(bindings, use)] : bound, certain: false };
  // In a loop, what is below may come first.
  const assigned = direct ? bindings.filter((binding) => !binding.declares) : [];
  return assigned.length > 0 ? reaching(assigned, use, false) : UNBOUND;
}

/** What a loop's earlier turn left: bindings below the use in its loop, unless `last` is in there, too, and hides them. */
function carriedRound(bindings: readonly Binding[], use: Range, last?: Binding): readonly Binding[] {
  const below = before(bindings, use.start);
  return bindings
    .slice(below, below + MAX_BRANCHES)
    .filter(
      ({ loop, declares }) =>
        loop && !declares && holds(loop, use.start) && !(last && holds(loop, last.from)),
    );
}

const holds = ({ start, end }: Range, at: number): boolean => start <= at && at <= end;

/** How many bindings come before an offset; they are in the source's order. */
function before(bindings: readonly Binding[], offset: number): number {
  let low = 0;
  let high = bindings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bindings[middle]?.from ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
