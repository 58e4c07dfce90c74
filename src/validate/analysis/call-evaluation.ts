/** Evaluates calls: reads of secrets, calls of the package's own functions, well-known library functions. */

import {
  callAs,
  isDirect,
  isNodeError,
  nameOf,
  plainCall,
  siteKey,
  type Escape,
  type LogCall,
  type Made,
  type Put,
  type ReadTemplate,
} from './call-shapes';
import {
  align,
  concat,
  either,
  errorOf,
  inPlace,
  isSymbolic,
  named,
  substitute,
  traced,
  type CallSite,
} from './calls';
import { joinedBy } from './collections';
import type { CallSource, Engine } from './engine';
import { stepInto } from './members';
import { put } from './growth';
import { LibraryCalls } from './library-calls';
import { pathOf } from '../ir/paths';
import { overload } from './methods';
import { errorText } from './printing';
import type { Arg, CallExpr, Class, Expr, FilledExpr, Fn, IndexExpr, Range } from '../ir/program';
import { constantOf } from './text-functions';
import {
  CONVERTED,
  DYNAMIC,
  NOTHING,
  SECRETS,
  has,
  keyOf,
  keyOfVal,
  keysOf,
  secretsIn,
  str,
  union,
  type Atom,
  type Val,
} from '../ir/values';

/** What evaluating told beside values. */
export interface Recorded {
  /** Objects of the package's classes, and where they are made. */
  readonly made: Made[];
  readonly sites: CallSite[];
  readonly reads: ReadTemplate[];
  readonly logged: LogCall[];
  readonly escapes: Escape[];
}

/** Functions that are handed to functions that are handed to functions: further than this they are not followed. */
const MAX_APPLIED = 6;

/** Of a list that is handed over as arguments, these many are told apart. */
const MAX_SPREAD = 6;

export class CallEvaluation implements CallSource {
  /** What evaluating an expression told: told anew each time, so that only the last time counts. */
  private readonly records = new Map<Expr, Recorded>();
  private at: Expr | undefined;
  /** How many functions that were handed over are followed in each other. */
  private applying = 0;
  /** Names whose status is asked for: reads of their own kind, never listed. */
  readonly asked = new Set<string>();
  /** Methods called on values of unknown class, by calling function. */
  readonly openCalls = new Map<Fn, Set<string>>();
  private readonly library: LibraryCalls;

  constructor(private readonly values: Engine) {
    this.library = new LibraryCalls(values, this, values.paths);
  }

  /** Evaluates an expression; what calls it makes, reads and logs is remembered as its own. */
  recording<T>(expr: Expr, body: () => T): T {
    const outer = this.at;
    this.at = expr;
    this.records.delete(expr);
    try {
      return body();
    } finally {
      this.at = outer;
    }
  }

  /** All that was told. */
  recorded(): Recorded {
    const all: Recorded = { made: [], sites: [], reads: [], logged: [], escapes: [] };
    for (const { made, sites, reads, logged, escapes } of this.records.values()) {
      for (const object of made) all.made.push(object);
      for (const site of sites) all.sites.push(site);
      for (const read of reads) all.reads.push(read);
      for (const log of logged) all.logged.push(log);
      for (const escape of escapes) all.escapes.push(escape);
    }
    return all;
  }

  private get record(): Recorded {
    if (!this.at) return { made: [], sites: [], reads: [], logged: [], escapes: [] };
    let record = this.records.get(this.at);
    if (!record)
      this.records.set(this.at, (record = { made: [], sites: [], reads: [], logged: [], escapes: [] }));
    return record;
  }

  private addSite(site: CallSite): void {
    this.record.sites.push(site);
  }

  noteLogged(log: LogCall): void {
    this.record.logged.push(log);
  }

  noteMade(fn: Fn, object: Atom & { kind: 'object' }, { start, end }: Range): void {
    this.record.made.push({ fn, object, start, end });
  }

