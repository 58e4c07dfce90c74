/** Classes and their objects: methods, static values, and fields in terms of how an object was made. */

import { substitute, type ParamValue } from './calls';
import { valueOfType } from './context-types';
import type { Evaluator } from './evaluator';
import { extend } from './members';
import type { Class, Expr, Fn, SourceFile } from './program';
import { DYNAMIC, NOTHING, has, union, type Atom, type Val } from './values';

/** Fields that are taken from fields, and so on, further than this are not followed. */
const MAX_FIELDS = 8;

export class Objects {
  private readonly fieldVals = new Map<string, Val>();
  private depth = 0;
  private readonly busy = new Set<string>();
  private readonly stores = new Map<Class, Map<string, { value: Expr; fn: Fn }[]>>();
  private readonly extensions = new Map<string, Fn[]>();

  constructor(private readonly values: Evaluator) {
    for (const fn of values.scope.fns) this.index(fn);
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
  }

  /** A member of a parameter or receiver: by its class when that is known, else for the caller to tell. */
  typed(atom: Atom & { kind: 'param' }, name: string): Val {
    const cls = this.classOf(atom);
    if (!cls) return extend(atom, `.${name}`);
    const method = this.method(cls, name);
    const declared = this.typeIn(cls, name);
    const methods = method.map((m) => (m.kind === 'method' ? { ...m, self: [atom] } : m));
    // Java's fields and methods may share a name.
    if (methods.length > 0 && declared === undefined) return methods;
    const value = declared === undefined ? undefined : valueOfType(declared, cls.file, this.values.scope);
    if (value) return value;
    const field = this.fieldOf(cls, name);
    const open = field.length === 0 || field.some((a) => a.kind === 'param' || a.kind === 'concat');
    return union([
      methods,
      field.filter((a) => a.kind !== 'param' && a.kind !== 'concat'),
      open ? extend(atom, `.${name}`) : NOTHING,
    ]);
  }

  private classOf(atom: Atom & { kind: 'param' }): Class | undefined {
    let cls =
      atom.index === -1 ? atom.fn.cls : this.classNamed(atom.fn.params[atom.index]?.type ?? '', atom.fn.file);
    for (const name of atom.path) {
      if (!cls || !name.startsWith('.')) return undefined;
      cls = this.classNamed(this.typeIn(cls, name.slice(1)) ?? '', cls.file);
    }
    return cls;
  }

  private typeIn(cls: Class, field: string): string | undefined {
    return this.chain(cls)
      .find((c) => c.types.has(field))
      ?.types.get(field);
  }

  /** The package's class that a declared type names. */
  private classNamed(type: string, file: SourceFile): Class | undefined {
    const name = /([A-Z]\w*)\W*$/.exec(
      type.replace(/<.*$/s, '').replaceAll(/\b(?:dyn|impl|mut|None|Optional)\b/g, ''),
    )?.[1];
    if (name === undefined) return undefined;
    const found = this.values.names.lookup(name, file.top).flatMap((a) => (a.kind === 'class' ? a.cls : []));
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
      if (value) return this.values.eval(value, c.scope);
    }
    if (!/^values$/i.test(name) || !isEnum(cls)) return DYNAMIC;
    const list: Val = [{ kind: 'list', items: [this.members(cls)] }];
    return [...list, { kind: 'thunk', value: list }];
  }

  members(cls: Class): Val {
    if (!isEnum(cls)) return DYNAMIC;
    return union([...cls.values].map(([, value]) => this.values.eval(value, cls.scope)));
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
      if (value) vals.push(this.values.eval(value, c.scope));
      const param = c.fieldParams.findIndex((p) => p.name === name);
      if (param >= 0 && !c.methods.has('constructor')) {
        vals.push([{ kind: 'param', fn: c.scope, index: param, path: [] }]);
      }
      for (const store of this.stores.get(c)?.get(name) ?? [])
        vals.push(this.values.eval(store.value, store.fn));
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
    const typed = declared === undefined ? undefined : valueOfType(declared, cls.file, this.values.scope);
    if (typed) return typed;
    if (this.depth >= MAX_FIELDS) return DYNAMIC;
    this.depth++;
    const val = substitute(this.fieldOf(cls, name), this.construction(object), this.values);
    this.depth--;
    return val.length === 0 ? DYNAMIC : val.flatMap((atom) => (atom.kind === 'param' ? DYNAMIC : [atom]));
  }

  /** The parameters of an object's constructor, as it was called. */
  private construction(object: Atom & { kind: 'object' }): ParamValue {
    return (fn, index) => {
      if (!object.cls || fn.cls === undefined) return undefined;
      if (index === -1) return [object];
      const param = fn === object.cls.scope ? object.cls.fieldParams[index] : fn.params[index];
      return object.args?.[index] ?? (param?.default ? this.values.eval(param.default, fn) : DYNAMIC);
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
      const target = valueOfType(fn.extendsType, fn.file, this.values.scope);
      const fits = target ? has(target, atom.kind) : /^[A-Z]\w?$/.test(fn.extendsType);
      return fits ? [{ kind: 'method', fn, self: [atom] }] : [];
    });
  }
}

const isEnum = (cls: Class): boolean =>
  cls.node.type === 'enum_declaration' || cls.bases.some((base) => /Enum$/.test(base));

/** The method that a function is, or stands in. */
export function methodOf(fn: Fn): Fn | undefined {
  for (let f: Fn | undefined = fn; f; f = f.outer) {
    if (f.cls && (f.outer === f.cls.scope || f === f.cls.scope || f.self !== undefined)) return f;
  }
  return undefined;
}
