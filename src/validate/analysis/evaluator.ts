/** Evaluates expressions to abstract values, each once and to a fixpoint: linear in the size of the package. */

import { CallEvaluation } from './call-evaluation';
import { isNodeError } from './call-shapes';
import { align, carried, concat, either, type CallSite } from './calls';
import { substitute, type ParamValue } from './substitution';
import { isSymbolic } from './symbols';
import { upTo } from './cutting';
import { valueOfType } from './context-types';
import { Effects } from './effects';
import type { Engine } from './engine';
import { Fixpoint } from './fixpoint';
import { HandedOver } from './handed-over';
import { Making } from './making';
import { stepInto } from './members';
import { Names } from './names';
import { methodOf } from './methods';
import { parsedAs } from './parsing';
import { isPlain } from './plain-keys';
import { debugged, printed } from './printing';
import { Objects } from './objects';
import { Recorder } from './recorder';
import { Kept } from './kept';
import { LibraryPaths } from './library-paths';
import { pathOf } from '../ir/paths';
import type { LanguageFacts, ModuleIndex } from '../ir/language';
import type { PackageScope } from '../ir/scope';
import {
  CONVERTS,
  INDEXER,
  type CastExpr,
  type CaughtExpr,
  type Class,
  type Expr,
  type Fn,
  type IndexExpr,
} from '../ir/program';
import type { MemberExpr, NameExpr, NothingExpr, RecordExpr, SourceFile, StepsExpr } from '../ir/program';
import {
  DYNAMIC,
  NOTHING,
  NUMBER,
  ZERO,
  forgetKeys,
  has,
  keysOf,
  secretsIn,
  str,
  union,
  type Atom,
  type Val,
} from '../ir/values';

/** The traits that a type parameter is bound to: `<P: Provider + Send>`, `where P: Provider`. */
function boundsOf(fn: Fn, type: string): readonly string[] {
  const head = fn.file.text.slice(fn.start, Math.min(fn.bodyAt, fn.start + 600));
  const bound = new RegExp(`\\b${type}\\s*:\\s*([^,>{]*)`).exec(head)?.[1] ?? '';
  return bound.match(/[A-Z]\w*/g) ?? [];
}

/** Substitutions that a package is granted: code that hands functions to functions may need more than there is time for. */
const MIN_STEPS = 50_000;
const STEPS_PER_USE = 10;

/** Rust's methods that make what the variable is declared to be, and that type's own function for it. */
const CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ['into', 'from'],
  ['try_into', 'try_from'],
  ['parse', 'from_str'],
]);

/** Not known, or a number: whose methods it has, its type would tell. */
const isUntold = ({ kind }: Atom): boolean => /^(?:dynamic|zero|number)$/.test(kind);

const numberOf = ({ number }: NothingExpr): Val =>
  number === undefined ? NOTHING : number === 'zero' ? ZERO : NUMBER;

/** What a list of pairs holds under keys: a dictionary that was collected from it. */
const entriesAt = ({ items }: Atom & { kind: 'list' }, keys: readonly string[]): Val =>
  union(
    items.flat().map((pair): Val => {
      if (pair.kind !== 'list' || pair.exact !== true || pair.items.length !== 2) return NOTHING;
      const [key = NOTHING, value = NOTHING] = pair.items;
      return key.some((atom) => atom.kind !== 'str' || keys.includes(atom.value)) ? value : NOTHING;
    }),
  );

/** The keys that a value may be; none where it may be any other, too. */
const knownKeys = (key: Val): readonly string[] => (has(key, 'dynamic') ? [] : keysOf(key));

export class Evaluator implements Engine {
  readonly facts: LanguageFacts;
  readonly calls: CallEvaluation;
  readonly effects: Effects;
  readonly making: Making;
  readonly handed: HandedOver;
  private readonly kept = new Kept(this);
  readonly told = new Recorder();
  readonly modules: ModuleIndex;
  readonly paths: LibraryPaths;
  /** By a function those that are written directly within it. */
  private readonly inner = new Map<Fn, Fn[]>();
  readonly names: Names;
  readonly objects: Objects;
  /** Functions and classes that each function mentions. */
  readonly mentions = new Map<Fn, Set<Fn | Class>>();
  private readonly fixpoint = new Fixpoint();
  private steps = 0;
  private readonly maxSteps: number;

