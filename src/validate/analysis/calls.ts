/** How a call's arguments meet a function's parameters, and what becomes of values that are put together. */

import type { Arg, Fn, Param } from '../ir/program';
import { cutOf } from './cutting';
import { extend } from './members';
import { isSymbolic } from './symbols';
import { DYNAMIC, NOTHING, has, secretsIn, str, union, type Atom, type Val } from '../ir/values';

/** One call of a function of the package, its arguments by parameter. */
export interface CallSite {
  readonly caller: Fn;
  readonly callee: Fn;
  readonly args: readonly (Val | undefined)[];
  readonly self: Val;
  /** A library calls it, as with `names.map(…)`: nobody wrote this call down. */
  readonly handedOver?: boolean;
  /** One of several methods that the call may mean, by the class of an object that callers know. */
  readonly possible?: boolean;
  /** Where it is written down, when that is not in `caller`. */
  readonly place?: Fn;
  readonly start: number;
  readonly end: number;
}

/** Values by parameter: positional, then by name; the rest of the positional ones as a list. */
export function align(
  params: readonly Param[],
  args: readonly Arg[],
  valueOf: (arg: Arg) => Val,
): (Val | undefined)[] {
  const aligned: (Val | undefined)[] = params.map(() => undefined);
  let next = 0;
  for (const arg of args) {
    const named = arg.name === undefined ? -1 : params.findIndex((p) => p.name === arg.name);
    const more = params.findIndex((p) => p.rest === 'named');
    if (named >= 0) aligned[named] = valueOf(arg);
    else if (arg.name !== undefined && more >= 0)
      aligned[more] = withField(aligned[more], arg.name, valueOf(arg));
    if (arg.spread === 'named') entriesInto(aligned, params, valueOf(arg));
    if (arg.name !== undefined || arg.spread === 'named') continue;
    const param = params[next];
    if (!param) break;
    if (param.rest === 'named') break;
    const whole = param.rest ? valueOf(arg) : NOTHING;
    if (param.rest && args.length === params.length && isWhole(whole) && !arg.spread) {
      aligned[next] = whole;
    } else if (param.rest) {
      const known = aligned[next]?.[0];
      const items = known?.kind === 'list' ? known.items : [];
      const more = arg.spread ? elementsOf(valueOf(arg)) : [valueOf(arg)];
      const exact = !arg.spread && (known === undefined || (known.kind === 'list' && known.exact === true));
      if (items.length < 64) aligned[next] = [{ kind: 'list', items: [...items, ...more], exact }];
    } else {
      if (arg.spread) spreadInto(aligned, params, next, valueOf(arg));
      else aligned[next++] = valueOf(arg);
    }
  }
  return aligned;
}

/** Values by parameter, where a function is called without a written list of arguments. */
export const inPlace = (params: readonly Param[], args: readonly Val[]): readonly Val[] => {
  const rest = params.findIndex((param) => param.rest === true);
  if (rest < 0) return args;
  return [...args.slice(0, rest), [{ kind: 'list', items: args.slice(rest), exact: true }]];
};

/** Java and C# take an array for all of the arguments. */
const isWhole = (val: Val): boolean => val.length === 1 && val[0]?.kind === 'list' && val[0].items.length > 0;

/** `f(*names)`, `f(**options)`: by position or by name, as far as the value is known. */
function spreadInto(aligned: (Val | undefined)[], params: readonly Param[], from: number, val: Val): void {
  const [only] = val;
  params.forEach((param, i) => {
    if (i < from || aligned[i] !== undefined) return;
    if (val.length === 1 && only?.kind === 'list' && only.exact) aligned[i] = only.items[i - from];
    else if (val.length === 1 && only?.kind === 'list') aligned[i] = union(only.items);
    else if (val.length === 1 && only?.kind === 'object') aligned[i] = only.fields.get(param.name);
    else if (val.length === 1 && only?.kind === 'param') aligned[i] = extend(only, `[${i - from}]`);
    else aligned[i] = DYNAMIC;
  });
}

