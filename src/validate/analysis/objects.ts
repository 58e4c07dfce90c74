/** Classes and their objects: methods, static values, and fields in terms of how an object was made. */

import { substitute } from './substitution';
import { valueOfType } from './context-types';
import { labelled } from './enums';
import type { Engine, ObjectSource } from './engine';
import { extend, stepInto } from './members';
import { construction } from './construction';
import { isConstructor, methodOf, overload, takes } from './methods';
import { errorText } from './printing';
import { AS, type Class, type Expr, type Fn, type SourceFile, type Store } from '../ir/program';
import { DYNAMIC, NOTHING, has, union, type Atom, type Val } from '../ir/values';

/** Fields that are taken from fields, and so on, further than this are not followed. */
const MAX_FIELDS = 8;

/** By which name an exception knows what it was given. */
const OWN_TEXT = /^(?:args|message|Message|getMessage|getLocalizedMessage)$/;

export class Objects implements ObjectSource {
  private depth = 0;
  private readonly stores = new Map<Class, Map<string, { value: Expr; fn: Fn }[]>>();
  private readonly extensions = new Map<string, Fn[]>();
  /** Go: the methods of named texts, lists and functions, by name. */
  private readonly ofNamed = new Map<string, Fn[]>();
  private readonly looseStores = new Map<string, (Store & { readonly fn: Fn })[]>();
  private readonly descendants = new Map<Class, readonly Class[]>();
  private readonly namesInTypes = new Map<string, string | undefined>();

  constructor(private readonly values: Engine) {
    for (const fn of values.scope.fns) this.index(fn);
    for (const cls of values.scope.spreadClasses.values())
      if (values.facts.embeds && values.scope.typeAliases.has(cls.name))
        for (const [name, fn] of cls.methods) this.ofNamed.set(name, [...(this.ofNamed.get(name) ?? []), fn]);
  }

  private index(fn: Fn): void {
    const method = methodOf(fn);
    for (const store of fn.stores) {
      const { target, field, value } = store;
      const own = target.kind === 'this' || (target.kind === 'name' && target.name === method?.self);
      if (!own || !method?.cls) {
        if (/^(?:name|member)$/.test(target.kind) && /^[A-Za-z_]/.test(field))
          this.looseStores.set(field, [...(this.looseStores.get(field) ?? []), { ...store, fn }]);
        continue;
      }
      const fields = this.stores.get(method.cls) ?? new Map<string, { value: Expr; fn: Fn }[]>();
      this.stores.set(method.cls, fields);
      const known = fields.get(field);
      if (known) known.push({ value, fn });
      else fields.set(field, [{ value, fn }]);
    }
    if (fn.extendsType !== '') this.extensions.set(fn.name, [...(this.extensions.get(fn.name) ?? []), fn]);
  }

  fits(atom: Atom, type: string): boolean {
    if (atom.kind !== 'object' || !atom.cls) return true;
    return this.chain(atom.cls).some((c) => c.name === type || c.bases.includes(type));
  }

  declares(cls: Class, name: string): boolean {
    return this.chain(cls).some(
      (c) =>
        [c.methods, c.values, c.types].some((names) => names.has(name)) ||
        c.fieldParams.some((param) => param.name === name) ||
        (this.stores.get(c)?.has(name) ?? false),
    );
  }

  /** A member of a parameter or receiver: by its class when that is known, else for the caller to tell. */
  typed(atom: Atom & { kind: 'param' }, name: string): Val {
    const cls = this.classOf(atom);
    if (cls?.isEnum && cls.values.has(name)) return this.statics(cls, name);
    if (!cls) return extend(atom, `.${name}`);
    const method = this.method(cls, name);
    const declared = this.typeIn(cls, name);
    const methods = method.map((m) => (m.kind === 'method' ? { ...m, self: [atom] } : m));
    if (this.isOverridden(cls, name)) return extend(atom, `.${name}`);
    // Java's fields and methods may share a name.
    if (methods.length > 0 && declared === undefined) return methods;
    const promoted = this.promoted(cls, name);
    if (promoted) return promoted;
    const value = declared === undefined ? undefined : valueOfType(declared, cls.file, this.values.scope);
    if (value) return value;
    const field = this.fieldOf(cls, name);
    const open =
      field.length === 0 ||
      this.values.scope.filled.has(name) ||
      field.some((a) => a.kind === 'param' || a.kind === 'concat');
    return union([
      methods,
      field.filter((a) => a.kind !== 'param' && a.kind !== 'concat'),
      open ? extend(atom, `.${name}`) : NOTHING,
    ]);
  }

