/** What is left of a value once a call's arguments have met the parameters that it hangs on. */

import { concat, either, errorOf, named, traced } from './calls';
import { upTo } from './cutting';
import { without } from './masking';
import { extend, stepInto, type MemberSource } from './members';
import { isSymbolic } from './symbols';
import { constantOf } from './text-functions';
import type { Fn } from '../ir/program';
import { DYNAMIC, NOTHING, str, union, type Atom, type Val } from '../ir/values';

/** What a function's parameter is at one call. */
export type ParamValue = (fn: Fn, index: number) => Val | undefined;

/** Values in values in values: further in, nothing is replaced. */
const MAX_DEPTH = 6;

/** The value with parameters replaced by what `given` knows; others stay as they are. */
export function substitute(val: Val, given: ParamValue, source: MemberSource): Val {
  return val.some(isSymbolic) ? new Substitution(given, source).of(val, MAX_DEPTH) : val;
}

/** One call's: what is in a value more than once is replaced once, and what stays as it is stays the same value. */
class Substitution {
  /** By how far in there it may go on. */
  private readonly done: Map<Val, Val>[] = [];

  constructor(
    private readonly given: ParamValue,
    private readonly source: MemberSource,
  ) {}

  of(val: Val, depth: number): Val {
    if (depth === 0) return DYNAMIC;
    if (!val.some(isSymbolic)) return val;
    const done = (this.done[depth] ??= new Map());
    let found = done.get(val);
    if (!found) done.set(val, (found = this.source.isTooLong() ? DYNAMIC : this.inside(val, depth - 1)));
    return found;
  }

  private inside(val: Val, depth: number): Val {
    const parts = val.map((atom) => this.atom(atom, depth));
    return parts.every((part, i) => part.length === 1 && part[0] === val[i]) ? val : union(parts);
  }

  private atom(atom: Atom, depth: number): Val {
    if (!isSymbolic(atom)) return [atom];
    const each = (val: Val): Val => this.of(val, depth);
    switch (atom.kind) {
      case 'param': {
        const value = this.given(atom.fn, atom.index);
        return value === undefined ? [atom] : walk(value, atom.path, this.source);
      }
      case 'answer':
      case 'thrown': {
        const args = atom.args.map(each);
        const answers = each([atom.of]).map((fn) => this.source.applied(fn, args, atom.kind));
        return walk(union(answers), atom.path, this.source);
      }
      case 'concat':
        return concat(atom.parts.map(each));
      case 'derived': {
        const of = traced([this.source.printed(each(atom.of))]);
        return atom.without ? without(of, each(atom.without)) : of;
      }
      case 'cut':
        return upTo(each(atom.of), each(atom.end));
      case 'error':
        return errorOf(each(atom.of), each(atom.thrown ?? NOTHING));
      case 'result':
      case 'secret':
      case 'secretFn':
        return atom.of ? [named(atom, each(atom.of))] : [atom];
      case 'pick':
        return this.source.pick(atom.of, each(atom.key));
      case 'orElse':
        return either([each(atom.of), each(atom.other)], true);
      case 'list': {
        const items = atom.items.map(each);
        return [items.every((item, i) => item === atom.items[i]) ? atom : { ...atom, items }];
      }
      case 'thunk':
      case 'sealed':
        return [{ kind: atom.kind, value: each(atom.value) }];
      case 'method': {
        const self = each(atom.self);
        return [self === atom.self ? atom : { ...atom, self }];
      }
      case 'object':
        return [this.object(atom, each)];
      default:
        return [atom];
    }
  }

  private object(atom: Atom & { kind: 'object' }, each: (val: Val) => Val): Atom {
    const fields = [...atom.fields].map(([name, field]) => [name, each(field)] as const);
    const args = atom.args?.map((arg) => arg && each(arg));
    const rest = each(atom.rest);
    const restKeys = atom.restKeys && each(atom.restKeys);
    const isSame =
      rest === atom.rest &&
      restKeys === atom.restKeys &&
      fields.every(([name, field]) => field === atom.fields.get(name)) &&
      (args?.every((arg, i) => arg === atom.args?.[i]) ?? true);
    return isSame ? atom : { ...atom, fields: new Map(fields), args, rest, ...(restKeys && { restKeys }) };
  }
}

/** Takes a parameter's steps from an actual value; `()` is a call without arguments. */
function walk(value: Val, path: readonly string[], source: MemberSource): Val {
  return path.reduce(
    (val, name) => (name === '()' ? callBare(val, source) : readGetters(stepInto(val, name, source), source)),
    value,
  );
}

/** What reads as a field, though a method gives it. */
const readGetters = (val: Val, source: MemberSource): Val =>
  union(val.map((atom) => (atom.kind === 'method' && atom.fn.isGetter ? source.bare(atom) : [atom])));

/** A call without arguments. */
export function callBare(val: Val, source: MemberSource): Val {
  return union(
    val.map((atom): Val => {
      switch (atom.kind) {
        case 'secrets':
        case 'logger':
          return [atom];
        case 'fn':
        case 'method':
          return source.bare(atom);
        case 'thunk':
          return atom.value;
        case 'strFn': {
          const text = constantOf(atom.value, atom.name);
          return text === undefined ? DYNAMIC : str(text);
        }
        case 'derived':
        case 'cut':
        case 'error':
          return [atom];
        case 'secretFn':
          return [{ ...atom, kind: 'secret' }];
        case 'param':
        case 'answer':
        case 'thrown':
          return extend(atom, '()');
        // A record's accessor.
        case 'ctx':
        case 'str':
        case 'object':
          return [atom];
        case 'list':
          return NOTHING;
        case 'secret':
          return source.facts.accessors ? [atom] : DYNAMIC;
        default:
          return DYNAMIC;
      }
    }),
  );
}