  constructor(
    readonly scope: PackageScope,
    files: readonly SourceFile[],
    readonly handlers: ReadonlySet<Fn>,
  ) {
    forgetKeys();
    this.maxSteps = MIN_STEPS + STEPS_PER_USE * scope.fns.reduce((sum, fn) => sum + fn.uses.length, 0);
    this.facts = scope.language;
    this.modules = scope.language.modules(files);
    this.paths = new LibraryPaths(this.facts);
    for (const fn of scope.fns) {
      const siblings = fn.outer && this.inner.get(fn.outer);
      if (siblings) siblings.push(fn);
      else if (fn.outer) this.inner.set(fn.outer, [fn]);
    }
    this.names = new Names(this);
    this.objects = new Objects(this);
    this.calls = new CallEvaluation(this);
    this.effects = new Effects(this);
    this.making = new Making(this);
    this.handed = new HandedOver(this);
  }

  eval(expr: Expr, fn: Fn): Val {
    switch (expr.kind) {
      case 'str':
        return str(expr.value);
      case 'nothing':
        return numberOf(expr);
      case 'other':
        return DYNAMIC;
      default:
        return this.fixpoint.known(expr) ?? this.solved(expr, fn);
    }
  }

  private solved(expr: Expr, fn: Fn): Val {
    const compute = (again: boolean): Val => {
      const outer = this.told.begin(expr, again);
      const val = this.compute(expr, fn);
      this.told.end(outer);
      if (expr.kind === 'name' || expr.kind === 'member' || expr.kind === 'lambda') this.mention(fn, val);
      return val;
    };
    return this.fixpoint.solve(
      expr,
      compute,
      expr.kind === 'call' ? () => this.told.callsOf(expr) : undefined,
    );
  }

  solve(key: string, compute: () => Val): Val {
    return this.fixpoint.solve(key, compute);
  }

  private compute(expr: Expr, fn: Fn): Val {
    switch (expr.kind) {
      case 'str':
        return str(expr.value);
      case 'name':
        return this.named(expr, fn);
      case 'this':
        return this.names.receiver(fn);
      case 'member':
        return this.member(expr, fn);
      case 'index':
        return this.index(expr, fn);
      case 'call':
        return this.calls.evaluate(expr, fn);
      case 'concat':
        return concat(expr.parts.map((part) => printed(this.eval(part, fn), this)));
      case 'debug':
        return debugged(this.eval(expr.of, fn), this);
      case 'list':
        return [
          {
            kind: 'list',
            items: expr.items.map((item) => this.eval(item, fn)),
            exact: expr.exact,
            ...(expr.channel && { channel: true }),
          },
        ];
      case 'record':
        return this.record(expr, fn);
      case 'either':
        return either(
          expr.options.map((option) => this.eval(option, fn)),
          expr.fallback === true,
        );
      case 'steps':
        return this.stepped(expr, fn);
      case 'lambda':
        return [{ kind: 'fn', fn: expr.fn }];
      case 'cast':
        return valueOfType(expr.type, fn.file, this.scope) ?? this.seenAs(expr, fn);
      case 'nothing':
        return numberOf(expr);
      case 'other':
        return DYNAMIC;
      case 'filled':
        return this.effects.filled(expr, fn);
      case 'caught':
        return union([this.caught(expr, fn), DYNAMIC]);
    }
  }

  private stepped({ of, steps, upTo: end }: StepsExpr, fn: Fn): Val {
    const val = steps.reduce((value, name) => stepInto(value, name, this), this.eval(of, fn));
    return end ? upTo(val, this.eval(end, fn)) : val;
  }

