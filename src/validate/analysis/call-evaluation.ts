/** Evaluates calls: reads of secrets, calls of the package's own functions, well-known library functions. */

import { isDirect, isNodeError, nameOf, plainCall, siteKey } from './call-shapes';
import { align, concat, either, named, traced } from './calls';
import { appendedTo, joinedBy } from './collections';
import { cutBy } from './cutting';
import type { CallSource, Engine } from './engine';
import { LibraryCalls } from './library-calls';
import { masked } from './masking';
import { stepInto } from './members';
import { overload } from './methods';
import { constantOf } from './text-functions';
import { pathOf } from '../ir/paths';
import type { Arg, CallExpr, Fn, IndexExpr, MemberExpr, Range } from '../ir/program';
import { DYNAMIC, NOTHING, SECRETS, has, secretsIn, str, union, type Atom, type Val } from '../ir/values';

/** What dictionaries of a caller's are asked for their entries by. */
const LOOKS_UP = /^\.(?:getProperty|getOrDefault|GetValueOrDefault|setdefault|pop)$/;
/** Of a list that is handed over as arguments, these many are told apart. */
const MAX_SPREAD = 6;

export class CallEvaluation implements CallSource {
  /** Names whose status is asked for: reads of their own kind, never listed. */
  readonly asked = new Set<string>();
  /** Methods called on values of unknown class, by calling function. */
  readonly openCalls = new Map<Fn, Set<string>>();
  private readonly library: LibraryCalls;

  constructor(private readonly values: Engine) {
    this.library = new LibraryCalls(values, this, values.paths);
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
      const table = this.library.handed.collect(call, call.callee, fn);
      if (table) return table;
    }
    const whole = this.answered(call, callee, fn, args);
    const answered = appendedTo(
      call,
      args,
      cutBy(call, args, masked(call, this.values.paths.of(call.callee, fn), args, whole)),
    );
    const context = this.values.facts.catchesResults ? this.library.context(call, fn, args) : NOTHING;
    return context.length > 0 ? union([answered, context]) : answered;
  }

  private answered(call: CallExpr, callee: Val, fn: Fn, args: readonly Val[]): Val {
    this.noteLog(call, fn, callee, args);
    const unqualified = call.callee.kind === 'name' && this.values.facts.implicitThis;
    if (call.callee.kind === 'member' || unqualified) this.noteOpen(fn, nameOf(call.callee));
    const known: Val[] = [];
    for (const atom of callee) {
      const answer = this.apply(atom, call, fn, args);
      if (answer !== undefined) known.push(answer);
    }
    if (known.length === 0 || has(callee, 'dynamic')) known.push(this.library.call(call, fn, args));
    return union(known);
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
      case 'cut':
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
        return this.values.making.construct(atom.cls, call, fn);
      case 'object':
        return this.callObject(atom, call, fn);
      case 'param':
        return this.open(atom, call, fn, this.spreadOut(call, fn, args));
      default:
        return undefined;
    }
  }

  read(call: CallExpr, fn: Fn, receiver: Val, args: readonly Val[]): Val {
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
    this.values.told.read({ owner: fn, site: { ...at, fn }, receiver, name: told, kind, ...given, ...at });
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

  lookUp(of: Atom & { kind: 'object' }, args: readonly Val[]): Val {
    return either([this.values.pick(of, args[0] ?? NOTHING), args[1] ?? NOTHING], true);
  }

  /** Python: an object whose class has `__call__`. */
  private callObject(atom: Atom & { kind: 'object' }, call: CallExpr, fn: Fn): Val | undefined {
    const [own] = atom.cls ? this.values.objects.method(atom.cls, '__call__') : [];
    if (own?.kind === 'method') return this.enter(own.fn, [atom], call, fn);
    if (this.values.facts.tupleStructs)
      return [{ ...atom, fields: this.values.making.fieldsByPlace(call, fn) }];
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
    this.values.told.site({ ...site, possible, start: call.start, end: call.end });
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

  argument(arg: Arg, fn: Fn): Val {
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
        this.values.told.site({ ...site, start: at.start, end: at.end });
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
        this.values.told.site({ ...site, start: at.start, end: at.end });
        return this.values.answer(own.fn, site);
      }),
    );
  }

  /** Python: what an object has no field or method for is what its class's `__getattr__` answers. */
  runMissing(of: Val, { name, start, end }: MemberExpr, fn: Fn): Val {
    const { objects } = this.values;
    return union(
      of.map((atom): Val => {
        const cls =
          atom.kind === 'object' ? atom.cls : atom.kind === 'param' ? objects.classOf(atom) : undefined;
        const [own] = cls && !objects.declares(cls, name) ? objects.method(cls, '__getattr__') : [];
        if (own?.kind !== 'method') return NOTHING;
        const site = { caller: fn, callee: own.fn, args: [str(name)], self: [atom] };
        this.values.told.site({ ...site, start, end });
        return this.values.answer(own.fn, site);
      }),
    );
  }

  /** `a[k]` on an object whose class says what that answers. */
  index(indexers: Val, expr: IndexExpr, fn: Fn): Val {
    const args = [{ name: undefined, value: expr.index, spread: false }];
    const call = { ...expr, kind: 'call', callee: expr.object, args, construct: false } as const;
    return union(indexers.map((m) => (m.kind === 'method' ? this.enter(m.fn, m.self, call, fn) : NOTHING)));
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
      const made = this.values.making.construct(atom.fn.cls, call, fn);
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
    if (LOOKS_UP.test(last)) return answer;
    // A field may hold a function: `deps.fetch("NAME")`, `options.onError(caught)`.
    const isNamed = has(args[0] ?? NOTHING, 'str') || has(args[0] ?? NOTHING, 'param');
    const tells = args.some((arg) => arg.some(({ kind }) => kind !== 'dynamic'));
    const given = last.startsWith('.') && tells ? this.read(call, fn, [atom], args) : NOTHING;
    const read = isNamed ? given : NOTHING;
    if (this.values.objects.holds(atom)) return union([read, answer]);
    const untyped = atom.fn.name === '' && atom.fn.params[atom.index]?.type === '';
    return untyped ? union([answer, this.library.call(call, fn, args)]) : undefined;
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
      union(
        arg.map((atom) =>
          atom.kind === 'fn' ? this.values.handed.callBack(atom, [DYNAMIC], call, fn) : [atom],
        ),
      ),
    );
    this.values.told.logged({
      fn,
      args: told,
      into: isError ? 'error' : 'log',
      start: call.start,
      end: call.end,
    });
  }
}
