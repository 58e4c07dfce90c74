/** What calls give that are handed a function: what it makes of each element, of what there is, or of a failure. */

import { nameOf } from './call-shapes';
import { either } from './calls';
import { callBare } from './substitution';
import type { Engine } from './engine';
import type { LibraryPaths } from './library-paths';
import { stepInto } from './members';
import { failed, isOfClass } from './printing';
import { isSymbolic } from './symbols';
import type { LibraryFacts } from '../ir/language';
import type { Arg, CallExpr, Expr, Fn, MemberExpr } from '../ir/program';
import { DYNAMIC, has, keysOf, NOTHING, secretsIn, secretsWithin, union, type Val } from '../ir/values';

/** Methods that answer with an element. */
const FINDS = /^(?:find|findLast|First|FirstOrDefault|Single|Last|find_last)$/;
/** Methods whose function only chooses, or looks at, what they answer with. */
const KEEPS = /^(?:filter|Where|inspect|peek|tap)$/;
/** Methods whose function is given what came out so far before each element. */
const FOLDS = /^(?:reduce|fold|Aggregate)$/;

export class HandedFunctions {
  private readonly library: LibraryFacts;

  constructor(
    private readonly values: Engine,
    private readonly paths: LibraryPaths,
  ) {
    this.library = values.facts.library;
  }

  /** `name.orElse("A")`, `name.unwrap_or_else(|| "A".into())`. */
  orElse(call: CallExpr, callee: MemberExpr, fn: Fn, args: readonly Val[]): Val {
    const on = this.values.eval(callee.object, fn);
    const [other = NOTHING] = args;
    const errors = on.filter((atom) => atom.kind === 'error');
    const answered = this.callEach(other, union([errors, DYNAMIC]), call, fn);
    if (callee.name === 'orElseThrow') return secretsIn(on).length > 0 ? secretsIn(on) : on;
    if (secretsIn(on).length > 0) return union([secretsIn(on), secretsIn(union([answered, other]))]);
    const plain = other.filter((atom) => atom.kind !== 'fn' && atom.kind !== 'method');
    return either([on, union([answered, plain])], true);
  }

  /** Java's `stream.collect(Collectors.toMap(n -> n, n -> …))`. */
  collect(call: CallExpr, callee: MemberExpr, fn: Fn): Val | undefined {
    const each = this.elementsFor('collect', this.values.eval(callee.object, fn));
    const [collector] = call.args;
    if (collector?.value.kind !== 'call') return undefined;
    return /^to(?:Unmodifiable|Concurrent)?Map$/.test(nameOf(collector.value.callee))
      ? this.table(collector.value.args, each, call, fn)
      : this.callAll(collector.value.args, each, call, fn);
  }

  private callAll(args: readonly Arg[], each: readonly Val[], call: CallExpr, fn: Fn): undefined {
    for (const arg of args)
      for (const atom of this.values.eval(arg.value, fn)) this.values.handed.callBack(atom, each, call, fn);
  }

  /** A dictionary of what two functions make of each element: its key, and its value. */
  private table(args: readonly Arg[], each: readonly Val[], call: CallExpr, fn: Fn): Val {
    const [keys = NOTHING, held] = args.map((arg) =>
      union(this.values.eval(arg.value, fn).map((atom) => this.values.handed.callBack(atom, each, call, fn))),
    );
    const value = held ?? union(each);
    const names = keysOf(keys);
    return [
      {
        kind: 'object',
        cls: undefined,
        fields: new Map(names.map((name) => [name, value])),
        args: undefined,
        rest: names.length > 0 ? NOTHING : value,
      },
    ];
  }

  /** `cell.get_or_init(|| …)`, `new Lazy<string>(() => …)`, `cache.computeIfAbsent(name, n -> …)`. */
  run(call: CallExpr, path: string, fn: Fn, args: readonly Val[]): Val | undefined {
    const fills = call.callee.kind === 'member' && this.library.fills.test(call.callee.name);
    if (!fills && !this.library.runs.test(path)) return undefined;
    const given = fills ? args.slice(0, 1) : args.filter((arg) => !isFunction(arg));
    const answered = args
      .filter(isFunction)
      .map((arg) => union(arg.map((atom) => this.values.handed.callBack(atom, given, call, fn))));
    if (answered.length === 0) return undefined;
    return union(answered);
  }

