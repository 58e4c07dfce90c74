/** Evaluates expressions to abstract values, each once: linear in the size of the package. */

import { CallEvaluation } from './call-evaluation';
import { align, concat, substitute, type CallSite, type ParamValue } from './calls';
import { valueOfType } from './context-types';
import type { PackageScope } from './lowering';
import { extend, stepInto, type MemberSource } from './members';
import { Modules, type Definition } from './modules';
import type { Class, Expr, Fn, RecordExpr, SourceFile } from './program';
import { declaredParam, handlerParam } from './roles';
import { STATIC_IMPORT } from './rules-imports';
import { DYNAMIC, NOTHING, has, secretsIn, str, union, type Atom, type Val } from './values';

/** Chains of names longer than this are given up. */
const MAX_DEPTH = 120;

export class Evaluator implements MemberSource {
  readonly calls: CallEvaluation;
  readonly modules: Modules;
  /** Functions and classes that each function mentions. */
  readonly mentions = new Map<Fn, Set<Fn | Class>>();
  private readonly names = new Map<string, Val>();
  private readonly busy = new Set<unknown>();
  private readonly fieldVals = new Map<string, Val>();
  private readonly stores = new Map<Class, Map<string, { value: Expr; fn: Fn }[]>>();
  private readonly extensions = new Map<string, Fn[]>();
  private readonly classesByName = new Map<string, Class[]>();
  private depth = 0;

  constructor(
    readonly scope: PackageScope,
    files: readonly SourceFile[],
    readonly handlers: ReadonlySet<Fn>,
  ) {
    this.modules = new Modules(scope.language, files);
    this.calls = new CallEvaluation(this);
    for (const fn of scope.fns) this.index(fn);
  }

