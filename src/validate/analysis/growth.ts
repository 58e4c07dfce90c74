/** Lists and dictionaries that are filled after they were made: `names.append(x)`, `table["k"] = x`. */

import type { Put } from './call-shapes';
import { isSymbolic } from './symbols';
import type { Engine } from './engine';
import { stepInto } from './members';
import type { Fn, GrowthIn } from '../ir/program';
import { keysOf, union, type Atom, type Val } from '../ir/values';

/** More than this is put in by a program, not by a person. */
const MAX_GROWTHS = 64;

/** What a variable holds, whatever of its growths has happened by now. */
export function grown(val: Val, growths: readonly GrowthIn[], more: readonly Put[], values: Engine): Val {
  if (!val.some(grows)) return val;
  const given = [...growths.slice(0, MAX_GROWTHS).map((growth) => put(growth, values)), ...more];
  return val.map((atom): Atom => {
    if (atom.kind === 'list') {
      return { ...atom, exact: false, items: [...atom.items, ...given.map(({ value }) => value)] };
    }
    if (atom.kind !== 'object' || atom.cls) return atom;
    const fields = new Map(atom.fields);
    let { rest, restKeys } = atom;
    for (const { keys, open, value } of given) {
      if (keys.length === 0) rest = union([rest, value]);
      if (open.length > 0) restKeys = union([restKeys ?? [], open]);
      for (const key of keys) fields.set(key, union([fields.get(key) ?? [], value]));
    }
    return { ...atom, fields, rest, ...(restKeys && { restKeys }) };
  });
}

/** One growth as it is written. */
export function put({ key, value, spread, fn }: GrowthIn, values: Engine): Put {
  const val = values.eval(value, fn);
  const at = key ? values.eval(key, fn) : [];
  return {
    keys: keysOf(at),
    open: at.filter(isSymbolic),
    value: spread ? stepInto(val, 'each', values) : val,
  };
}

/** More calls than this are not looked at for what they put into what they are given. */
const MAX_HANDED = 16;

/** What functions of the package put into a variable that they are handed. */
export function filledBy(fn: Fn, name: string, values: Engine): readonly Put[] {
  const handed = (fn.handed.get(name) ?? []).slice(0, MAX_HANDED);
  return handed.flatMap(({ call, index, fn: by }) => {
    const fills = values.eval(call.callee, by).some((atom) => {
      const callee = atom.kind === 'fn' || atom.kind === 'method' ? atom.fn : undefined;
      return callee !== undefined && callee.growths.has(callee.params[index]?.name ?? '');
    });
    return fills ? values.effects.growthsAt(call, index, by) : [];
  });
}

export const grows = (atom: Atom): boolean =>
  atom.kind === 'list' || (atom.kind === 'object' && atom.cls === undefined);
