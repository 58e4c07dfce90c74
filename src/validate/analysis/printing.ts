/** What comes out where a value is printed: an object says its own text, shows its fields, or tells nothing. */

import { carried, errorOf } from './calls';
import { substitute } from './substitution';
import { construction } from './construction';
import type { Engine } from './engine';
import { put } from './growth';
import type { Class, Fn } from '../ir/program';
import { DYNAMIC, NOTHING, union, type Atom, type Val } from '../ir/values';

type Made = Atom & { readonly kind: 'object' };
type OfClass = Made & { readonly cls: Class };

/** An object of one of the package's classes. */
export const isOfClass = (atom: Atom): atom is OfClass => atom.kind === 'object' && atom.cls !== undefined;

/** A value with the package's own objects replaced by what they print. */
export function printed(val: Val, values: Engine): Val {
  if (!val.some(isOfClass)) return val;
  return union(val.map((atom) => (isOfClass(atom) ? [...textOf(atom, values), ...DYNAMIC] : [atom])));
}

/** The same where it is printed for who looks for a fault, with the objects that errors are. */
export function debugged(val: Val, values: Engine): Val {
  const { debugMethods } = values.facts;
  return union(
    val.map((atom) => {
      if (isOfClass(atom)) return [...textOf(atom, values, debugMethods), ...DYNAMIC];
      const thrown = atom.kind === 'error' ? (atom.thrown ?? []).filter(isOfClass) : [];
      return thrown.length > 0 ? thrown.flatMap((of) => textOf(of, values, debugMethods)) : [atom];
    }),
  );
}

/** What is answered as an error: its text is what it prints. */
export function failed(val: Val, values: Engine): Val {
  return errorOf(printed(val, values), val.filter(isOfClass));
}

/** Objects in objects in objects: further than this they show all. */
const MAX_NESTED = 4;

function textOf(
  object: OfClass,
  values: Engine,
  methods = values.facts.textMethods,
  depth = MAX_NESTED,
): Val {
  const own = textMethod(object.cls, values, methods);
  if (own) {
    const answered = values.answer(own, { args: [], self: [object] });
    return carried(union([answered, ...written(own, object, values)]));
  }
  const says = (val: Val): Val =>
    depth > 0
      ? val.flatMap((atom) => (isOfClass(atom) ? textOf(atom, values, methods, depth - 1) : [atom]))
      : val;
  const shown = object.cls.showsFields ? [...object.cls.types.keys()] : [];
  const held = (name: string): Val =>
    union([
      object.fields.get(name) ?? values.objects.field(object, name),
      values.objects.stored(object.cls, name),
    ]);
  const fields = new Map([
    ...[...object.fields].map(([name, field]) => [name, says(field)] as const),
    ...shown.map((name) => [name, says(held(name))] as const),
  ]);
  return carried([{ ...object, fields, args: object.args?.map((arg) => arg && says(arg)) }]);
}

/** What a method writes into what it is handed: Rust's `f.write_str(…)`. */
function written(fn: Fn, object: OfClass, values: Engine): readonly Val[] {
  const growths = fn.params.flatMap(({ name }) => fn.growths.get(name) ?? []);
  const given = values.given(fn, { args: [], self: [object] });
  return growths.map((growth) => substitute(put(growth, values).value, given, values));
}

function textMethod(cls: Class, values: Engine, methods = values.facts.textMethods) {
  for (const c of values.objects.chain(cls))
    for (const name of methods) {
      const method = c.methods.get(name);
      if (method) return method;
    }
  return undefined;
}

/** The text of what is thrown: what its class says, what its constructor hands on, or all that it was given. */
export function errorText(val: Val, values: Engine): Val {
  return union(
    val.map((atom): Val => {
      if (!isOfClass(atom)) return [atom];
      const own = textMethod(atom.cls, values);
      if (own) return values.answer(own, { args: [], self: [atom] });
      const chained = atom.maker?.chained;
      if (!chained || chained.own || chained.args.length === 0 || !atom.maker)
        return union([...atom.fields.values(), atom.rest, ...(atom.args ?? []).map((arg) => arg ?? NOTHING)]);
      const { maker } = atom;
      const given = construction(atom, values.objects, values);
      return union(chained.args.map((arg) => substitute(values.eval(arg.value, maker), given, values)));
    }),
  );
}