  private index(fn: Fn): void {
    const method = methodOf(fn);
    for (const { target, field, value } of method?.cls ? fn.stores : []) {
      const own = target.kind === 'this' || (target.kind === 'name' && target.name === method?.self);
      if (!own || !method?.cls) continue;
      const fields = this.stores.get(method.cls) ?? new Map<string, { value: Expr; fn: Fn }[]>();
      this.stores.set(method.cls, fields);
      const known = fields.get(field);
      if (known) known.push({ value, fn });
      else fields.set(field, [{ value, fn }]);
    }
    if (fn.extendsType !== '') this.extensions.set(fn.name, [...(this.extensions.get(fn.name) ?? []), fn]);
    for (const cls of fn.classes.values()) {
      const known = this.classesByName.get(cls.name) ?? [];
      if (!known.includes(cls)) this.classesByName.set(cls.name, [...known, cls]);
    }
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
        return this.lookup(expr.name, fn);
      case 'this':
        return this.receiver(fn);
      case 'member':
        return stepInto(this.eval(expr.object, fn), `.${expr.name}`, this);
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
    const args = cls && align(this.constructorParams(cls), expr.args, (arg) => this.eval(arg.value, fn));
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

  /** What a name stands for, from the inside out. */
  lookup(name: string, fn: Fn): Val {
    const key = `${fn.id}:${name}`;
    const known = this.names.get(key);
    if (known) return known;
    if (this.busy.has(key)) return NOTHING;
    this.busy.add(key);
    const val = this.find(name, fn);
    this.busy.delete(key);
    this.names.set(key, val);
    return val;
  }

  private find(name: string, fn: Fn): Val {
    const found = this.local(name, fn) ?? this.implicitMember(name, fn);
    if (found) return found;
    if (fn.outer) return this.lookup(name, this.enclosing(fn.outer));
    const definition = this.modules.lookup(fn.file, name);
    if (definition) return this.defined(definition, name);
    return this.onlyClass(name) ?? this.staticImport(name, fn.file) ?? DYNAMIC;
  }

  private onlyClass(name: string | undefined): Val | undefined {
    const classes = this.classesByName.get(name ?? '') ?? [];
    return classes.length === 1 && classes[0] ? [{ kind: 'class', cls: classes[0] }] : undefined;
  }

  /** `import static nodes.Keys.TOKEN;`, `import static nodes.Keys.*;`, `using static Nodes.Keys;`. */
  private staticImport(name: string, file: SourceFile): Val | undefined {
    for (const { local, module, symbol } of file.imports) {
      if (local !== STATIC_IMPORT && (local !== name || symbol === undefined)) continue;
      const [owner] = this.onlyClass(module.at(-1)) ?? [];
      const member = symbol ?? name;
      if (owner?.kind === 'class' && this.hasMember(owner.cls, member)) return this.statics(owner.cls, member);
    }
    return undefined;
  }

  /** Python: what a class body binds is reached through the class, not from its methods. */
  private enclosing(outer: Fn): Fn {
    return this.scope.language === 'python' && outer.cls?.scope === outer && outer.outer ? outer.outer : outer;
  }

  /** A parameter, variable, function or class of this very function. */
  private local(name: string, fn: Fn): Val | undefined {
    if (fn.self !== undefined && fn.self === name) return this.receiver(fn);
    if (name === 'Self' && fn.cls) return [{ kind: 'class', cls: fn.cls }];
    if (name.startsWith('#')) return this.param(fn, Number(name.slice(1)));
    const index = fn.params.findIndex((p) => p.name === name);
    const bound = fn.bindings.get(name);
    if (index >= 0 || bound) {
      return union([
        index >= 0 ? this.param(fn, index) : NOTHING,
        ...(bound ?? []).map((expr) => this.eval(expr, fn)),
      ]);
    }
    const inner = fn.fns.get(name);
    if (inner) return [{ kind: 'fn', fn: inner }];
    const cls = fn.classes.get(name);
    return cls && [{ kind: 'class', cls }];
  }

  /** Java and C# leave `this.` out. */
  private implicitMember(name: string, fn: Fn): Val | undefined {
    const { cls } = fn;
    if (!cls || !/^(?:java|csharp)$/.test(this.scope.language)) return undefined;
    if ((fn !== cls.scope && fn.outer !== cls.scope) || !this.hasMember(cls, name)) return undefined;
    const nested = this.chain(cls).flatMap((c) => c.classes.get(name) ?? [])[0];
    if (nested) return [{ kind: 'class', cls: nested }];
    return this.typed({ kind: 'param', fn, index: -1, path: [] }, name);
  }

  private hasMember(cls: Class, name: string): boolean {
    return this.chain(cls).some(
      (c) => c.methods.has(name) || c.values.has(name) || c.types.has(name) || c.classes.has(name),
    );
  }

  private defined(definition: Definition | readonly SourceFile[], name: string): Val {
    if (Array.isArray(definition)) return [{ kind: 'module', files: definition as readonly SourceFile[] }];
    const { file, fn, cls, bound } = definition as Definition;
    if (fn) return [{ kind: 'fn', fn }];
    if (cls) return [{ kind: 'class', cls }];
    if (!bound) return DYNAMIC;
    const own = file.top.bindings.has(name) ? name : 'default';
    return union((file.top.bindings.get(own) ?? []).map((expr) => this.eval(expr, file.top)));
  }

  exported(atom: Atom & { kind: 'module' }, name: string): Val {
    for (const file of atom.files) {
      const found = this.modules.exported(file, name);
      if (found && (!Array.isArray(found) || found.length > 0)) return this.defined(found, name);
    }
    return DYNAMIC;
  }

  private receiver(fn: Fn): Val {
    const method = methodOf(fn);
    if (!method) return DYNAMIC;
    const typed = method.extendsType === '' ? undefined : valueOfType(method.extendsType, method.file, this.scope);
    return typed ?? [{ kind: 'param', fn: method, index: -1, path: [] }];
  }

  private param(fn: Fn, index: number): Val {
    if (this.handlers.has(fn)) return handlerParam(fn, index, this.scope);
    return declaredParam(fn, index, this.scope) ?? [{ kind: 'param', fn, index, path: [] }];
  }

  /** A member of a parameter or receiver: by its class when that is known, else for the caller to tell. */
  typed(atom: Atom & { kind: 'param' }, name: string): Val {
    const cls = this.classOf(atom);
    if (!cls) return extend(atom, `.${name}`);
    const method = this.method(cls, name);
    if (method.length > 0) return method.map((m) => (m.kind === 'method' ? { ...m, self: [atom] } : m));
    const declared = this.typeIn(cls, name);
    const value = declared === undefined ? undefined : valueOfType(declared, cls.file, this.scope);
    if (value) return value;
    const field = this.fieldOf(cls, name);
    const open = field.length === 0 || field.some((a) => a.kind === 'param' || a.kind === 'concat');
    return union([field.filter((a) => a.kind !== 'param' && a.kind !== 'concat'), open ? extend(atom, `.${name}`) : NOTHING]);
  }

  private classOf(atom: Atom & { kind: 'param' }): Class | undefined {
    let cls = atom.index === -1 ? atom.fn.cls : this.classNamed(atom.fn.params[atom.index]?.type ?? '', atom.fn.file);
    for (const name of atom.path) {
      if (!cls || !name.startsWith('.')) return undefined;
      cls = this.classNamed(this.typeIn(cls, name.slice(1)) ?? '', cls.file);
    }
    return cls;
  }

  private typeIn(cls: Class, field: string): string | undefined {
    return this.chain(cls).find((c) => c.types.has(field))?.types.get(field);
  }

  /** The package's class that a declared type names. */
  private classNamed(type: string, file: SourceFile): Class | undefined {
    const name = /([A-Z]\w*)\W*$/.exec(type.replace(/<.*$/s, '').replaceAll(/\b(?:dyn|impl|mut|None|Optional)\b/g, ''))?.[1];
    if (name === undefined) return undefined;
    const found = this.lookup(name, file.top).flatMap((a) => (a.kind === 'class' ? a.cls : []));
    return found[0];
  }

  /** The class and those it extends, nearest first. */
  chain(cls: Class): readonly Class[] {
    const chain = [cls];
    for (const c of chain) {
      for (const base of chain.length < 16 ? c.bases : []) {
        const found = this.classNamed(base, c.file);
        if (found && !chain.includes(found)) chain.push(found);
      }
    }
    return chain;
  }

  method(cls: Class, name: string): Val {
    for (const c of this.chain(cls)) {
      const fn = c.methods.get(name);
      if (fn) return [{ kind: 'method', fn, self: [{ kind: 'class', cls }] }];
    }
    return NOTHING;
  }

  statics(cls: Class, name: string): Val {
    for (const c of this.chain(cls)) {
      const method = c.methods.get(name);
      if (method) return [{ kind: 'method', fn: method, self: [{ kind: 'class', cls }] }];
      const nested = c.classes.get(name);
      if (nested) return [{ kind: 'class', cls: nested }];
      const value = c.values.get(name);
      if (value) return this.eval(value, c.scope);
    }
    return DYNAMIC;
  }

  /** A field, in terms of the constructor's parameters. */
  private fieldOf(cls: Class, name: string): Val {
    const key = `${cls.id}.${name}`;
    const known = this.fieldVals.get(key);
    if (known) return known;
    if (this.busy.has(key)) return NOTHING;
    this.busy.add(key);
    const vals: Val[] = [];
    for (const c of this.chain(cls)) {
      const value = c.values.get(name);
      if (value) vals.push(this.eval(value, c.scope));
      const param = c.fieldParams.findIndex((p) => p.name === name);
      if (param >= 0 && !c.methods.has('constructor')) {
        vals.push([{ kind: 'param', fn: c.scope, index: param, path: [] }]);
      }
      for (const store of this.stores.get(c)?.get(name) ?? []) vals.push(this.eval(store.value, store.fn));
    }
    this.busy.delete(key);
    const val = union(vals);
    this.fieldVals.set(key, val);
    return val;
  }

  field(object: Atom & { kind: 'object' }, name: string): Val {
    const { cls } = object;
    if (!cls) return DYNAMIC;
    const declared = this.typeIn(cls, name);
    const typed = declared === undefined ? undefined : valueOfType(declared, cls.file, this.scope);
    if (typed) return typed;
    const val = substitute(this.fieldOf(cls, name), this.construction(object), this);
    return val.length === 0 ? DYNAMIC : val.flatMap((atom) => (atom.kind === 'param' ? DYNAMIC : [atom]));
  }

  /** The parameters of an object's constructor, as it was called. */
  private construction(object: Atom & { kind: 'object' }): ParamValue {
    return (fn, index) => {
      if (!object.cls || fn.cls === undefined) return undefined;
      if (index === -1) return [object];
      const param = fn === object.cls.scope ? object.cls.fieldParams[index] : fn.params[index];
      return object.args?.[index] ?? (param?.default ? this.eval(param.default, fn) : DYNAMIC);
    };
  }

  constructorParams(cls: Class): readonly Fn['params'][number][] {
    const fn = this.constructorOf(cls);
    return fn?.params ?? cls.fieldParams;
  }

  constructorOf(cls: Class): Fn | undefined {
    return this.chain(cls).flatMap((c) => c.methods.get('constructor') ?? [])[0];
  }

  extension(atom: Atom, name: string): Val {
    return (this.extensions.get(name) ?? []).flatMap((fn): Val => {
      const target = valueOfType(fn.extendsType, fn.file, this.scope);
      const fits = target ? has(target, atom.kind) : /^[A-Z]\w?$/.test(fn.extendsType);
      return fits ? [{ kind: 'method', fn, self: [atom] }] : [];
    });
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
      else if (depth > 0 && atom.kind === 'list') for (const item of atom.items) this.mention(fn, item, depth - 1);
      else if (depth > 0 && atom.kind === 'object') {
        if (atom.cls) mentioned.add(atom.cls);
        for (const field of atom.fields.values()) this.mention(fn, field, depth - 1);
      }
    }
  }
}

/** The method that a function is, or stands in. */
export function methodOf(fn: Fn): Fn | undefined {
  for (let f: Fn | undefined = fn; f; f = f.outer) {
    if (f.cls && (f.outer === f.cls.scope || f === f.cls.scope || f.self !== undefined)) return f;
  }
  return undefined;
}