  classOf(atom: Atom & { kind: 'param' }): Class | undefined {
    let cls =
      atom.index === -1 ? atom.fn.cls : this.named(atom.fn.params[atom.index]?.type ?? '', atom.fn.file);
    for (const name of atom.path) {
      if (name.startsWith(AS)) cls = this.named(name.slice(AS.length), atom.fn.file) ?? cls;
      if (name.startsWith(AS)) continue;
      if (!cls || !name.startsWith('.')) return undefined;
      cls = this.named(this.typeIn(cls, name.slice(1)) ?? '', cls.file);
    }
    return cls;
  }

  /** Go: the methods of that name of named types that are no structs. */
  ofNamedType(name: string): Val {
    return (this.ofNamed.get(name) ?? []).map((fn) => ({ kind: 'method', fn, self: DYNAMIC }));
  }

  /** True when a class below has its own. */
  private isOverridden(cls: Class, name: string): boolean {
    return this.below(cls).some(
      (c) => c.methods.has(name) || c.values.has(name) || this.stores.get(c)?.has(name),
    );
  }

  isExtended(cls: Class): boolean {
    return this.below(cls).length > 0;
  }

  /** The classes that extend a class, directly or not. */
  private below(cls: Class): readonly Class[] {
    let found = this.descendants.get(cls);
    if (!found) {
      found = this.values.names
        .classes()
        .filter((c) => c !== cls && c.bases.length > 0 && this.chain(c).includes(cls));
      this.descendants.set(cls, found);
    }
    return found;
  }

  /** The methods that a call of something a caller gives may mean, by its class and the classes below. */
  candidates(atom: Atom & { kind: 'param' }): readonly Fn[] {
    const name = atom.path.at(-1)?.slice(1) ?? '';
    const cls = this.classOf({ ...atom, path: atom.path.slice(0, -1) });
    if (!cls) return [];
    const own = this.chain(cls)
      .flatMap((c) => c.methods.get(name) ?? [])
      .slice(0, 1);
    return [...own, ...this.below(cls).flatMap((c) => c.methods.get(name) ?? [])];
  }

  holds(atom: Atom & { kind: 'param' }): boolean {
    const last = atom.path.at(-1);
    if (!last?.startsWith('.')) return false;
    const cls = this.classOf({ ...atom, path: atom.path.slice(0, -1) });
    return cls !== undefined && (this.declares(cls, last.slice(1)) || cls.abstracts.has(last.slice(1)));
  }

  /** Go: what a struct has from the platform's types that it embeds. */
  private promoted(cls: Class, name: string): Val | undefined {
    if (!this.values.facts.embeds || !/^(?:Secrets|Log|Get)$/.test(name)) return undefined;
    for (const base of cls.bases) {
      const value = valueOfType(cls.types.get(base) ?? '', cls.file, this.values.scope);
      if (value) return stepInto(value, `.${name}`, this.values);
    }
    return undefined;
  }

  private typeIn(cls: Class, field: string): string | undefined {
    return this.chain(cls)
      .find((c) => c.types.has(field))
      ?.types.get(field);
  }

  typeOf(cls: Class, field: string): Class | undefined {
    return this.named(this.typeIn(cls, field) ?? '', cls.file);
  }

  private isNamed(atom: Atom, type: string): boolean {
    return atom.kind === 'object' && atom.cls !== undefined && this.fits(atom, type.replace(/<.*$/s, ''));
  }

  /** The package's class that a declared type names. */
  named(type: string, file: SourceFile): Class | undefined {
    const name = this.nameIn(type);
    if (name === undefined) return undefined;
    const found = this.values.names.lookup(name, file.top).flatMap((a) => (a.kind === 'class' ? a.cls : []));
    return found[0];
  }

  /** The last name in a declared type, which is asked for again and again. */
  private nameIn(type: string): string | undefined {
    if (!this.namesInTypes.has(type)) {
      const plain = type.replace(/<.*$/s, '').replaceAll(/\b(?:dyn|impl|mut|None|Optional)\b/g, '');
      this.namesInTypes.set(type, /([A-Za-z_]\w*)\W*$/.exec(plain)?.[1]);
    }
    return this.namesInTypes.get(type);
  }

