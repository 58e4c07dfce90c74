/** Evaluates calls: reads of secrets, calls of the package's own functions, well-known library functions. */

import { align, isSymbolic, substitute, type CallSite } from './calls';
import type { Evaluator } from './evaluator';
import { LibraryCalls } from './library-calls';
import type { Arg, CallExpr, Class, Fn, Range } from './program';
import { constantOf } from './text-functions';
import { DYNAMIC, NOTHING, SECRETS, has, secretsIn, str, union, type Atom, type Val } from './values';

/** A call of `get`, or of something that may turn out to be it once callers are known. */
export interface ReadTemplate extends Range {
  /** The function whose callers decide, or that the read belongs to. */
  readonly owner: Fn;
  /** Where `get` is called; `start` and `end` are where the name is given. */
  readonly site: Range & { readonly fn: Fn };
  readonly receiver: Val;
  readonly name: Val;
  /** How the code came by it, so far. */
  readonly kind: 'literal' | 'constant' | 'alias' | 'helper';
}

/** A call of the node's log, or of the language's own printing, with what it is given. */
export interface LogCall extends Range {
  readonly fn: Fn;
  readonly args: readonly Val[];
}

export class CallEvaluation {
  readonly sites: CallSite[] = [];
  private readonly handedOver = new Map<Fn, CallSite[]>();
  private readonly sitesByCaller = new Map<Fn, CallSite[]>();
  readonly reads: ReadTemplate[] = [];
  readonly logged: LogCall[] = [];
  /** Names whose status is asked for: reads of their own kind, never listed. */
  readonly asked = new Set<string>();
  /** Methods called on values of unknown class, by calling function. */
  readonly openCalls = new Map<Fn, Set<string>>();
  private readonly library: LibraryCalls;

  constructor(private readonly values: Evaluator) {
    this.library = new LibraryCalls(values, this);
  }

  /** The calls of package functions that a function makes. */
  sitesOf(caller: Fn): readonly CallSite[] {
    return this.sitesByCaller.get(caller) ?? [];
  }

  private addSite(site: CallSite): void {
    this.sites.push(site);
    if (site.handedOver)
      this.handedOver.set(site.callee, [...(this.handedOver.get(site.callee) ?? []), site]);
    const known = this.sitesByCaller.get(site.caller);
    if (known) known.push(site);
    else this.sitesByCaller.set(site.caller, [site]);
  }

