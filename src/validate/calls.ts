/** How a call's arguments meet a function's parameters, and what is left of a value once they did. */

import { constantOf } from './text-functions';
import type { Arg, Fn, Param } from './program';
import type { MemberSource } from './members';
import { extend, stepInto } from './members';
import { DYNAMIC, NOTHING, secretsIn, str, union, type Atom, type Val } from './values';

/** One call of a function of the package, its arguments by parameter. */
export interface CallSite {
  readonly caller: Fn;
  readonly callee: Fn;
  readonly args: readonly (Val | undefined)[];
  readonly self: Val;
  /** A library calls it, as with `names.map(…)`: nobody wrote this call down. */
  readonly handedOver?: boolean;
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
    if (named >= 0) aligned[named] = valueOf(arg);
    if (arg.name !== undefined) continue;
    const param = params[next];
    if (!param) break;
    if (param.rest) {
      const known = aligned[next]?.[0];
      const items = known?.kind === 'list' ? known.items : [];
      const more = arg.spread ? elementsOf(valueOf(arg)) : [valueOf(arg)];
      if (items.length < 64) aligned[next] = [{ kind: 'list', items: [...items, ...more] }];
    } else {
      aligned[next++] = arg.spread ? DYNAMIC : valueOf(arg);
    }
  }
  return aligned;
}

/** What `...names` hands over: each element, or something that only callers know. */
const elementsOf = (val: Val): Val[] =>
  val.flatMap((atom): readonly Val[] =>
    atom.kind === 'list' ? atom.items : [atom.kind === 'param' ? extend(atom, 'each') : DYNAMIC],
  );

/** What a function's parameter is at one call. */
export type ParamValue = (fn: Fn, index: number) => Val | undefined;

const SUBSTITUTION_DEPTH = 6;

/** The value with parameters replaced by what `given` knows; others stay as they are. */
export function substitute(
  val: Val,
  given: ParamValue,
  source: MemberSource,
  depth = SUBSTITUTION_DEPTH,
): Val {
  if (depth === 0) return DYNAMIC;
  if (!val.some(isSymbolic)) return val;
  return union(val.map((atom) => substituteAtom(atom, given, source, depth - 1)));
}

function substituteAtom(atom: Atom, given: ParamValue, source: MemberSource, depth: number): Val {
  const each = (val: Val): Val => substitute(val, given, source, depth);
  switch (atom.kind) {
    case 'param': {
      const value = given(atom.fn, atom.index);
      return value === undefined ? [atom] : walk(value, atom.path, source);
    }
    case 'concat':
      return concat(atom.parts.map(each));
    case 'list':
      return [{ kind: 'list', items: atom.items.map(each) }];
    case 'thunk':
      return [{ kind: 'thunk', value: each(atom.value) }];
    case 'method':
      return [{ ...atom, self: each(atom.self) }];
    case 'object':
      return [
        {
          ...atom,
          fields: new Map([...atom.fields].map(([name, field]) => [name, each(field)])),
          args: atom.args?.map((arg) => arg && each(arg)),
          rest: each(atom.rest),
        },
      ];
    default:
      return [atom];
  }
}

/** Takes a parameter's steps from an actual value; `()` is a call without arguments. */
function walk(value: Val, path: readonly string[], source: MemberSource): Val {
  return path.reduce((val, name) => (name === '()' ? callBare(val) : stepInto(val, name, source)), value);
}

/** A call without arguments, as far as it can be told without looking at a body. */
function callBare(val: Val): Val {
  return union(
    val.map((atom): Val => {
      switch (atom.kind) {
        case 'secrets':
        case 'logger':
          return [atom];
        case 'thunk':
          return atom.value;
        case 'strFn':
          return str(constantOf(atom.value, atom.name) ?? '');
        case 'secretFn':
          return [{ ...atom, kind: 'secret' }];
        case 'param':
          return atom.path.length < 8 ? [{ ...atom, path: [...atom.path, '()'] }] : DYNAMIC;
        case 'str':
        case 'list':
          return NOTHING;
        default:
          return DYNAMIC;
      }
    }),
  );
}

/** True for a value that callers decide, in part or whole. */
export function isSymbolic(atom: Atom): boolean {
  switch (atom.kind) {
    case 'param':
      return true;
    case 'concat':
      return true;
    case 'list':
      return atom.items.some((item) => item.some(isSymbolic));
    case 'thunk':
      return atom.value.some(isSymbolic);
    case 'method':
      return atom.self.some(isSymbolic);
    case 'object':
      return (
        [...atom.fields.values()].some((f) => f.some(isSymbolic)) ||
        (atom.args?.some((arg) => arg?.some(isSymbolic)) ?? false) ||
        atom.rest.some(isSymbolic)
      );
    default:
      return false;
  }
}

/** The parameters that a value hangs on. */
export function paramsOf(val: Val, depth = 4): (Atom & { kind: 'param' })[] {
  if (depth === 0) return [];
  return val.flatMap((atom) => {
    if (atom.kind === 'param') return [atom];
    if (atom.kind === 'concat') return atom.parts.flatMap((part) => paramsOf(part, depth - 1));
    if (atom.kind === 'thunk') return paramsOf(atom.value, depth - 1);
    return [];
  });
}

/** More joined texts than this are "any". */
const MAX_TEXTS = 16;

/** Texts joined: known when all parts are, left open when callers know them. */
export function concat(parts: readonly Val[]): Val {
  const secrets = union(parts.map(secretsIn));
  if (secrets.length > 0) return secrets;
  let texts = [''];
  let open = false;
  for (const part of parts) {
    const strs = part.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));
    if (part.some((a) => a.kind === 'param' || a.kind === 'concat')) open = true;
    else if (strs.length === 0 || strs.length < part.filter((a) => a.kind !== 'thunk').length) return DYNAMIC;
    if (!open) texts = texts.flatMap((text) => strs.map((s) => text + s));
    if (texts.length > MAX_TEXTS || (texts[0]?.length ?? 0) > 4096) return DYNAMIC;
  }
  return open ? [{ kind: 'concat', parts }] : texts.flatMap(str);
}