  noteEscape(escape: Escape): void {
    this.record.escapes.push(escape);
  }

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
            { kind: 'thrown', of: atom, args: use.args.map((a) => this.argument(a, fn)), path: [] },
          ]);
      for (const site of this.records.get(use)?.sites ?? [])
        thrown.push(
          substitute(this.thrownBy(site.callee), this.values.given(site.callee, site), this.values),
        );
      if (this.values.facts.library.echoes.test(this.values.paths.of(use.callee, fn)))
        thrown.push(errorOf(union(use.args.map((arg) => this.argument(arg, fn)))));
    }
    return union(thrown);
  }

  growthsAt(call: CallExpr, index: number, fn: Fn): readonly Put[] {
    this.values.eval(call, fn);
    return (this.records.get(call)?.sites ?? []).flatMap((site) => {
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
    const sites = this.records.get(call)?.sites ?? [];
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

  /** What a call of a function may throw, in terms of its parameters. */
  private thrownBy(fn: Fn): Val {
    return this.values.solve(`throws ${fn.id}`, () =>
      this.thrownIn(fn, { start: fn.start - 1, end: fn.end }),
    );
  }

  private errorFrom(expr: Expr, fn: Fn): Val {
    const val = this.values.eval(expr, fn);
    const thrown = val.filter((atom) => atom.kind === 'object' && atom.cls !== undefined);
    const args = expr.kind === 'call' ? expr.args.map((arg) => this.argument(arg, fn)) : [];
    if (thrown.length === 0) return errorOf(union([val, ...args]));
    // A class that says nothing of what it is given hands it all on.
    const silent = thrown.every((atom) => atom.kind === 'object' && !atom.maker);
    return errorOf(union([errorText(val, this.values), ...(silent ? args : [])]), thrown);
  }

  evaluate(written: CallExpr, fn: Fn): Val {
    const callee = this.values.eval(written.callee, fn);
    const call = this.values.facts.callsByCall ? plainCall(written) : written;
    const args = call.args.map((arg) => this.argumentIn(arg, fn));
    if (written.callee.kind === 'member' && written.callee.name === 'bind' && call.args.length > 0) {
      const bound = callee.flatMap((of): Val => [
        { kind: 'bound', of, args: call.args.slice(1), vals: args.slice(1) },
      ]);
      if (bound.length > 0 && !has(callee, 'dynamic')) return bound;
    }
    if (call.callee.kind === 'member' && call.callee.name === 'collect') {
      const table = this.library.collect(call, call.callee, fn);
      if (table) return table;
    }
    const context = this.values.facts.catchesResults ? this.library.context(call, fn, args) : NOTHING;
    if (context.length > 0) return union([this.answered(call, callee, fn, args), context]);
    return this.answered(call, callee, fn, args);
  }

  private answered(call: CallExpr, callee: Val, fn: Fn, args: readonly Val[]): Val {
    this.noteLog(call, fn, callee, args);
    const unqualified = call.callee.kind === 'name' && this.values.facts.implicitThis;
    if (call.callee.kind === 'member' || unqualified) this.noteOpen(fn, nameOf(call.callee));
    const answers = callee.map((atom) => this.apply(atom, call, fn, args));
    const known = answers.filter((answer) => answer !== undefined);
    if (known.length > 0 && !has(callee, 'dynamic')) return union(known);
    return union([...known, this.library.call(call, fn, args)]);
  }

  /** The call's value when it is of `atom`; undefined when that tells nothing. */
  private apply(atom: Atom, call: CallExpr, fn: Fn, args: readonly Val[]): Val | undefined {
    switch (atom.kind) {
      case 'getter':
        return this.read(call, fn, [atom], args);
      case 'status':
        return this.ask(args[0]);
      case 'secrets':
        return args.length === 0 ? SECRETS : undefined;
      case 'logger': // `log.child(…)`, `log.With(…)`; what a level's method answers is not asked for.
        return [atom];
      case 'secretFn':
        return union([[{ ...atom, kind: 'secret' }], ...args.map(secretsIn)]);
      case 'strFn':
        return this.text(atom, args);
      case 'ctx':
      case 'str': // A record's accessor.
        return args.length === 0 ? [atom] : undefined;
      case 'secret':
      case 'derived':
      case 'list':
        return args.length === 0 && this.values.facts.accessors ? [atom] : undefined;
      case 'bound':
        return this.apply(atom.of, { ...call, args: [...atom.args, ...call.args] }, fn, [
          ...atom.vals,
          ...args,
        ]);
      case 'thunk':
        return atom.value;
      case 'textFn':
        return traced(args);
      case 'lookup':
        return this.lookUp(atom.of, args);
      case 'fn':
        return this.enter(atom.fn, NOTHING, call, fn);
      case 'method':
        return this.enter(atom.fn, atom.self, call, fn);
      case 'class':
        return this.construct(atom.cls, call, fn);
      case 'object':
        return this.callObject(atom, call, fn);
      case 'param':
        return this.open(atom, call, fn, this.spreadOut(call, fn, args));
      default:
        return undefined;
    }
  }

  private read(call: CallExpr, fn: Fn, receiver: Val, args: readonly Val[]): Val {
    if (args.length === 0) return NOTHING;
    const byName = call.args.findIndex((arg) => arg.name !== undefined && /^(?:name|key)$/.test(arg.name));
    const index = Math.max(byName, 0);
    const name = args[index] ?? DYNAMIC;
    const literal = call.args[index]?.value.kind === 'str';
    const kind = !literal ? 'constant' : isDirect(call, fn) ? 'literal' : 'alias';
    const at = { start: call.start, end: call.end };
    const given = receiver[0]?.kind === 'param' ? { args } : {};
    // A text of which only the secrets are known is no name.
    const told = union(name.map((atom) => (atom.kind === 'derived' ? DYNAMIC : [atom])));
    this.record.reads.push({ owner: fn, site: { ...at, fn }, receiver, name: told, kind, ...given, ...at });
    return [named({ kind: 'result', from: '', site: siteKey(fn, call) }, told)];
  }

  private ask(name: Val | undefined): Val {
    for (const atom of name ?? []) if (atom.kind === 'str') this.asked.add(atom.value);
    return NOTHING;
  }

  /** `secretStatusOf(ax.secrets, name)`, `axiom.SecretStatusOf(ax.Secrets(), name)`. */
  askByName(args: readonly Val[]): Val {
    return this.ask(args[1]);
  }

  private text(atom: Atom & { kind: 'strFn' }, args: readonly Val[]): Val {
    const secrets = union(args.map(secretsIn));
    if (secrets.length > 0) return secrets;
    if (/^(?:format|formatted)$/.test(atom.name)) return this.library.format(atom.value, args);
    if (atom.name === 'join') return joinedBy([{ kind: 'str', value: atom.value }], args[0], this.values);
    if (/^(?:concat|Concat)$/.test(atom.name)) return concat([str(atom.value), ...args]);
    const value = constantOf(atom.value, atom.name);
    return value === undefined ? DYNAMIC : str(value);
  }

  private lookUp(of: Atom & { kind: 'object' }, args: readonly Val[]): Val {
    return either([this.values.pick(of, args[0] ?? NOTHING), args[1] ?? NOTHING], true);
  }

  /** Python: an object whose class has `__call__`. */
  private callObject(atom: Atom & { kind: 'object' }, call: CallExpr, fn: Fn): Val | undefined {
    const [own] = atom.cls ? this.values.objects.method(atom.cls, '__call__') : [];
    if (own?.kind === 'method') return this.enter(own.fn, [atom], call, fn);
    if (this.values.facts.tupleStructs) return [{ ...atom, fields: this.tupleFields(call, fn) }];
    // A record's accessor.
    return this.values.facts.accessors && call.args.length === 0 ? [atom] : undefined;
  }

  /** A call of one of the package's functions. */
  private enter(of: Fn, self: Val, call: CallExpr, fn: Fn, possible = false): Val {
    const callee = overload(of, call.args.length);
    const { given, receiver } = this.receiverOf(callee, self, call);
    const args = this.withDefaults(callee, given, fn);
    const shifted =
      callee.extendsType !== '' && callee.self === undefined && !has(self, 'class') && self.length > 0;
    const aligned = shifted
      ? [self, ...align(callee.params.slice(1), given, (arg) => this.argument(arg, fn))]
      : args;
    const site = { caller: fn, callee, args: aligned, self: receiver ? this.argument(receiver, fn) : self };
    this.addSite({ ...site, possible, start: call.start, end: call.end });
    return this.values.answer(callee, site);
  }

  /** A call's arguments; what a spread list may not hold is what the parameter is without. */
  private withDefaults(callee: Fn, given: readonly Arg[], fn: Fn): readonly (Val | undefined)[] {
    const args = align(callee.params, given, (arg) => this.argument(arg, fn));
    if (!given.some(({ spread }) => spread === true)) return args;
    return args.map((arg, i) => {
      const fallback = callee.params[i]?.default;
      return arg && fallback ? either([arg, this.values.eval(fallback, callee)], true) : arg;
    });
  }

  /** Rust may name the receiver as the first argument: `Client::token(&client)`. */
  private receiverOf(
    callee: Fn,
    self: Val,
    call: CallExpr,
  ): { given: readonly Arg[]; receiver: Arg | undefined } {
    const explicit =
      callee.self !== undefined && has(self, 'class') && pathOf(call.callee).endsWith(`::${callee.name}`);
    return explicit
      ? { given: call.args.slice(1), receiver: call.args[0] }
      : { given: call.args, receiver: undefined };
  }

  private argument(arg: Arg, fn: Fn): Val {
    const val = this.values.eval(arg.value, fn);
    const isUnknown = val.length === 1 && val[0]?.kind === 'dynamic';
    return isUnknown && this.library.makesText(arg.value, fn) ? [{ kind: 'textFn' }] : val;
  }

  /** One of the call's arguments; `*names` may give any of its elements. */
  private argumentIn(arg: Arg, fn: Fn): Val {
    const val = this.argument(arg, fn);
    return arg.spread ? stepInto(val, 'each', this.values) : val;
  }

  /** Calls what reads as a field, though a method gives it. */
  runGetters(val: Val, at: Range, fn: Fn): Val {
    return union(
      val.map((atom) => {
        if ((atom.kind !== 'method' && atom.kind !== 'fn') || !atom.fn.isGetter) return [atom];
        const self = atom.kind === 'method' ? atom.self : NOTHING;
        const site = { caller: fn, callee: atom.fn, args: [], self };
        this.addSite({ ...site, start: at.start, end: at.end });
        return this.values.answer(atom.fn, site);
      }),
    );
  }

  /** Python: a field whose class has `__get__` reads as what that answers. */
  runDescriptors(val: Val, of: Val, at: Range, fn: Fn): Val {
    return union(
      val.map((atom): Val => {
        const [own] =
          atom.kind === 'object' && atom.cls ? this.values.objects.method(atom.cls, '__get__') : [];
        if (own?.kind !== 'method') return [atom];
        const site = { caller: fn, callee: own.fn, args: [of, DYNAMIC], self: [atom] };
        this.addSite({ ...site, start: at.start, end: at.end });
        return this.values.answer(own.fn, site);
      }),
    );
  }

  construct(cls: Class, call: CallExpr, fn: Fn): Val {
    const { objects } = this.values;
    const [converted] = call.args;
    if (
      converted &&
      !call.construct &&
      this.values.facts.embeds &&
      this.values.scope.typeAliases.has(cls.name)
    )
      return this.convert(cls, this.argument(converted, fn));
    const maker = objects.constructorOf(cls, call.args.length);
    const params = objects.constructorParams(cls, call.args.length);
    const args = align(params, call.args, (arg) => this.argument(arg, fn));
    const object = {
      kind: 'object' as const,
      cls,
      fields: this.tupleFields(call, fn),
      maker,
      args,
      // What a class outside of the package is made of, nobody knows but that it is in there.
      rest: params.length > 0 ? NOTHING : union(call.args.map((arg) => this.argument(arg, fn))),
    };
    this.noteMade(fn, object, call);
    const callee = maker;
    if (callee) this.addSite({ caller: fn, callee, args, self: [object], start: call.start, end: call.end });
    return [object];
  }

  /** Go's `Redacted(text)`: the text, unless its type says what is printed of it. */
  private convert(cls: Class, of: Val): Val {
    const says = this.values.facts.textMethods.some((name) => cls.methods.has(name));
    return says
      ? [{ kind: 'object', cls, fields: new Map([[CONVERTED, of]]), args: undefined, rest: NOTHING }]
      : of;
  }

  /** `a[k]` on an object whose class says what that answers. */
  index(indexers: Val, expr: IndexExpr, fn: Fn): Val {
    const args = [{ name: undefined, value: expr.index, spread: false }];
    const call = { ...expr, kind: 'call', callee: expr.object, args, construct: false } as const;
    return union(indexers.map((m) => (m.kind === 'method' ? this.enter(m.fn, m.self, call, fn) : NOTHING)));
  }

  /** Rust's `Guard(ax, "NAME")` and `Auth::Basic(user, name)`: fields by their places. */
  private tupleFields(call: CallExpr, fn: Fn): ReadonlyMap<string, Val> {
    if (!this.values.facts.tupleStructs) return new Map();
    return new Map(call.args.map((arg, i) => [String(i), this.argument(arg, fn)]));
  }

  /** Arguments for a function that is not known yet: of `*args` each at its place, of `**options` none. */
  private spreadOut(call: CallExpr, fn: Fn, args: readonly Val[]): readonly Val[] {
    if (call.args.every(({ spread }) => spread === false)) return args;
    return call.args.flatMap(({ value, spread }, i): readonly Val[] => {
      if (spread === 'named') return [];
      if (!spread) return [args[i] ?? NOTHING];
      const of = this.values.eval(value, fn);
      return Array.from({ length: MAX_SPREAD }, (_, at) => stepInto(of, `[${at}]`, this.values));
    });
  }

  /** A call of something that a caller gives. */
  private open(
    atom: Atom & { kind: 'param' },
    call: CallExpr,
    fn: Fn,
    args: readonly Val[],
  ): Val | undefined {
    if (atom.index === -1 && atom.path.length === 0 && atom.fn.cls) {
      const made = this.construct(atom.fn.cls, call, fn);
      // `cls(…)` makes an object of the class that the method was called on.
      return this.values.objects.isExtended(atom.fn.cls)
        ? [{ kind: 'answer', of: atom, args, path: [] }]
        : made;
    }
    const last = atom.path.at(-1);
    const self: Val = [{ ...atom, path: atom.path.slice(0, -1) }];
    const candidates = last?.startsWith('.') ? this.values.objects.candidates(atom) : [];
    const answers = candidates.map((callee) => this.enter(callee, self, call, fn, true));
    if (args.length === 0) return atom.path.length < 8 ? [{ ...atom, path: [...atom.path, '()'] }] : DYNAMIC;
    if (answers.length > 0) return union(answers);
    const answer: Val = [{ kind: 'answer', of: atom, args, path: [] }];
    if (last === undefined || /^\.(?:get|Get|apply|accept|test|Invoke|call)$/.test(last))
      return union([this.read(call, fn, [atom], args), answer]);
    // A field may hold a function: `deps.fetch("NAME")`, `options.onError(caught)`.
    const isNamed = has(args[0] ?? NOTHING, 'str') || has(args[0] ?? NOTHING, 'param');
    const tells = args.some((arg) => arg.some(({ kind }) => kind !== 'dynamic'));
    const given = last.startsWith('.') && tells ? this.read(call, fn, [atom], args) : NOTHING;
    const read = isNamed ? given : NOTHING;
    if (this.values.objects.holds(atom)) return union([read, answer]);
    const untyped = atom.fn.name === '' && atom.fn.params[atom.index]?.type === '';
    return untyped ? union([answer, this.library.call(call, fn, args)]) : undefined;
  }

  /** What a function that was handed over answers, or throws, where it is called with `args`. */
  applied(atom: Atom, args: readonly Val[], what: 'answer' | 'thrown'): Val {
    if (atom.kind === 'param') return [{ kind: what, of: atom, args, path: [] }];
    if (atom.kind === 'bound') return this.applied(atom.of, [...atom.vals, ...args], what);
    if (atom.kind === 'thunk') return what === 'answer' ? atom.value : NOTHING;
    if (atom.kind === 'textFn') return what === 'answer' ? traced(args) : NOTHING;
    if (atom.kind === 'class') return what === 'answer' ? this.made(atom.cls, args) : NOTHING;
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
          : substitute(this.thrownBy(callee), this.values.given(callee, site), this.values);
      });
    } finally {
      this.applying--;
    }
  }

  /** An object of a class whose constructor was handed over: `names.map(Key::new)`. */
  private made(cls: Class, args: readonly Val[]): Val {
    const maker = this.values.objects.constructorOf(cls, args.length);
    const fields = this.values.facts.tupleStructs
      ? new Map(args.map((arg, i) => [String(i), arg] as const))
      : new Map<string, Val>();
    return [
      { kind: 'object', cls, fields, maker, args: maker ? inPlace(maker.params, args) : args, rest: NOTHING },
    ];
  }

  /** A function that is handed over to be called with `args`: a lambda given to `map`. */
  callBack(callee: Atom, args: readonly Val[], call: CallExpr, fn: Fn): Val {
    if (callee.kind === 'getter' || callee.kind === 'param')
      return this.read(callAs(call), fn, [callee], args);
    if (callee.kind === 'logger')
      this.noteLogged({ fn, args, into: 'log', start: call.start, end: call.end });
    if (callee.kind === 'class') return this.made(callee.cls, args);
    if (callee.kind === 'textFn') return traced(args);
    if (callee.kind !== 'fn' && callee.kind !== 'method') return NOTHING;
    const self = callee.kind === 'method' ? callee.self : NOTHING;
    const site = { caller: fn, callee: callee.fn, args, self, handedOver: true };
    this.addSite({ ...site, start: call.start, end: call.end });
    return this.values.answer(callee.fn, site);
  }

  private noteOpen(fn: Fn, name: string): void {
    const names = this.openCalls.get(fn) ?? new Set();
    this.openCalls.set(fn, names.add(name));
  }

  private noteLog(call: CallExpr, fn: Fn, callee: Val, args: readonly Val[]): void {
    const isError = isNodeError(pathOf(call.callee));
    if (!isError && !has(callee, 'logger') && !this.library.prints(call, fn)) return;
    // `log.debug(() -> "…")`
    const told = args.map((arg) =>
      union(arg.map((atom) => (atom.kind === 'fn' ? this.callBack(atom, [DYNAMIC], call, fn) : [atom]))),
    );
    this.noteLogged({ fn, args: told, into: isError ? 'error' : 'log', start: call.start, end: call.end });
  }
}
