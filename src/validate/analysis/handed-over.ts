/** Functions that are handed over: what they answer or throw where they are called, and calls of them that nobody wrote. */

import { callAs } from './call-shapes';
import { inPlace, traced } from './calls';
import type { Engine, HandedSource } from './engine';
import { overload } from './methods';
import { substitute } from './substitution';
import type { CallExpr, Fn } from '../ir/program';
import { DYNAMIC, NOTHING, keyOf, keyOfVal, type Atom, type Val } from '../ir/values';

/** Functions that are handed to functions that are handed to functions: further than this they are not followed. */
const MAX_APPLIED = 6;

export class HandedOver implements HandedSource {
  /** How many functions that were handed over are followed in each other. */
  private applying = 0;

  constructor(private readonly values: Engine) {}

  /** What a function that was handed over answers, or throws, where it is called with `args`. */
  applied(atom: Atom, args: readonly Val[], what: 'answer' | 'thrown'): Val {
    if (atom.kind === 'param') return [{ kind: what, of: atom, args, path: [] }];
    if (atom.kind === 'bound') return this.applied(atom.of, [...atom.vals, ...args], what);
    if (atom.kind === 'thunk') return what === 'answer' ? atom.value : NOTHING;
    if (atom.kind === 'textFn') return what === 'answer' ? traced(args) : NOTHING;
    if (atom.kind === 'lookup' && what === 'answer') return this.values.calls.lookUp(atom.of, args);
    if (atom.kind === 'class') return what === 'answer' ? this.values.making.made(atom.cls, args) : NOTHING;
    if (atom.kind !== 'fn' && atom.kind !== 'method') return what === 'answer' ? DYNAMIC : NOTHING;
    if (this.applying >= MAX_APPLIED) return DYNAMIC;
    const key = [what, keyOf(atom), ...args.map(keyOfVal)].join(' ');
    this.applying++;
    try {
      return this.values.solve(key, () => {
        const callee = overload(atom.fn, args.length);
        const self = atom.kind === 'method' ? atom.self : NOTHING;
        const site = { args: inPlace(callee.params, args), self };
        return what === 'answer'
          ? this.values.answer(callee, site)
          : substitute(this.values.effects.thrownBy(callee), this.values.given(callee, site), this.values);
      });
    } finally {
      this.applying--;
    }
  }

  /** A function that is handed over to be called with `args`: a lambda given to `map`. */
  callBack(callee: Atom, args: readonly Val[], call: CallExpr, fn: Fn): Val {
    if (callee.kind === 'getter' || callee.kind === 'param')
      return this.values.calls.read(callAs(call), fn, [callee], args);
    if (callee.kind === 'logger')
      this.values.told.logged({ fn, args, into: 'log', start: call.start, end: call.end });
    if (callee.kind === 'class') return this.making(callee, args, call, fn);
    if (callee.kind === 'textFn') return traced(args);
    if (callee.kind !== 'fn' && callee.kind !== 'method') return NOTHING;
    const self = callee.kind === 'method' ? callee.self : NOTHING;
    const site = { caller: fn, callee: callee.fn, args, self, handedOver: true };
    this.values.told.site({ ...site, start: call.start, end: call.end });
    return this.values.answer(callee.fn, site);
  }

  /** An object of a class whose constructor is handed over: `names.map(Key::new)`. */
  private making({ cls }: Atom & { kind: 'class' }, args: readonly Val[], call: CallExpr, fn: Fn): Val {
    const made = this.values.making.made(cls, args);
    const callee = this.values.objects.constructorOf(cls, args.length);
    const { start, end } = call;
    if (callee)
      this.values.told.site({
        caller: fn,
        callee,
        args: inPlace(callee.params, args),
        self: made,
        handedOver: true,
        start,
        end,
      });
    return made;
  }
}