  /** The class and those it extends, nearest first. */
  chain(cls: Class): readonly Class[] {
    const chain = [cls];
    for (const c of chain) {
      for (const base of chain.length < 16 ? c.bases : []) {
        const found = this.named(base, c.file);
        if (found && !chain.includes(found)) chain.push(found);
      }
    }
    return chain;
  }

  method(cls: Class, name: string): Val {
    for (const c of this.chain(cls)) {
      const fn = c.methods.get(name);
      if (fn) return [{ kind: 'method', fn, self: [{ kind: 'class', cls }] }];
      // A field of that name hides what classes above have; Java's two may be side by side.
      if (c.values.has(name) && !this.values.facts.fieldsBesideMethods) return NOTHING;
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
      const stores = this.stores.get(c)?.get(name) ?? [];
      if (value && (c.isEnum || (!this.looseStores.has(name) && stores.length === 0)))
        return labelled(this.values.eval(value, c.scope), c, name);
      const given = [
        ...stores.filter((store) => store.fn === c.scope || store.fn.isStatic),
        ...this.looseInto(name, (atom) => atom.kind === 'class' && atom.cls === c),
      ];
      if (value || given.length > 0)
        return union([
          value ? this.values.eval(value, c.scope) : NOTHING,
          ...given.map((store) => this.values.eval(store.value, store.fn)),
        ]);
    }
    if (name === this.values.facts.makesEmpty) {
      const empty: Atom = { kind: 'object', cls, fields: new Map(), args: undefined, rest: NOTHING };
      return [{ kind: 'thunk', value: [empty] }];
    }
    if (cls.isEnum && /^(?:valueOf|fromString|from)$/.test(name))
      return [{ kind: 'thunk', value: this.members(cls) }];
    if (!/^values$/i.test(name) || !cls.isEnum) return DYNAMIC;
    const list: Val = [{ kind: 'list', items: [this.members(cls)] }];
    return [...list, { kind: 'thunk', value: list }];
  }

  members(cls: Class): Val {
    if (!cls.isEnum) return DYNAMIC;
    return union(
      [...cls.values].map(([name, value]) => labelled(this.values.eval(value, cls.scope), cls, name)),
    );
  }

  /** What is put into a field outside of constructors. */
  stored(cls: Class, name: string): Val {
    return this.values.solve(`stored ${cls.id} ${name}`, () => this.storedLater(cls, name));
  }

  private storedLater(cls: Class, name: string): Val {
    const all = this.chain(cls).flatMap((c) => this.stores.get(c)?.get(name) ?? []);
    const later = [...all.filter(({ fn }) => !isConstructor(fn)), ...this.loose(cls, name)];
    return union(later.map(({ value, fn }) => this.values.eval(value, fn))).filter(
      (a) => a.kind !== 'dynamic',
    );
  }

  /** `s.name = n` outside of the class. */
  private loose(cls: Class, name: string): readonly { value: Expr; fn: Fn }[] {
    return (this.looseStores.get(name) ?? []).filter(({ target, fn }) =>
      this.isOf(this.values.eval(target, fn), cls, name),
    );
  }

  /** `mail.api_key = key`, `pay.Key = key`: what others put into a module's variable. */
  storedIn(file: SourceFile, name: string): Val {
    if (!this.looseStores.has(name)) return NOTHING;
    return this.values.solve(`given ${file.path} ${name}`, () => {
      const into = this.looseInto(name, (atom) => atom.kind === 'module' && atom.files.includes(file));
      return union(into.map(({ value, fn }) => this.values.eval(value, fn)));
    });
  }

  private looseInto(name: string, fits: (atom: Atom) => boolean): readonly { value: Expr; fn: Fn }[] {
    return (this.looseStores.get(name) ?? []).filter(({ target, fn }) =>
      this.values.eval(target, fn).some(fits),
    );
  }

  /** A field, in terms of the constructor's parameters. */
  private fieldOf(cls: Class, name: string): Val {
    return this.values.solve(`field ${cls.id} ${name}`, () => this.fieldGiven(cls, name));
  }

  private fieldGiven(cls: Class, name: string): Val {
    const vals: Val[] = [];
    for (const c of this.chain(cls)) {
      const value = c.values.get(name);
      if (value) vals.push(this.values.eval(value, c.scope));
      const param = c.fieldParams.findIndex((p) => p.name === name);
      if (param >= 0) {
        vals.push([{ kind: 'param', fn: c.scope, index: param, path: [] }]);
      }
      for (const store of this.stores.get(c)?.get(name) ?? [])
        vals.push(this.values.eval(store.value, store.fn));
    }
    for (const { value, fn } of this.loose(cls, name)) {
      vals.push(this.values.eval(value, fn));
    }
    return union(vals);
  }

