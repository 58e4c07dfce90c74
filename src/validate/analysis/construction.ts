/** How an object was made: its constructors' parameters, as they were given, through `super(…)` and `this(…)`. */

import { align, type CallSite } from './calls';
import { substitute, type ParamValue } from './substitution';
import type { Engine, ObjectSource } from './engine';
import { isConstructor, overload } from './methods';
import type { Arg, Class, Fn } from '../ir/program';
import { DYNAMIC, type Atom, type Val } from '../ir/values';

type Made = Atom & { readonly kind: 'object' };

/** Constructors that call each other further than this are not followed. */
const MAX_CHAIN = 12;

/** The parameters of the constructors that made an object; undefined for those of other functions. */
export function construction(object: Made, objects: ObjectSource, values: Engine): ParamValue {
  const { cls, maker } = object;
  const valueOf: ParamValue = (fn, index) => {
    if (!cls || fn.cls === undefined) return undefined;
    // A method of another class has put something of its own object into this one.
    if (index === -1) return objects.chain(cls).includes(fn.cls) ? [object] : undefined;
    if (fn === maker) return object.args?.[index] ?? defaultOf(fn, index, values);
    if (fn === cls.scope) return fieldParam(object, index, values);
    return chained(fn, index);
  };
  const chained: ParamValue = (fn, index) => {
    if (!cls) return undefined;
    let from: { readonly fn: Fn; readonly of: Class } | undefined = { fn: maker ?? cls.scope, of: cls };
    for (let i = 0; from && i < MAX_CHAIN; i++) {
      const { fn: caller, of }: { fn: Fn; of: Class } = from;
      const next = nextOf(caller, of, objects);
      if (!next) return undefined;
      const given = caller.chained?.args ?? [];
      if (next.fn === fn || next.fn === undefined) {
        const params = next.fn?.params ?? next.of.fieldParams;
        if (next.fn === undefined && fn !== next.of.scope) return undefined;
        const value = align(params, given, (arg: Arg): Val => values.eval(arg.value, caller))[index];
        return value ? substitute(value, valueOf, values) : defaultOf(fn, index, values, params);
      }
      from = { fn: next.fn, of: next.of };
    }
    return undefined;
  };
  return valueOf;
}

/** The calls by which constructors call others, which are written as no calls: `super(ax)`, `: base(ax)`, or not at all. */
export function chainedCalls(fns: readonly Fn[], values: Engine): CallSite[] {
  return fns.flatMap((fn): CallSite[] => {
    const { cls, chained = implied(fn, values) } = fn;
    if (!cls || !chained || !(isConstructor(fn) || fn === cls.scope)) return [];
    const callee = nextOf({ ...fn, chained }, cls, values.objects)?.fn;
    if (!callee || callee === fn) return [];
    const args = align(callee.params, chained.args, (arg) => values.eval(arg.value, fn));
    const [first, last] = [chained.args[0]?.value, chained.args.at(-1)?.value];
    const { start, end } = { start: first?.start ?? fn.start, end: last?.end ?? fn.end };
    const self: Val = [{ kind: 'param', fn, index: -1, path: [] }];
    return [{ caller: fn, callee, args, self, handedOver: !first, start, end }];
  });
}

/** Where a constructor begins with that of the class above, without saying so. */
const implied = (fn: Fn, values: Engine): Fn['chained'] =>
  values.facts.implicitThis && isConstructor(fn) ? { own: false, args: [] } : undefined;

/** The constructor that one calls: undefined stands for a primary one. */
function nextOf(caller: Fn, of: Class, objects: ObjectSource): { fn: Fn | undefined; of: Class } | undefined {
  const { chained } = caller;
  if (!chained) return undefined;
  const count = chained.args.length;
  if (chained.own) {
    const own = overload(caller.overloads.find((o) => o !== caller) ?? caller, count);
    return { fn: own === caller ? undefined : own, of };
  }
  const above = objects.chain(caller.cls ?? of)[1];
  return above && { fn: objects.constructorOf(above, count), of: above };
}

/** A record's component, whichever of its constructors was called. */
function fieldParam(object: Made, index: number, values: Engine): Val {
  const { cls, maker } = object;
  const param = cls?.fieldParams[index];
  const at = maker ? maker.params.findIndex((p) => p.name === param?.name) : index;
  const fallback = param?.default;
  return object.args?.[at] ?? (fallback && cls ? values.eval(fallback, cls.scope) : DYNAMIC);
}

function defaultOf(fn: Fn, index: number, values: Engine, params = fn.params): Val {
  const fallback = params[index]?.default;
  return fallback ? values.eval(fallback, fn) : DYNAMIC;
}
