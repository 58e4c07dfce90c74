/** What calls do beside answering: what they throw, and what they leave in what they are handed. */

import type { Put } from './call-shapes';
import { addressIn } from './addresses';
import { errorOf } from './calls';
import { substitute } from './substitution';
import { isSymbolic } from './symbols';
import type { EffectSource, Engine } from './engine';
import { put } from './growth';
import { errorText, isOfClass } from './printing';
import type { CallExpr, Expr, FilledExpr, Fn, Range } from '../ir/program';
import { DYNAMIC, has, keysOf, union, type Val } from '../ir/values';

export class Effects implements EffectSource {
  constructor(private readonly values: Engine) {}

  thrownIn(fn: Fn, within: Range): Val {
    const inside = (at: Range): boolean =>
      at.start >= within.start &&
      at.end <= within.end &&
      !fn.tries.some((inner) => inner.start > within.start && inner.start <= at.start && at.end <= inner.end);
    const thrown = fn.throws.filter(inside).map((expr) => this.errorFrom(expr, fn));
    for (const use of fn.uses) {
      if (use.kind !== 'call' || !inside(use)) continue;
      this.values.eval(use, fn);
      for (const atom of this.values.eval(use.callee, fn))
        if (atom.kind === 'param')
          thrown.push([
            {
              kind: 'thrown',
              of: atom,
              args: use.args.map((a) => this.values.calls.argument(a, fn)),
              path: [],
            },
          ]);
      for (const site of this.values.told.sitesOf(use))
        thrown.push(
          substitute(this.thrownBy(site.callee), this.values.given(site.callee, site), this.values),
        );
      const path = this.values.paths.of(use.callee, fn);
      const args = (): readonly Val[] => use.args.map((arg) => this.values.calls.argument(arg, fn));
      if (this.values.facts.library.echoes.test(path)) thrown.push(errorOf(commandIn(use, args())));
      if (this.values.facts.library.tellsAddress.test(path)) thrown.push(errorOf(addressIn(use, args())));
    }
    return union(thrown);
  }

  /** What a call of a function may throw, in terms of its parameters. */
  thrownBy(fn: Fn): Val {
    return this.values.solve(`throws ${fn.id}`, () =>
      this.thrownIn(fn, { start: fn.start - 1, end: fn.end }),
    );
  }

  private errorFrom(expr: Expr, fn: Fn): Val {
    const val = this.values.eval(expr, fn);
    const thrown = val.filter(isOfClass);
    const args = expr.kind === 'call' ? expr.args.map((arg) => this.values.calls.argument(arg, fn)) : [];
    // What was caught is thrown as what it is.
    const again = expr.kind === 'call' ? [] : val.filter(({ kind }) => kind === 'error');
    if (thrown.length === 0)
      return union([again, errorOf(union([val.filter((atom) => !again.includes(atom)), ...args]))]);
    // A class that says nothing of what it is given hands it all on.
    const silent = thrown.every((atom) => atom.kind === 'object' && !atom.maker);
    return errorOf(union([errorText(val, this.values), ...(silent ? args : [])]), thrown);
  }

  growthsAt(call: CallExpr, index: number, fn: Fn): readonly Put[] {
    this.values.eval(call, fn);
    return this.values.told.sitesOf(call).flatMap((site) => {
      const given = this.values.given(site.callee, site);
      const growths = site.callee.growths.get(site.callee.params[index]?.name ?? '') ?? [];
      return growths.map((growth) => {
        const { keys, open, value } = put(growth, this.values);
        const now = substitute(open, given, this.values);
        return {
          keys: [...keys, ...keysOf(now)],
          open: now.filter(isSymbolic),
          value: substitute(value, given, this.values),
        };
      });
    });
  }

  filled({ call, index }: FilledExpr, fn: Fn): Val {
    this.values.eval(call, fn);
    const sites = this.values.told.sitesOf(call);
    if (sites.length === 0) return DYNAMIC;
    return union(
      sites.map((site) => {
        const { callee } = site;
        // `this T x` is not written between the brackets.
        const shift = callee.extendsType !== '' && callee.params.length > call.args.length ? 1 : 0;
        const name = callee.params[index + shift]?.name ?? '';
        const left = union((callee.bindings.get(name) ?? []).map((b) => this.values.eval(b.value, b.fn)));
        return substitute(left, this.values.given(callee, site), this.values);
      }),
    );
  }
}

/** The command line that a call runs: not the environment, nor what else is said by name or in a dictionary. */
const commandIn = ({ args: written }: CallExpr, args: readonly Val[]): Val =>
  union(
    args.filter(
      (arg, i) => !has(arg, 'object') && (written[i]?.name === undefined || written[i].name === 'args'),
    ),
  );