  /** A value seen as another type: of what is not known, the type tells whose object it is. */
  private seenAs({ of, type }: CastExpr, fn: Fn): Val {
    const val = this.eval(of, fn);
    const call = of.kind === 'steps' ? of.of : of;
    const makes = call.kind === 'call' && call.callee.kind === 'member' ? call.callee : undefined;
    const converts = makes && CONVERSIONS.get(makes.name);
    const made = val.some(({ kind }) => kind === 'secret' || kind === 'param')
      ? this.objects.named(type, fn.file)?.methods.get(CONVERTS)
      : undefined;
    if (made) return this.answer(made, { args: [val], self: NOTHING });
    const text = val.flatMap((atom) => (atom.kind === 'object' && atom.parsed ? atom.rest : []));
    if (!converts && text.length === 0 && val.some(({ kind }) => kind !== 'dynamic')) return val;
    const cls = this.objects.named(type, fn.file);
    if (!cls) return val;
    if (text.length > 0) return [parsedAs(cls, text)];
    const [from] = converts ? this.objects.method(cls, converts) : [];
    if (makes && from?.kind === 'method')
      return stepInto(
        this.answer(from.fn, { args: [this.eval(makes.object, fn)], self: from.self }),
        'ok',
        this,
      );
    if (val.some(({ kind }) => kind !== 'dynamic')) return val;
    if (cls.isEnum) return this.objects.members(cls);
    return [{ kind: 'object', cls, fields: new Map(), args: undefined, rest: NOTHING }];
  }

  /** What a clause catches: of the package's own classes only their objects. */
  private caught({ body, types }: CaughtExpr, fn: Fn): Val {
    const thrown = this.effects.thrownIn(fn, body);
    const classes = types.map((type) => this.eval(type, fn).find((atom) => atom.kind === 'class'));
    if (types.length === 0 || classes.some((cls) => cls === undefined)) return thrown;
    const fits = (atom: Atom): boolean =>
      classes.some((cls) => cls?.kind === 'class' && this.fits(atom, cls.cls.name));
    return thrown.flatMap((atom): Val => {
      if (atom.kind !== 'error') return [atom];
      const own = (atom.thrown ?? []).filter(fits);
      return own.length > 0 ? [{ ...atom, thrown: own }] : [];
    });
  }

  /** A name, which may be a member that reads as a field. */
  private named(expr: NameExpr, fn: Fn): Val {
    const val = this.names.lookup(expr.name, fn, expr);
    const shown = this.kept.shown(expr.name, fn);
    const all = shown.length > 0 ? union([val, shown]) : val;
    return this.facts.implicitThis ? this.calls.runGetters(all, expr, fn) : all;
  }

  /** `a[k]`: an element, or what a class's own indexer answers. */
  private index(expr: IndexExpr, fn: Fn): Val {
    const object = this.eval(expr.object, fn);
    const indexers = object.flatMap((atom): Val => {
      if (atom.kind === 'param') {
        const own = this.objects.candidates({ ...atom, path: [...atom.path, `.${INDEXER}`] });
        return own.map((method) => ({ kind: 'method', fn: method, self: [atom] }));
      }
      const own = atom.kind === 'object' && atom.cls ? this.objects.method(atom.cls, INDEXER) : NOTHING;
      return own.map((m) => (m.kind === 'method' ? { ...m, self: [atom] } : m));
    });
    const key = this.eval(expr.index, fn);
    return indexers.length > 0 ? this.calls.index(indexers, expr, fn) : this.element(object, key);
  }

  private member(expr: MemberExpr, fn: Fn): Val {
    const module = this.facts.modulePaths ? this.modulePath(expr, fn) : undefined;
    if (module) return module;
    const above = this.above(expr, fn);
    if (above) return above;
    const object = this.eval(expr.object, fn);
    // A trait's constant is each type's own.
    const self = expr.object.kind === 'name' && expr.object.name === 'Self' && has(object, 'class');
    const constant = self ? stepInto(object, `.${expr.name}`, this) : NOTHING;
    if (self && has(constant, 'dynamic')) return stepInto(this.names.receiver(fn), `.${expr.name}`, this);
    const unknown = object.length === 1 && object[0]?.kind === 'dynamic';
    if (object.every(isUntold) && !this.paths.knows(expr, fn)) {
      const named = this.objects.ofNamedType(expr.name);
      if (named.length > 0) return named;
    }
    const bound = unknown && expr.scoped ? this.ofBound(expr, fn) : NOTHING;
    if (bound.length > 0) return bound;
    const cls = unknown ? this.modules.qualified(pathOf(expr).split(/\.|::/))?.cls : undefined;
    if (cls) return [{ kind: 'class', cls }];
    const found = this.calls.runGetters(stepInto(object, `.${expr.name}`, this), expr, fn);
    const missing = this.facts.classBodyIsApart ? this.calls.runMissing(object, expr, fn) : NOTHING;
    if (missing.length > 0) return missing;
    const read = this.facts.classBodyIsApart ? this.calls.runDescriptors(found, object, expr, fn) : found;
    if (!read.every(({ kind }) => kind === 'dynamic')) return read;
    const path = pathOf(expr);
    const told = this.facts.library.whole.test(expr.name)
      ? this.kept.whole(pathOf(expr.object), fn)
      : NOTHING;
    return union([read, this.kept.at(path, fn), this.kept.shown(path, fn), told]);
  }