/** `f(**options)`: by name, and what has no parameter of its own into the one that takes all others. */
function entriesInto(aligned: (Val | undefined)[], params: readonly Param[], val: Val): void {
  const names = new Set(params.map(({ name }) => name));
  params.forEach(({ name, rest }, i) => {
    if (rest === 'named') {
      const others = val.map((atom): Atom =>
        atom.kind === 'object' && !atom.cls
          ? { ...atom, fields: new Map([...atom.fields].filter(([key]) => !names.has(key))) }
          : atom,
      );
      const [known] = aligned[i] ?? [];
      aligned[i] = known?.kind === 'object' ? [merged([known, ...others.filter(isTable)])] : others;
    } else if (rest === false && aligned[i] === undefined) {
      const given = union(val.map((atom) => entryAt(atom, name)));
      if (given.length > 0) aligned[i] = given;
    }
  });
}

const isTable = (atom: Atom): atom is Dictionary => atom.kind === 'object' && !atom.cls;

function entryAt(atom: Atom, name: string): Val {
  if (atom.kind === 'param') return extend(atom, `.${name}`);
  return isTable(atom) ? union([atom.fields.get(name) ?? NOTHING, atom.rest]) : NOTHING;
}

function withField(known: Val | undefined, name: string, value: Val): Val {
  const before = known?.[0]?.kind === 'object' ? known[0].fields : [];
  const fields = new Map([...before, [name, value] as const]);
  return [{ kind: 'object', cls: undefined, fields, args: undefined, rest: NOTHING }];
}

/** What `...names` hands over: each element, or something that only callers know. */
const elementsOf = (val: Val): Val[] =>
  val.flatMap((atom): readonly Val[] =>
    atom.kind === 'list' ? atom.items : [atom.kind === 'param' ? extend(atom, 'each') : DYNAMIC],
  );

/** One of several values; with `fallback`, a text in the second place counts where the first may be empty. */
export function either(options: readonly Val[], fallback: boolean): Val {
  const [of, other] = options;
  if (!fallback || !of || !other) return union(options);
  if (of.length > 0 && of.every((atom) => atom.kind === 'str' && atom.value !== '')) return of;
  // A value that stands in for itself, `this.url = url ?? this.url`, would nest for ever.
  if (has(of, 'orElse') || has(other, 'orElse')) return union(options);
  const isText = other.length > 0 && other.every((atom) => atom.kind === 'str' || isSymbolic(atom));
  return isText && of.some(isSymbolic) ? [{ kind: 'orElse', of, other }] : union(options);
}

/** More joined texts than this are "any". */
const MAX_TEXTS = 16;

/** A secret that `get` gave for a name which callers know. */
export function named<A extends Atom & { kind: 'result' | 'secret' | 'secretFn' }>(atom: A, of: Val): A {
  const [only] = of;
  const known = of.length === 1 && only?.kind === 'str' ? only.value : atom.from;
  const { of: _, ...rest } = atom;
  return (of.some(isSymbolic) ? { ...rest, from: known, of } : { ...rest, from: known }) as A;
}

/** More sources than this are not told apart. */
const MAX_CARRIED = 12;

/** What an object shows of itself: a dictionary all that is in it, an object of the program what its class lets out. */
function shownFields({ cls, fields, args, maker, rest }: Atom & { kind: 'object' }): readonly Val[] {
  if (cls && !cls.showsFields) return [];
  const names = (maker?.params ?? cls?.fieldParams ?? []).map(({ name }) => name);
  const isShown = (name: string | undefined): boolean => name === undefined || !cls?.hidden.has(name);
  return [
    ...[...fields].filter(([name]) => isShown(name)).map(([, field]) => field),
    rest,
    ...(args ?? []).flatMap((arg, i) => (arg && isShown(names[i]) ? [arg] : [])),
  ];
}

