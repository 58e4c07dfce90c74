/** Evaluates expressions to abstract values, each once: linear in the size of the package. */

import { CallEvaluation } from './call-evaluation';
import { align, concat, substitute, type CallSite, type ParamValue } from './calls';
import type { PackageScope } from './lowering';
import { stepInto, type MemberSource } from './members';
import { Modules } from './modules';
import { Names } from './names';
import { Objects } from './objects';
import { pathOf } from './library-calls';
import type { Class, Expr, Fn, MemberExpr, RecordExpr, SourceFile } from './program';
import { DYNAMIC, NOTHING, has, secretsIn, str, union, type Atom, type Val } from './values';

/** Chains of names longer than this are given up. */
const MAX_DEPTH = 120;

export class Evaluator implements MemberSource {
  readonly calls: CallEvaluation;
  readonly modules: Modules;
  readonly names: Names;
  readonly objects: Objects;
  /** Functions and classes that each function mentions. */
  readonly mentions = new Map<Fn, Set<Fn | Class>>();
  private readonly busy = new Set<unknown>();
  private depth = 0;

  constructor(
    readonly scope: PackageScope,
    files: readonly SourceFile[],
    readonly handlers: ReadonlySet<Fn>,
  ) {
    this.modules = new Modules(scope.language, files);
    this.names = new Names(this);
    this.objects = new Objects(this);
    this.calls = new CallEvaluation(this);
  }

  eval(expr: Expr, fn: Fn): Val {
    if (expr.val) return expr.val;
    if (this.busy.has(expr)) return NOTHING;
    if (this.depth > MAX_DEPTH) return DYNAMIC;
    this.busy.add(expr);
    this.depth++;
    const val = this.compute(expr, fn);
    this.depth--;
    this.busy.delete(expr);
    expr.val = val;
    if (expr.kind === 'name' || expr.kind === 'member' || expr.kind === 'lambda') this.mention(fn, val);
    return val;
  }

  private compute(expr: Expr, fn: Fn): Val {
    switch (expr.kind) {
      case 'str':
        return str(expr.value);
      case 'name':
        return this.names.lookup(expr.name, fn, expr);
      case 'this':
        return this.names.receiver(fn);
      case 'member':
        return this.member(expr, fn);
      case 'index':
        return this.element(this.eval(expr.object, fn), this.eval(expr.index, fn));
      case 'call':
        return this.calls.evaluate(expr, fn);
      case 'concat':
        return concat(expr.parts.map((part) => this.eval(part, fn)));
      case 'list':
        return [{ kind: 'list', items: expr.items.map((item) => this.eval(item, fn)) }];
      case 'record':
        return this.record(expr, fn);
      case 'either':
        return union(expr.options.map((option) => this.eval(option, fn)));
      case 'steps':
        return expr.steps.reduce((val, name) => stepInto(val, name, this), this.eval(expr.of, fn));
      case 'lambda':
        return [{ kind: 'fn', fn: expr.fn }];
      case 'nothing':
        return NOTHING;
      case 'other':
        return DYNAMIC;
    }
  }

  private member(expr: MemberExpr, fn: Fn): Val {
    const module = this.scope.language === 'rust' ? this.rustPath(expr, fn) : undefined;
    if (module) return module;
    const object = this.eval(expr.object, fn);
    const unknown = object.length === 1 && object[0]?.kind === 'dynamic';
    const cls = unknown ? this.modules.qualified(pathOf(expr).split(/\.|::/))?.cls : undefined;
    return cls ? [{ kind: 'class', cls }] : stepInto(object, `.${expr.name}`, this);
  }

  /** `crate::nodes::util::fetch`, `keys::TOKEN`: modules, whatever a variable beside is called. */
  private rustPath(expr: MemberExpr, fn: Fn): Val | undefined {
    const path = pathOf(expr).split('::');
    const [root = ''] = path;
    if (path.length < 2) return undefined;
    if (path.length === 2 && /^[a-z_]/.test(root) && !/^(?:crate|super|self)$/.test(root)) {
      const found = this.names.lookup(root, fn.file.top);
      return has(found, 'module') ? stepInto(found, `.${expr.name}`, this) : undefined;
    }
    if (!/^(?:crate|super|self)$/.test(root)) return undefined;
    const object = path.length === 2 ? DYNAMIC : this.eval(expr.object, fn);
    return has(object, 'dynamic') ? this.names.lookup(expr.name, fn.file.top) : undefined;
  }