  /** Whether a value is one of a class's objects. */
  private isOf(target: Val, cls: Class, name: string): boolean {
    return target.some((atom) => {
      // `o => o.Key = key`: any object that has such a field.
      if (
        atom.kind === 'param' &&
        atom.path.length === 0 &&
        atom.fn.name === '' &&
        atom.fn.params[atom.index]?.type === ''
      )
        return this.chain(cls).some((c) => c.types.has(name));
      const of =
        atom.kind === 'object' || atom.kind === 'class'
          ? atom.cls
          : atom.kind === 'param'
            ? this.classOf(atom)
            : undefined;
      return of !== undefined && (of === cls || this.chain(of).includes(cls));
    });
  }

  field(object: Atom & { kind: 'object' }, name: string): Val {
    const { cls } = object;
    if (!cls) return DYNAMIC;
    const declared = this.typeIn(cls, name);
    const typed = declared === undefined ? undefined : valueOfType(declared, cls.file, this.values.scope);
    const given = typed ?? this.promoted(cls, name);
    if (given) return given;
    for (const base of this.values.facts.embeds ? cls.bases : []) {
      const inner = object.fields.get(base);
      const found = inner && stepInto(inner, `.${name}`, this.values).filter((a) => a.kind !== 'dynamic');
      if (found && found.length > 0) return found;
    }
    if (this.depth >= MAX_FIELDS) return DYNAMIC;
    this.depth++;
    const val = substitute(this.fieldOf(cls, name), construction(object, this, this.values), this.values);
    const text = val.length === 0 && OWN_TEXT.test(name) ? this.thrownText(object) : NOTHING;
    this.depth--;
    return val.length + text.length === 0 ? DYNAMIC : [...val, ...text];
  }

  /** What an exception of the package tells of what it was made of, as a field and as a method. */
  private thrownText(object: Atom & { kind: 'object' }): Val {
    const isThrown = (c: Class): boolean => c.bases.some((b) => /(?:Error|Exception|Throwable)$/.test(b));
    if (!object.cls || !this.chain(object.cls).some(isThrown)) return NOTHING;
    const text = errorText([object], this.values);
    return [...text, { kind: 'thunk', value: text }];
  }

  /** An object of a class as a dictionary of its fields: what `asdict` and JSON make of it. */
  asTable(object: Atom & { kind: 'object' }): Val {
    const { cls } = object;
    if (!cls) return [object];
    const names = this.chain(cls).flatMap((c) => [
      ...c.types.keys(),
      ...c.fieldParams.map((param) => param.name),
      ...(this.stores.get(c)?.keys() ?? []),
    ]);
    const fields = new Map(object.fields);
    for (const name of new Set(names)) if (!fields.has(name)) fields.set(name, this.field(object, name));
    return [{ kind: 'object', cls: undefined, fields, args: undefined, rest: object.rest }];
  }

  constructorParams(cls: Class, count: number): readonly Fn['params'][number][] {
    return this.constructorOf(cls, count)?.params ?? cls.fieldParams;
  }

  /** The constructor that takes so many arguments. */
  constructorOf(cls: Class, count: number): Fn | undefined {
    for (const c of this.chain(cls)) {
      const found = c.methods.get('constructor');
      if (found)
        return c.fieldParams.length === count && !takes(found, count) ? undefined : overload(found, count);
      if (c.fieldParams.length > 0) return undefined;
    }
    return undefined;
  }

  extension(atom: Atom, name: string): Val {
    const own = /^(?:str|concat|secret|list|fn)$/.test(atom.kind) ? this.ofNamed.get(name) : undefined;
    if (own) return own.map((fn) => ({ kind: 'method', fn, self: [atom] }));
    return (this.extensions.get(name) ?? []).flatMap((fn): Val => {
      const target = valueOfType(fn.extendsType, fn.file, this.values.scope);
      const fits = target
        ? has(target, atom.kind)
        : /^[A-Z]\w?$/.test(fn.extendsType) || this.isNamed(atom, fn.extendsType);
      return fits ? [{ kind: 'method', fn, self: [atom] }] : [];
    });
  }
}