  /** Rust's `P::SECRET`, where `P: Provider`: what any type has that is a Provider. */
  private ofBound({ object, name }: MemberExpr, fn: Fn): Val {
    if (object.kind !== 'name') return NOTHING;
    const bounds = boundsOf(fn, object.name);
    const types =
      bounds.length > 0 ? this.names.classes().filter((c) => c.bases.some((b) => bounds.includes(b))) : [];
    return union(types.map((cls) => this.statics(cls, name))).filter((atom) => atom.kind !== 'dynamic');
  }

  /** `super.read`, `super().read`, `base.Read`: the method of the nearest class above that has one. */
  private above(expr: MemberExpr, fn: Fn): Val | undefined {
    const { object, name } = expr;
    const python = object.kind === 'call' && object.callee.kind === 'name' && object.callee.name === 'super';
    if (!(object.kind === 'this' && object.above) && !python) return undefined;
    const cls = methodOf(fn)?.cls;
    const above = cls ? this.objects.chain(cls).slice(1) : [];
    const found = above.flatMap((c) => c.methods.get(name) ?? [])[0];
    const self = this.names.receiver(fn);
    return found && this.calls.runGetters([{ kind: 'method', fn: found, self }], expr, fn);
  }

  /** `crate::nodes::util::fetch`, `keys::TOKEN`: modules, whatever a variable beside is called. */
  private modulePath(expr: MemberExpr, fn: Fn): Val | undefined {
    const path = pathOf(expr).split('::');
    const [root = ''] = path; // `self` and `super` read as `this`.
    if (path.length < 2 || path.at(-1) !== expr.name) return undefined;
    if (path.length === 2 && /^[a-z_]/.test(root) && !/^(?:crate|this)$/.test(root)) {
      const found = this.names.lookup(root, fn.file.top);
      return has(found, 'module') ? stepInto(found, `.${expr.name}`, this) : undefined;
    }
    if (!/^(?:crate|this)$/.test(root)) return undefined;
    const object = path.length === 2 ? DYNAMIC : this.eval(expr.object, fn);
    return has(object, 'dynamic') ? this.names.lookup(expr.name, fn.file.top) : undefined;
  }

  private record(expr: RecordExpr, fn: Fn): Val {
    const { start, end } = expr;
    if (this.facts.library.buffers.test(this.paths.of(expr.type, fn)))
      return [{ kind: 'list', items: expr.items.map((item) => this.eval(item, fn)) }];
    const type = expr.type ? this.eval(expr.type, fn) : NOTHING;
    // A variant of an enum is an object of it.
    const cls = type.flatMap((atom) =>
      atom.kind === 'class' || atom.kind === 'object' ? (atom.cls ?? []) : [],
    )[0];
    const fields = new Map<string, Val>();
    let rest: Val = union(expr.items.map((item) => this.eval(item, fn)));
    let open: Val = NOTHING;
    for (const { key, value } of expr.entries) {
      const at = typeof key === 'string' ? NOTHING : this.eval(key, fn);
      const keys = typeof key === 'string' ? [key] : keysOf(at);
      open = union([open, at.filter(isSymbolic)]);
      const val = this.converted(cls, key, value, this.eval(value, fn));
      if (keys.length === 0) rest = union([rest, val]);
      for (const name of keys) fields.set(name, val);
    }
    for (const spread of expr.spreads) rest = union([rest, this.spreadInto(fields, spread, expr, fn)]);
    if (isNodeError(pathOf(expr.type)))
      this.told.logged({ fn, args: [...fields.values(), rest], into: 'error', start, end });
    if (cls) this.mention(fn, type);
    if (cls && expr.items.length > 0) {
      // `want{"NAME", 1}`: by position.
      expr.items.forEach((item, i) => fields.set([...cls.types.keys()][i] ?? '', this.eval(item, fn)));
      rest = NOTHING;
    }
    if (!cls && this.facts.library.showsFields.test(this.paths.of(expr.type, fn)))
      fields.set('String', [{ kind: 'thunk', value: carried(union([...fields.values()])) }]);
    const args =
      cls &&
      align(this.objects.constructorParams(cls, expr.args.length), expr.args, (arg) =>
        this.eval(arg.value, fn),
      );
    const maker = cls && this.objects.constructorOf(cls, expr.args.length);
    const restKeys = open.length > 0 && { restKeys: open };
    const object = { kind: 'object' as const, cls, fields, maker, args, rest, ...restKeys };
    if (cls) this.told.made(fn, object, expr);
    return [object];
  }

