/** Values that callers decide, in part or whole, and the parameters that they hang on. */

import type { Atom, Val } from '../ir/values';

/** What was found of those that have parts: the same parts are in many values. */
const found = new WeakMap<Atom, boolean>();

/** True for a value that callers decide, in part or whole. */
export function isSymbolic(atom: Atom): boolean {
  switch (atom.kind) {
    case 'param':
    case 'answer':
    case 'thrown':
    case 'concat':
    case 'orElse':
    case 'pick':
      return true;
    case 'derived':
    case 'cut':
    case 'error':
    case 'result':
    case 'secret':
    case 'secretFn':
    case 'list':
    case 'thunk':
    case 'sealed':
    case 'method':
    case 'object': {
      let known = found.get(atom);
      if (known === undefined)
        found.set(atom, (known = partsOf(atom).some((part) => part?.some(isSymbolic))));
      return known;
    }
    default:
      return false;
  }
}

/** What is in a value that has parts, as far as callers may decide it. */
export function partsOf(atom: Atom): readonly (Val | undefined)[] {
  switch (atom.kind) {
    case 'derived':
      return [atom.of, atom.without];
    case 'cut':
      return [atom.of, atom.end];
    case 'error':
      return [atom.of, atom.thrown];
    case 'result':
    case 'secret':
    case 'secretFn':
      return [atom.of];
    case 'list':
      return atom.items;
    case 'thunk':
    case 'sealed':
      return [atom.value];
    case 'method':
      return [atom.self];
    case 'object':
      return [...atom.fields.values(), ...(atom.args ?? []), atom.rest, atom.restKeys];
    default:
      return [];
  }
}

/** The parameters that a value hangs on; without `keys`, not those that only choose from a table. */
export function paramsOf(val: Val, depth = 4, keys = true): (Atom & { kind: 'param' })[] {
  if (depth === 0) return [];
  return val.flatMap((atom) => {
    if (atom.kind === 'param') return [atom];
    if (atom.kind === 'answer' || atom.kind === 'thrown')
      return [atom.of, ...atom.args.flatMap((arg) => paramsOf(arg, depth - 1, keys))];
    if (atom.kind === 'concat') return atom.parts.flatMap((part) => paramsOf(part, depth - 1, keys));
    if (atom.kind === 'pick') return keys ? paramsOf(atom.key, depth - 1) : [];
    if (atom.kind === 'orElse')
      return [...paramsOf(atom.of, depth - 1, keys), ...paramsOf(atom.other, depth - 1, keys)];
    if (atom.kind === 'thunk' || atom.kind === 'sealed') return paramsOf(atom.value, depth - 1, keys);
    if (atom.kind === 'cut')
      return [...paramsOf(atom.of, depth - 1, keys), ...paramsOf(atom.end, depth - 1, keys)];
    if (atom.kind === 'derived' || atom.kind === 'error') return paramsOf(atom.of, depth - 1, keys);
    return [];
  });
}