  /** `names.map(n => …)`, `secret.ifPresent(v -> …)`, `map(ax.secrets.get, names)`. */
  handOver(call: CallExpr, fn: Fn, args: readonly Val[]): Val | undefined {
    const { callee } = call;
    if (callee.kind === 'name' && /^(?:map|filter)$/.test(callee.name)) {
      const elements = stepInto(args[1] ?? NOTHING, 'each', this.values);
      return this.callEach(args[0] ?? NOTHING, elements, call, fn);
    }
    if (callee.kind !== 'member' || !this.library.each.test(callee.name)) return undefined;
    const on = this.source(this.values.eval(callee.object, fn), args);
    const thrown = this.library.catches.test(callee.name)
      ? union([this.values.effects.thrownIn(fn, callee.object), on.filter((atom) => atom.kind === 'error')])
      : NOTHING;
    const onlyThrown =
      this.library.catches.test(callee.name) && !/^(?:handle|whenComplete)$/.test(callee.name);
    const given =
      onlyThrown || thrown.length > 0 ? [union([thrown, DYNAMIC])] : this.elementsFor(callee.name, on);
    for (const arg of call.args)
      if (this.library.prints.test(this.paths.of(arg.value, fn).replaceAll('::', '.')))
        this.values.told.logged({ fn, args: given, into: 'log', start: call.start, end: call.end });
    const table = /^(?:ToDictionary|associateBy)$/.test(callee.name)
      ? this.table(call.args, given, call, fn)
      : undefined;
    if (table) return table;
    if (FOLDS.test(callee.name)) return this.fold(args, given[1] ?? DYNAMIC, call, fn);
    const answered = union([
      ...args.map((arg) => union(arg.map((atom) => this.values.handed.callBack(atom, given, call, fn)))),
      ...call.args.map((arg) => this.unbound(arg.value, given, fn)),
    ]);
    if (has(on, 'ctx') || has(on, 'secrets')) return answered;
    const hasElements = has(on, 'list') || has(on, 'param');
    if (KEEPS.test(callee.name) && (hasElements || secretsIn(on).length > 0)) return on;
    if (hasElements && callee.name === 'find_map') return answered;
    // What is looked for is one of the elements.
    if (hasElements && FINDS.test(callee.name)) return given[0] ?? NOTHING;
    if (onlyThrown || thrown.length > 0) {
      const kept = on.filter((atom) => atom.kind !== 'error');
      return union([kept, /^map_err$/.test(callee.name) ? failed(answered, this.values) : answered]);
    }
    const secrets = secretsIn(answered);
    const objects = answered.filter((atom) => atom.kind === 'object');
    if (on.some((atom) => atom.kind === 'secret')) return union([secrets, objects]);
    if (on.some((atom) => atom.kind === 'result')) return union([asResults(secrets), objects]);
    if (on.some(isOfClass)) return answered;
    if (has(on, 'param') && answered.length > 0) return [{ kind: 'list', items: [answered] }, ...objects];
    if (has(on, 'list')) return [{ kind: 'list', items: [answered] }];
    // Of what a library holds, a list or one: what the function makes of it.
    const isKnown = secretsWithin(answered).length > 0 || answered.some(isSymbolic);
    return isKnown ? [{ kind: 'list', items: [answered] }, ...answered, ...DYNAMIC] : DYNAMIC;
  }

  /** `names.reduce((all, name) => …, {})`: what it begins with goes round, and comes out with all that was added. */
  private fold(args: readonly Val[], each: Val, call: CallExpr, fn: Fn): Val {
    const steps = union(args.filter(isFunction));
    const begun = union(args.filter((arg) => !isFunction(arg)));
    const turn = (before: Val): Val =>
      union([before, ...steps.map((atom) => this.values.handed.callBack(atom, [before, each], call, fn))]);
    const once = turn(begun.length > 0 ? begun : each);
    return turn(once);
  }

  /** What the elements come from: `names.map(f)`, or a list beside the function, as in `pool.map(f, names)`. */
  private source(on: Val, args: readonly Val[]): Val {
    return on.length === 1 && on[0]?.kind === 'dynamic' ? (args.find((arg) => has(arg, 'list')) ?? on) : on;
  }

  /** Java's `Kind::name`, `AxiomContext::secrets`: each element is what the method is called on. */
  private unbound(arg: Expr, given: readonly Val[], fn: Fn): Val {
    if (!this.values.facts.unboundMethods || arg.kind !== 'member' || arg.object.kind !== 'name')
      return NOTHING;
    if (!/^[A-Z]/.test(arg.object.name) || !has(this.values.eval(arg, fn), 'dynamic')) return NOTHING;
    return callBare(stepInto(given[0] ?? NOTHING, `.${arg.name}`, this.values), this.values);
  }

  /** What a method such as `map` or `reduce` gives the function that it is handed. */
  private elementsFor(method: string, on: Val): readonly Val[] {
    const maps = on.filter((atom) => atom.kind === 'object' && atom.cls === undefined);
    if (maps.length > 0 && /^(?:forEach|ForEach)$/.test(method)) {
      const [keys, all] = [stepInto(maps, 'keys', this.values), stepInto(maps, 'each', this.values)];
      return this.values.facts.keyComesFirst ? [keys, all] : [all, keys];
    }
    const lists = on.filter((atom) => atom.kind === 'list' || atom.kind === 'param');
    const platform = on.filter((atom) => atom.kind === 'ctx' || atom.kind === 'secrets');
    // Java's Optional hands over the value; Rust's, made of the pair, hands over the pair.
    const secrets = this.values.facts.handsOverPairs
      ? on.filter((atom) => atom.kind === 'result' || atom.kind === 'secret')
      : secretsIn(on);
    const each = union([
      stepInto(lists, 'each', this.values),
      stepInto(maps, 'pairs', this.values),
      on.filter(isOfClass),
      secrets,
      platform,
    ]);
    const known = each.length > 0 ? each : DYNAMIC;
    return FOLDS.test(method) ? [DYNAMIC, known] : [known];
  }

  callEach(callee: Val, elements: Val, call: CallExpr, fn: Fn): Val {
    return union(callee.map((atom) => this.values.handed.callBack(atom, [elements], call, fn)));
  }
}

const isFunction = (val: Val): boolean => has(val, 'fn') || has(val, 'method') || has(val, 'getter');

const asResults = (secrets: Val): Val =>
  secrets.flatMap((atom): Val => (atom.kind === 'secret' ? [{ ...atom, kind: 'result' }] : []));