  /** `{ ...defaults, ...given }`: what comes later stands, and may leave what was there. Answers with what has no key. */
  private spreadInto(fields: Map<string, Val>, spread: Expr, { entries }: RecordExpr, fn: Fn): Val {
    const written = new Set(entries.filter(({ value }) => value.start > spread.end).map(({ key }) => key));
    return union(
      this.eval(spread, fn)
        .flatMap((atom) => this.spreadable(atom))
        .map((atom): Val => {
          const isGiven = /^(?:param|answer|pick)$/.test(atom.kind);
          if (isGiven)
            for (const [name, val] of fields)
              if (!written.has(name)) fields.set(name, union([val, stepInto([atom], `.${name}`, this)]));
          if (isGiven) return stepInto([atom], 'each', this);
          if (atom.kind !== 'object') return NOTHING;
          for (const [name, val] of atom.fields)
            if (!written.has(name)) fields.set(name, union([fields.get(name) ?? NOTHING, val]));
          return atom.rest;
        }),
    );
  }

  /** Rust's `Session { token: text.into() }` makes of the text what the field's type says. */
  private converted(cls: Class | undefined, key: string | Expr, value: Expr, val: Val): Val {
    if (!cls || typeof key !== 'string' || value.kind !== 'call' || value.callee.kind !== 'member')
      return val;
    const type = value.callee.name === 'into' ? this.objects.typeOf(cls, key) : undefined;
    const [from] = type ? this.objects.method(type, 'from') : [];
    return from?.kind === 'method' ? this.answer(from.fn, { args: [val], self: from.self }) : val;
  }

  private spreadable = (atom: Atom): Val =>
    atom.kind === 'object' && this.facts.entriesAreMembers ? this.objects.asTable(atom) : [atom];

  /** `a[k]`: by the key when it is known, else any of the elements. */
  element(of: Val, key: Val): Val {
    const keys = knownKeys(key);
    return union(
      of.map((atom): Val => {
        if (atom.kind === 'ctx' || atom.kind === 'secrets') {
          return union(keysOf(key).map((name) => stepInto([atom], `.${name}`, this)));
        }
        if (atom.kind === 'object') return atom.cls ? this.entry(atom, keys) : this.pick(atom, key);
        if (atom.kind === 'pick') return this.element(this.pick(atom.of, DYNAMIC), key);
        if (atom.kind === 'list') return keys.length > 0 ? entriesAt(atom, keys) : union(atom.items);
        if (atom.kind === 'class')
          return keys.length > 0 ? union(keys.map((k) => this.statics(atom.cls, k))) : this.members(atom.cls);
        if (atom.kind === 'param')
          return stepInto([atom], keys[0] === undefined ? 'each' : `.${keys[0]}`, this);
        return secretsIn([atom]).length > 0 || atom.kind === 'derived' || atom.kind === 'cut'
          ? stepInto([atom], 'each', this)
          : DYNAMIC;
      }),
    );
  }

  /** What a dictionary holds under these keys; all of it when they are not known. */
  entry(atom: Atom & { kind: 'object' }, keys: readonly string[]): Val {
    if (keys.length > 0 && keys.every((k) => isPlain(atom, k))) return DYNAMIC;
    if (keys.length > 0) return union([...keys.map((k) => atom.fields.get(k) ?? NOTHING), atom.rest]);
    const all = union([...atom.fields.values(), atom.rest]);
    return all.length > 0 ? all : DYNAMIC;
  }

