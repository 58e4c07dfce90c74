/** Objects of the package's classes where they are made: by a call of the class, or by whom it is handed to. */

import { align, inPlace } from './calls';
import type { Engine, MakingSource } from './engine';
import type { CallExpr, Class, Fn } from '../ir/program';
import { CONVERTED, NOTHING, union, type Val } from '../ir/values';

export class Making implements MakingSource {
  constructor(private readonly values: Engine) {}

  construct(cls: Class, call: CallExpr, fn: Fn): Val {
    const { objects } = this.values;
    const [converted] = call.args;
    if (
      converted &&
      !call.construct &&
      this.values.facts.embeds &&
      this.values.scope.typeAliases.has(cls.name)
    )
      return this.convert(cls, this.values.calls.argument(converted, fn));
    // `Mode(text)`: the member of that value.
    if (cls.isEnum && this.values.facts.classesAreCalled) return objects.members(cls);
    const maker = objects.constructorOf(cls, call.args.length);
    const params = objects.constructorParams(cls, call.args.length);
    const args = align(params, call.args, (arg) => this.values.calls.argument(arg, fn));
    const object = {
      kind: 'object' as const,
      cls,
      fields: this.fieldsByPlace(call, fn),
      maker,
      args,
      // What a class outside of the package is made of, nobody knows but that it is in there.
      rest: params.length > 0 ? NOTHING : union(call.args.map((arg) => this.values.calls.argument(arg, fn))),
    };
    this.values.told.made(fn, object, call);
    // C#'s `class A(string name) : B(name)` has no constructor but that.
    const callee = maker ?? (cls.scope.chained && cls.scope);
    if (callee)
      this.values.told.site({ caller: fn, callee, args, self: [object], start: call.start, end: call.end });
    return [object];
  }

  /** An object of a class whose constructor was handed over: `names.map(Key::new)`. */
  made(cls: Class, args: readonly Val[]): Val {
    const maker = this.values.objects.constructorOf(cls, args.length);
    const fields = this.values.facts.tupleStructs
      ? new Map(args.map((arg, i) => [String(i), arg] as const))
      : new Map<string, Val>();
    return [
      { kind: 'object', cls, fields, maker, args: maker ? inPlace(maker.params, args) : args, rest: NOTHING },
    ];
  }

  /** Go's `Redacted(text)`: the text, unless its type says what is printed of it. */
  private convert(cls: Class, of: Val): Val {
    const says = this.values.facts.textMethods.some((name) => cls.methods.has(name));
    return says
      ? [{ kind: 'object', cls, fields: new Map([[CONVERTED, of]]), args: undefined, rest: NOTHING }]
      : of;
  }

  /** Rust's `Guard(ax, "NAME")` and `Auth::Basic(user, name)`: fields by their places. */
  fieldsByPlace(call: CallExpr, fn: Fn): ReadonlyMap<string, Val> {
    if (!this.values.facts.tupleStructs) return new Map();
    return new Map(call.args.map((arg, i) => [String(i), this.values.calls.argument(arg, fn)]));
  }
}
