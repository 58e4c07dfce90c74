/** Lists and dictionaries that are filled after they were made: `names.append(x)`, `table["k"] = x`. */

import type { Engine } from './engine';
import { stepInto } from './members';
import type { GrowthIn } from '../ir/program';
import { union, type Atom, type Val } from '../ir/values';

/** More than this is put in by a program, not by a person. */
const MAX_GROWTHS = 64;

/** What a variable holds, whatever of its growths has happened by now. */
export function grown(val: Val, growths: readonly GrowthIn[], values: Engine): Val {
  if (!val.some(grows)) return val;
  const given = growths.slice(0, MAX_GROWTHS).map(({ key, value, spread, fn }) => {
    const put = values.eval(value, fn);
    return {
      keys: key ? values.eval(key, fn).flatMap((atom) => (atom.kind === 'str' ? atom.value : [])) : [],
      value: spread ? stepInto(put, 'each', values) : put,
    };
  });
  return val.map((atom): Atom => {
    if (atom.kind === 'list') {
      return { kind: 'list', items: [...atom.items, ...given.map(({ value }) => value)] };
    }
    if (atom.kind !== 'object' || atom.cls) return atom;
    const fields = new Map(atom.fields);
    let { rest } = atom;
    for (const { keys, value } of given) {
      if (keys.length === 0) rest = union([rest, value]);
      for (const key of keys) fields.set(key, union([fields.get(key) ?? [], value]));
    }
    return { ...atom, fields, rest };
  });
}

const grows = (atom: Atom): boolean =>
  atom.kind === 'list' || (atom.kind === 'object' && atom.cls === undefined);