/** What of a value may come out again where it is written down: its secrets, and what callers give. */
export function carried(val: Val, depth = 5): Val {
  if (depth === 0) return NOTHING;
  const parts = val.map((atom): Val => {
    switch (atom.kind) {
      case 'secret':
      case 'result':
        return [{ ...atom, kind: 'secret' }];
      case 'derived':
        return [atom];
      case 'cut':
        return cutOf(atom, carried(atom.of, depth - 1));
      case 'param':
      case 'pick':
      case 'answer':
      case 'thrown':
        return [{ kind: 'derived', of: [atom] }];
      case 'error':
        return carried(atom.of, depth - 1);
      case 'concat':
        return union(atom.parts.map((part) => carried(part, depth - 1)));
      case 'orElse':
        return union([carried(atom.of, depth - 1), carried(atom.other, depth - 1)]);
      case 'list':
        return union(atom.items.map((item) => carried(item, depth - 1)));
      case 'object':
        return union(shownFields(atom).map((field) => carried(field, depth - 1)));
      default:
        return NOTHING;
    }
  });
  return union(parts).slice(0, MAX_CARRIED);
}

/** A text made of values in a way that is not followed: only what it carries is known. */
export function traced(parts: readonly Val[]): Val {
  const inside = union(parts.map((part) => carried(part)));
  return inside.some((atom) => atom.kind === 'secret') ? inside : [...inside, ...DYNAMIC];
}

/** An error whose text is made of a value; `thrown` are the objects of the package that it may be. */
export function errorOf(val: Val, thrown: Val = NOTHING): Val {
  const of = carried(val);
  if (of.length === 0 && thrown.length === 0) return NOTHING;
  return [thrown.length > 0 ? { kind: 'error', of, thrown } : { kind: 'error', of }];
}

type Dictionary = Atom & { kind: 'object' };

/** Dictionaries one over the other. */
function merged(tables: readonly Dictionary[]): Dictionary {
  const fields = new Map<string, Val>();
  for (const table of tables)
    for (const [name, val] of table.fields) fields.set(name, union([fields.get(name) ?? NOTHING, val]));
  return {
    kind: 'object',
    cls: undefined,
    fields,
    args: undefined,
    rest: union(tables.map(({ rest }) => rest)),
    restKeys: union(tables.map(({ restKeys }) => restKeys ?? NOTHING)),
  };
}

const isFunction = ({ kind }: Atom): boolean => /^(?:fn|method|bound)$/.test(kind);

/** Texts joined: known when all parts are, left open when callers know them. */
export function concat(parts: readonly Val[]): Val {
  const secrets = union(parts.map(secretsIn));
  if (secrets.length > 0) return secrets;
  // An event is given one more function.
  const [before = NOTHING, added = NOTHING] = parts;
  if (parts.length === 2 && added.length > 0 && added.every(isFunction))
    return union([before.filter(isFunction), added]);
  const lists = parts.map(([atom]) => atom).filter((atom) => atom?.kind === 'list');
  if (lists.length === parts.length && lists.length > 0) {
    return [
      { kind: 'list', items: lists.flatMap((l) => l.items), exact: lists.every((l) => l.exact === true) },
    ];
  }
  const tables = parts.map(([atom]) => atom).filter((atom) => atom?.kind === 'object' && !atom.cls);
  if (tables.length === parts.length && tables.length > 0) return [merged(tables as Dictionary[])];
  let texts = [''];
  let open = false;
  for (const part of parts) {
    const strs = part.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));
    if (part.some((a) => /^(?:param|answer|concat|orElse|pick)$/.test(a.kind))) open = true;
    else if (strs.length === 0 || strs.length < part.filter((a) => a.kind !== 'thunk').length)
      return traced(parts);
    if (!open) texts = texts.flatMap((text) => strs.map((s) => text + s));
    if (texts.length > MAX_TEXTS || (texts[0]?.length ?? 0) > 4096) return traced(parts);
  }
  return open ? [{ kind: 'concat', parts }] : texts.flatMap(str);
}