  /** What a function answers, at one call. */
  answer(fn: Fn, site: Pick<CallSite, 'args' | 'self'>): Val {
    const given = this.given(fn, site);
    if (fn.yields.length > 0) {
      const items = this.solve(`yields ${fn.id}`, () => [
        { kind: 'list', items: fn.yields.map((expr) => this.eval(expr, fn)) },
      ]);
      return substitute(items, given, this);
    }
    const returned = this.solve(`returns ${fn.id}`, () =>
      union(fn.returns.map((expr) => this.eval(expr, fn))),
    );
    return substitute(returned, given, this);
  }

  /** The parameters of a function, at one call. */
  given(callee: Fn, site: Pick<CallSite, 'args' | 'self'>): ParamValue {
    return (fn, index) => {
      if (fn !== callee) return undefined;
      if (index === -1) return site.self;
      const fallback = fn.params[index]?.default;
      const arg = site.args[index];
      if (fallback && (arg === undefined || arg.length === 0)) return this.eval(fallback, fn);
      const leftOut = this.facts.argumentsAreOptional && index < site.args.length;
      return arg ?? (leftOut ? NOTHING : DYNAMIC);
    };
  }

  private mention(fn: Fn, val: Val, depth = 3): void {
    for (const atom of val) {
      if (atom.kind === 'fn' || atom.kind === 'method') this.mentionedBy(fn).add(atom.fn);
      else if (atom.kind === 'class') this.mentionedBy(fn).add(atom.cls);
      else if (depth > 0 && atom.kind === 'list')
        for (const item of atom.items) this.mention(fn, item, depth - 1);
      else if (depth > 0 && atom.kind === 'object') {
        if (atom.cls) this.mentionedBy(fn).add(atom.cls);
        for (const field of atom.fields.values()) this.mention(fn, field, depth - 1);
      }
    }
  }

  private mentionedBy(fn: Fn): Set<Fn | Class> {
    let mentioned = this.mentions.get(fn);
    if (!mentioned) this.mentions.set(fn, (mentioned = new Set()));
    return mentioned;
  }

  isTooLong = (): boolean => ++this.steps > this.maxSteps;
  /** True when the limit on steps was met: there may be more than was found. */
  get gaveUp(): boolean {
    return this.steps > this.maxSteps;
  }
  method = (cls: Class, name: string): Val => this.objects.method(cls, name);
  members = (cls: Class): Val => this.objects.members(cls);
  statics = (cls: Class, name: string): Val => this.objects.statics(cls, name);
  field = (object: Atom & { kind: 'object' }, name: string): Val => this.objects.field(object, name);
  extension = (atom: Atom, name: string): Val => this.objects.extension(atom, name);
  typed = (atom: Atom & { kind: 'param' }, name: string): Val => this.objects.typed(atom, name);
  exported = (atom: Atom & { kind: 'module' }, name: string): Val => this.names.exported(atom, name);
  pick = (of: Atom & { kind: 'object' }, key: Val): Val =>
    key.some(isSymbolic) ? [{ kind: 'pick', of, key }] : this.entry(of, knownKeys(key));
  /** A function and those that are written within it. */
  private within(fn: Fn): readonly Fn[] {
    return [fn, ...(this.inner.get(fn) ?? []).flatMap((f) => this.within(f))];
  }

  handedOut = (fn: Fn, which: string): Val => {
    const given = fn.params[0]?.name;
    return union(
      this.within(fn).flatMap((f) =>
        f.uses.map((use) => {
          if (use.kind !== 'call' || use.callee.kind !== 'name' || use.callee.name !== given) return NOTHING;
          const arg = which === 'keys' ? use.args[0] : use.args.at(-1);
          return arg ? this.eval(arg.value, f) : NOTHING;
        }),
      ),
    );
  };
  tuplePart = (name: string): ReadonlySet<number> | undefined => this.scope.tupleParts.get(name);
  declares = (cls: Class, name: string): boolean => this.objects.declares(cls, name);
  fits = (atom: Atom, type: string): boolean => this.objects.fits(atom, type);
  printed = (val: Val): Val => printed(val, this);
  stored = (cls: Class, name: string): Val => this.objects.stored(cls, name);
  applied = (atom: Atom, args: readonly Val[], what: 'answer' | 'thrown'): Val =>
    this.handed.applied(atom, args, what);
  bare = (atom: Atom & { kind: 'fn' | 'method' }): Val =>
    this.answer(atom.fn, { args: [], self: atom.kind === 'method' ? atom.self : NOTHING });
}