  private record(expr: RecordExpr, fn: Fn): Val {
    const fields = new Map<string, Val>();
    let rest: Val = union(expr.items.map((item) => this.eval(item, fn)));
    for (const { key, value } of expr.entries) {
      const keys = typeof key === 'string' ? [key] : this.textsOf(this.eval(key, fn));
      const val = this.eval(value, fn);
      if (keys.length === 0) rest = union([rest, val]);
      for (const name of keys) fields.set(name, val);
    }
    for (const spread of expr.spreads) {
      for (const atom of this.eval(spread, fn)) {
        if (atom.kind !== 'object') continue;
        for (const [name, val] of atom.fields) if (!fields.has(name)) fields.set(name, val);
        rest = union([rest, atom.rest]);
      }
    }
    const type = expr.type ? this.eval(expr.type, fn) : NOTHING;
    const cls = type.flatMap((atom) => (atom.kind === 'class' ? atom.cls : []))[0];
    if (cls) this.mention(fn, type);
    if (cls && expr.items.length > 0) {
      // `want{"NAME", 1}`: by position.
      expr.items.forEach((item, i) => fields.set([...cls.types.keys()][i] ?? '', this.eval(item, fn)));
      rest = NOTHING;
    }
    const args =
      cls && align(this.objects.constructorParams(cls), expr.args, (arg) => this.eval(arg.value, fn));
    return [{ kind: 'object', cls, fields, args, rest }];
  }

  private textsOf = (val: Val): string[] => val.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));

  /** `a[k]`: by the key when it is known, else any of the elements. */
  element(of: Val, key: Val): Val {
    const keys = this.textsOf(key);
    return union(
      of.map((atom): Val => {
        if (atom.kind === 'ctx' || atom.kind === 'secrets') {
          return union(keys.map((name) => stepInto([atom], `.${name}`, this)));
        }
        if (atom.kind === 'object') return this.entry(atom, keys);
        if (atom.kind === 'list') return union(atom.items);
        if (atom.kind === 'param' && keys[0] !== undefined) return stepInto([atom], `.${keys[0]}`, this);
        return secretsIn([atom]).length > 0 ? NOTHING : DYNAMIC;
      }),
    );
  }

  /** What a dictionary holds under these keys; all of it when they are not known. */
  entry(atom: Atom & { kind: 'object' }, keys: readonly string[]): Val {
    if (keys.length > 0) return union([...keys.map((k) => atom.fields.get(k) ?? NOTHING), atom.rest]);
    const all = union([...atom.fields.values(), atom.rest]);
    return all.length > 0 ? all : DYNAMIC;
  }

  /** What a function answers, at one call. */
  answer(fn: Fn, site: Pick<CallSite, 'args' | 'self'>): Val {
    const key = `r${fn.id}`;
    if (this.busy.has(key) || this.depth > MAX_DEPTH / 2) return DYNAMIC;
    this.busy.add(key);
    this.depth++;
    const returned = union(fn.returns.map((expr) => this.eval(expr, fn)));
    this.depth--;
    this.busy.delete(key);
    // A secret that a helper hands out is followed within the helper only.
    const plain = returned.filter((atom) => atom.kind !== 'result' && atom.kind !== 'secret');
    const val = substitute(plain, this.given(fn, site), this);
    return val.length === 0 && plain.length < returned.length ? NOTHING : val;
  }

  /** The parameters of a function, at one call. */
  given(callee: Fn, site: Pick<CallSite, 'args' | 'self'>): ParamValue {
    return (fn, index) => {
      if (fn !== callee) return undefined;
      if (index === -1) return site.self;
      const fallback = fn.params[index]?.default;
      return site.args[index] ?? (fallback ? this.eval(fallback, fn) : DYNAMIC);
    };
  }

  private mention(fn: Fn, val: Val, depth = 3): void {
    const mentioned = this.mentions.get(fn) ?? new Set();
    this.mentions.set(fn, mentioned);
    for (const atom of val) {
      if (atom.kind === 'fn' || atom.kind === 'method') mentioned.add(atom.fn);
      else if (atom.kind === 'class') mentioned.add(atom.cls);
      else if (depth > 0 && atom.kind === 'list')
        for (const item of atom.items) this.mention(fn, item, depth - 1);
      else if (depth > 0 && atom.kind === 'object') {
        if (atom.cls) mentioned.add(atom.cls);
        for (const field of atom.fields.values()) this.mention(fn, field, depth - 1);
      }
    }
  }

  method = (cls: Class, name: string): Val => this.objects.method(cls, name);
  members = (cls: Class): Val => this.objects.members(cls);
  statics = (cls: Class, name: string): Val => this.objects.statics(cls, name);
  field = (object: Atom & { kind: 'object' }, name: string): Val => this.objects.field(object, name);
  extension = (atom: Atom, name: string): Val => this.objects.extension(atom, name);
  typed = (atom: Atom & { kind: 'param' }, name: string): Val => this.objects.typed(atom, name);
  exported = (atom: Atom & { kind: 'module' }, name: string): Val => this.names.exported(atom, name);
}
