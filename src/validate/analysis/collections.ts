/** Lists, dictionaries and texts that well-known library functions make of their arguments. */

import { concat, traced } from './calls';
import type { Engine } from './engine';
import { stepInto } from './members';
import type { CallExpr } from '../ir/program';
import { NOTHING, has, keyOfVal, keysOf, secretsWithin, union, type Val } from '../ir/values';

/** A list of the arguments, or of the one list among them. */
export function listing(args: readonly Val[], values: Engine): Val {
  const [only] = args;
  if (args.length === 1 && only && (has(only, 'list') || has(only, 'object') || has(only, 'param'))) {
    return union(
      only.map((atom): Val => {
        if (atom.kind === 'object' && atom.cls === undefined)
          return [{ kind: 'list', items: [stepInto([atom], 'keys', values)] }];
        return [atom];
      }),
    );
  }
  return [{ kind: 'list', items: args, exact: true }];
}

/** Go's `append(list, "A", more...)`. */
export function appended(args: readonly Val[]): Val {
  const [before = NOTHING, ...more] = args;
  const items = before.flatMap((atom) => (atom.kind === 'list' ? atom.items : []));
  const flat = more.flatMap((arg) => arg.flatMap((atom) => (atom.kind === 'list' ? atom.items : [[atom]])));
  // What a loop puts in again and again is in there once, or the list would never stop to grow.
  const all = new Map([...items, ...flat].map((item) => [keyOfVal(item), item]));
  return [{ kind: 'list', items: [...all.values()] }, ...before.filter((a) => a.kind === 'param')];
}

/** Methods that put something behind what there is, and answer with it. */
const APPENDS = /^(?:append|insert|Append\w*|Insert)$/;

/** `new StringBuilder("a").append(b)`: what has no name yet is known by what its calls answer. */
export function appendedTo({ callee }: CallExpr, args: readonly Val[], answered: Val): Val {
  if (callee.kind !== 'member' || callee.object.kind !== 'call' || !APPENDS.test(callee.name))
    return answered;
  return answered.map((atom) => {
    if (atom.kind !== 'list') return atom;
    const items = new Map([...atom.items, ...args].map((item) => [keyOfVal(item), item]));
    return { ...atom, exact: false, items: [...items.values()] };
  });
}

export function zipped(args: readonly Val[], values: Engine): Val {
  const items = args.map((arg) => stepInto(arg, 'iter', values));
  return [{ kind: 'list', items: [[{ kind: 'list', items, exact: true }]] }];
}

/** Methods that answer with one list after another: `a.concat(b)`, `a.chain(b)`. */
export function chained(on: Val, args: readonly Val[]): Val {
  const items = [on, ...args].flatMap((val) => val.flatMap((a) => (a.kind === 'list' ? a.items : [[a]])));
  return [{ kind: 'list', items }];
}

/** A dictionary that a function makes of what it is given; undefined for other functions. */
export function dictionary(
  path: string,
  call: CallExpr,
  args: readonly Val[],
  values: Engine,
): Val | undefined {
  const object = (fields: ReadonlyMap<string, Val>, rest = NOTHING): Val => [
    { kind: 'object', cls: undefined, fields, args: undefined, rest },
  ];
  if (values.facts.library.pairing.test(path)) {
    const pairs = args.flatMap((arg, i): [string, Val][] =>
      i % 2 === 0 ? keysOf(arg).map((key) => [key, args[i + 1] ?? NOTHING]) : [],
    );
    return object(new Map(pairs));
  }
  if (values.facts.library.entry.test(path)) return [{ kind: 'list', items: args, exact: true }];
  if (/^Object\.(?:values|keys|entries)$/.test(path)) {
    const listed = stepInto(args[0] ?? NOTHING, path.replace('Object', ''), values);
    return listed.filter((atom) => atom.kind !== 'thunk');
  }
  if (!values.facts.library.ofPairs.test(path)) return undefined;
  const named = call.args.flatMap((arg, i): [string, Val][] =>
    arg.name ? [[arg.name, args[i] ?? NOTHING]] : [],
  );
  const lists = args.flatMap((arg) => arg.flatMap((atom) => (atom.kind === 'list' ? atom.items : [])));
  const pairs = [...lists, ...args].flatMap((item) =>
    item.flatMap((atom): [string, Val][] =>
      atom.kind === 'list' && atom.items.length === 2
        ? keysOf(atom.items[0] ?? NOTHING).map((key) => [key, atom.items[1] ?? NOTHING])
        : [],
    ),
  );
  const tables = args.flatMap((arg) =>
    arg.flatMap((atom) => (atom.kind === 'object' && atom.cls === undefined ? [atom] : [])),
  );
  const copied = tables.flatMap(({ fields }) => [...fields]);
  return object(new Map([...copied, ...named, ...pairs]), union(tables.map(({ rest }) => rest)));
}

export const listOf = (items: readonly Val[]): Val => [{ kind: 'list', items, exact: true }];

/** The items of a list that is known whole, with a text between them. */
export function joinedBy(separator: Val | undefined, of: Val | undefined, values: Engine): Val {
  const list = of?.flatMap((atom): Val =>
    atom.kind === 'object' && atom.cls === undefined
      ? [{ kind: 'list', items: [stepInto([atom], 'keys', values)] }]
      : [atom],
  );
  const secrets = union([separator ?? NOTHING, list ?? NOTHING].map((val) => secretsWithin(val)));
  if (secrets.length > 0) return secrets;
  const [only] = list ?? NOTHING;
  if (only?.kind !== 'list' || list?.length !== 1 || !only.exact)
    return traced([separator ?? NOTHING, list ?? NOTHING]);
  return concat(only.items.flatMap((item, i) => (i > 0 && separator ? [separator, item] : [item])));
}