  evaluate(call: CallExpr, fn: Fn): Val {
    const callee = this.values.eval(call.callee, fn);
    const args = call.args.map((arg) => this.values.eval(arg.value, fn));
    this.noteLog(call, fn, callee, args);
    if (call.callee.kind === 'member') this.noteOpen(fn, call.callee.name);
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
      case 'logger':
        return args.length === 0 ? [atom] : NOTHING;
      case 'secretFn':
        return union([[{ ...atom, kind: 'secret' }], ...args.filter((arg) => !has(arg, 'fn'))]);
      case 'strFn':
        return this.text(atom, args);
      case 'str': // A record's accessor.
        return args.length === 0 ? [atom] : undefined;
      case 'thunk':
        return atom.value;
      case 'lookup':
        return this.lookUp(atom.of, args);
      case 'fn':
        return this.enter(atom.fn, NOTHING, call, fn);
      case 'method':
        return this.enter(atom.fn, atom.self, call, fn);
      case 'class':
        return this.construct(atom.cls, call, fn);
      case 'param':
        return this.open(atom, call, fn, args);
      default:
        return undefined;
    }
  }

  private read(call: CallExpr, fn: Fn, receiver: Val, args: readonly Val[]): Val {
    if (args.length === 0) return NOTHING;
    const named = call.args.findIndex((arg) => arg.name !== undefined && /^(?:name|key)$/.test(arg.name));
    const index = Math.max(named, 0);
    const name = args[index] ?? DYNAMIC;
    const literal = call.args[index]?.value.kind === 'str';
    const kind = !literal ? 'constant' : isDirect(call, fn) ? 'literal' : 'alias';
    const at = { start: call.start, end: call.end };
    this.reads.push({ owner: fn, site: { ...at, fn }, receiver, name, kind, ...at });
    const from = name.length === 1 && name[0]?.kind === 'str' ? name[0].value : '';
    return [{ kind: 'result', from, site: siteKey(fn, call) }];
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
    const value = args.length === 0 ? constantOf(atom.value, atom.name) : undefined;
    return value === undefined ? DYNAMIC : str(value);
  }

  private lookUp(of: Atom & { kind: 'object' }, args: readonly Val[]): Val {
    const keys = (args[0] ?? NOTHING).flatMap((atom) => (atom.kind === 'str' ? atom.value : []));
    return union([this.values.entry(of, keys), args[1] ?? NOTHING]);
  }

  /** A call of one of the package's functions. */
  private enter(callee: Fn, self: Val, call: CallExpr, fn: Fn): Val {
    const { given, receiver } = this.receiverOf(callee, self, call);
    const args = align(callee.params, given, (arg) => this.argument(arg, fn));
    const shifted =
      callee.extendsType !== '' && callee.self === undefined && !has(self, 'class') && self.length > 0;
    const aligned = shifted
      ? [self, ...align(callee.params.slice(1), given, (arg) => this.argument(arg, fn))]
      : args;
    const site = { caller: fn, callee, args: aligned, self: receiver ? this.argument(receiver, fn) : self };
    this.addSite({ ...site, start: call.start, end: call.end });
    return this.values.answer(callee, site);
  }

  /** Rust may name the receiver as the first argument: `Client::token(&client)`. */
  private receiverOf(
    callee: Fn,
    self: Val,
    call: CallExpr,
  ): { given: readonly Arg[]; receiver: Arg | undefined } {
    const explicit = callee.self !== undefined && has(self, 'class') && this.values.scope.language === 'rust';
    return explicit
      ? { given: call.args.slice(1), receiver: call.args[0] }
      : { given: call.args, receiver: undefined };
  }

  private argument(arg: Arg, fn: Fn): Val {
    return this.values.eval(arg.value, fn);
  }

  construct(cls: Class, call: CallExpr, fn: Fn): Val {
    const args = align(this.values.objects.constructorParams(cls), call.args, (arg) =>
      this.argument(arg, fn),
    );
    const object: Atom = { kind: 'object', cls, fields: new Map(), args, rest: NOTHING };
    const callee = this.values.objects.constructorOf(cls);
    if (callee) this.addSite({ caller: fn, callee, args, self: [object], start: call.start, end: call.end });
    return [object];
  }

  /** A call of something that a caller gives. */
  private open(
    atom: Atom & { kind: 'param' },
    call: CallExpr,
    fn: Fn,
    args: readonly Val[],
  ): Val | undefined {
    const last = atom.path.at(-1);
    if (args.length === 0) return atom.path.length < 8 ? [{ ...atom, path: [...atom.path, '()'] }] : DYNAMIC;
    if (last === undefined || /^\.(?:get|Get|apply|Invoke|call)$/.test(last))
      return this.read(call, fn, [atom], args);
    return undefined;
  }

  /** A function that is handed over to be called with `args`: a lambda given to `map`. */
  callBack(callee: Atom, args: readonly Val[], call: CallExpr, fn: Fn): Val {
    if (callee.kind === 'getter') return this.read(callAs(call), fn, [callee], args);
    if (callee.kind !== 'fn' && callee.kind !== 'method') return NOTHING;
    const self = callee.kind === 'method' ? callee.self : NOTHING;
    const site = { caller: fn, callee: callee.fn, args, self, handedOver: true };
    this.addSite({ ...site, start: call.start, end: call.end });
    return union(callee.fn.returns.map((expr) => this.values.eval(expr, callee.fn))).filter(
      (a) => !isSymbolic(a),
    );
  }

  private noteOpen(fn: Fn, name: string): void {
    const names = this.openCalls.get(fn) ?? new Set();
    this.openCalls.set(fn, names.add(name));
  }

  private noteLog(call: CallExpr, fn: Fn, callee: Val, args: readonly Val[]): void {
    if (!has(callee, 'logger') && !this.library.prints(call)) return;
    this.logged.push({ fn, args, start: call.start, end: call.end });
  }

  /** The secrets that a log call puts out; a lambda's parameters are what a library was seen to hand it. */
  secretsLogged(log: LogCall): Val {
    const handed = this.handedOver.get(log.fn) ?? [];
    return union(
      log.args.flatMap((arg) => [
        this.library.secretsLogged(arg),
        ...handed.map((site) => {
          const given = this.values.given(site.callee, site);
          return this.library.secretsLogged(substitute(arg, given, this.values));
        }),
      ]),
    );
  }
}

/** `ax.secrets.get`, `ax.Secrets().Get`, `secrets.get` on a parameter: no alias on the way. */
function isDirect(call: CallExpr, fn: Fn): boolean {
  const { callee } = call;
  if (callee.kind !== 'member') return false;
  const object = callee.object.kind === 'call' ? callee.object.callee : callee.object;
  if (object.kind === 'name') return fn.params.some((param) => param.name === object.name);
  return object.kind === 'member' || object.kind === 'index';
}

/** Which `get` a secret came from, so that only confirmed reads make a leak. */
export const siteKey = (fn: Fn, at: Range): string => `${fn.file.path}:${at.start}`;

/** The call seen as one with the list's elements for arguments. */
const callAs = (call: CallExpr): CallExpr => ({ ...call, args: [] });
