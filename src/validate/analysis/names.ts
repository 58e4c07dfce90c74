/** What a name stands for: a variable, a parameter, a definition of this file or of another one. */

import { reaching } from './bindings';
import { carried } from './calls';
import { valueOfType } from './context-types';
import type { Engine, NameSource } from './engine';
import type { Definition } from '../ir/language';
import { filledBy, grown, grows, put } from './growth';
import { methodOf } from './methods';
import { STATIC_IMPORT, type Class, type Fn, type Range, type SourceFile } from '../ir/program';
import { declaredParam, handlerParam } from './roles';
import { DYNAMIC, NOTHING, has, union, type Atom, type Val } from '../ir/values';

/** The types of parameters that may be dictionaries. */
const TABLE =
  /^(?:$|any$|object$|[dD]ict\b|(?:Mutable)?Mapping\b|Record<|\{|map\[|&mut |I?Dictionary<|(?:Hash)?Map<|Properties$)/;

export class Names implements NameSource {
  private readonly classesByName = new Map<string, Class[]>();
  /** The keys of names that are defined elsewhere, each text made once. */
  private readonly keys = new Map<SourceFile, Map<string, string>>();

  constructor(private readonly values: Engine) {
    for (const fn of values.scope.fns) {
      for (const cls of fn.classes.values()) {
        const known = this.classesByName.get(cls.name) ?? [];
        if (!known.includes(cls)) this.classesByName.set(cls.name, [...known, cls]);
      }
    }
  }

  classes(): readonly Class[] {
    return [...this.classesByName.values()].flat();
  }

  /** What a name stands for where it is used, from the inside out. */
  lookup(name: string, from: Fn, use: Range = from): Val {
    for (let fn = from; ; fn = this.enclosing(fn.outer)) {
      const found = this.local(name, fn, use, from) ?? this.implicitMember(name, fn);
      if (found) return found;
      if (!fn.outer) break;
    }
    return this.values.solve(this.keyOf(from.file, name), () => this.elsewhere(name, from.file));
  }

  private keyOf(file: SourceFile, name: string): string {
    let ofFile = this.keys.get(file);
    if (!ofFile) this.keys.set(file, (ofFile = new Map<string, string>()));
    let key = ofFile.get(name);
    if (key === undefined) ofFile.set(name, (key = `name ${file.path} ${name}`));
    return key;
  }

  /** A name of another file of the package. */
  private elsewhere(name: string, file: SourceFile): Val {
    const definition = this.values.modules.lookup(file, name);
    if (definition) return this.defined(definition);
    return this.onlyClass(name) ?? this.staticImport(name, file) ?? DYNAMIC;
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
      if (owner?.kind === 'class' && this.hasMember(owner.cls, member))
        return this.values.objects.statics(owner.cls, member);
    }
    return undefined;
  }

  /** Python: what a class body binds is reached through the class, not from its methods. */
  private enclosing(outer: Fn): Fn {
    return this.values.facts.classBodyIsApart && outer.cls?.scope === outer && outer.outer
      ? outer.outer
      : outer;
  }

  /** A parameter, variable, function or class of this very function, as seen from a use in it or inside it. */
  private local(name: string, fn: Fn, use: Range, from: Fn): Val | undefined {
    if (fn.self !== undefined && fn.self === name) return this.receiver(fn);
    if (name === 'Self' && fn.cls) return [{ kind: 'class', cls: fn.cls }];
    if (name.startsWith('#')) return this.param(fn, Number(name.slice(1)));
    const index = fn.params.findIndex((p) => p.name === name);
    const { bound, certain } = reaching(fn.bindings.get(name), use, fn === from);
    if (index >= 0 || bound) {
      // What is only given a value here, perhaps, is a member whose object was left out.
      const isOwn = certain || index >= 0 || (bound ?? []).some(({ declares }) => declares);
      const vals: Val[] = [];
      if (!isOwn) vals.push(this.implicitMember(name, fn) ?? NOTHING);
      if (index >= 0 && !certain) vals.push(this.param(fn, index));
      for (const binding of bound ?? []) vals.push(this.values.eval(binding.value, binding.fn));
      if (!fn.outer) vals.push(this.values.objects.storedIn(fn.file, name));
      if (index >= 0 && TABLE.test(fn.params[index]?.type ?? '')) vals.push(this.putInto(name, fn));
      const val = union(vals);
      return val.some(grows) ? this.filled(val, name, fn) : val;
    }
    const inner = fn.fns.get(name);
    if (inner) return this.fnNamed(inner);
    const cls = fn.classes.get(name);
    return cls && [{ kind: 'class', cls }];
  }

  /** A function by its name, and what its decorators make of it, where they are the package's own. */
  private fnNamed(fn: Fn): Val {
    const own: Val = [{ kind: 'fn', fn }];
    const decorated = fn.decorated ? this.values.eval(fn.decorated, fn) : NOTHING;
    return has(decorated, 'dynamic') ? own : union([own, decorated]);
  }

  /** Java and C# leave `this.` out. */
  private implicitMember(name: string, fn: Fn): Val | undefined {
    const { cls } = fn;
    if (!cls || !this.values.facts.implicitThis) return undefined;
    const inherent = cls.isEnum && /^(?:name|toString|ToString)$/.test(name);
    if (fn !== cls.scope && fn.outer !== cls.scope) return undefined;
    if (!inherent && !this.hasMember(cls, name)) return undefined;
    const nested = this.values.objects.chain(cls).flatMap((c) => c.classes.get(name) ?? [])[0];
    if (nested) return [{ kind: 'class', cls: nested }];
    return this.values.objects.typed({ kind: 'param', fn, index: -1, path: [] }, name);
  }

  private hasMember(cls: Class, name: string): boolean {
    return this.values.objects
      .chain(cls)
      .some((c) => [c.methods, c.abstracts, c.values, c.types, c.classes].some((names) => names.has(name)));
  }

  private defined(definition: Definition | readonly SourceFile[]): Val {
    if (Array.isArray(definition)) return [{ kind: 'module', files: definition as readonly SourceFile[] }];
    const { file, name, fn, cls, bound } = definition as Definition;
    if (fn) return this.fnNamed(fn);
    if (cls) return [{ kind: 'class', cls }];
    if (!bound) return DYNAMIC;
    const bindings = file.top.bindings.get(name) ?? [];
    const val = union([
      ...bindings.map((binding) => this.values.eval(binding.value, binding.fn)),
      this.values.objects.storedIn(file, name),
    ]);
    return val.some(grows) ? this.filled(val, name, file.top) : val;
  }

  /** What a function puts into a dictionary that it was handed: as much as its text tells. */
  private putInto(name: string, fn: Fn): Val {
    const growths = (fn.growths.get(name) ?? []).filter(({ key }) => key !== undefined);
    return union(growths.map((growth) => carried(put(growth, this.values).value)));
  }

  /** With all that is put into it, here and by the functions that it is handed to. */
  private filled(val: Val, name: string, fn: Fn): Val {
    const growths = fn.growths.get(name) ?? [];
    const more = filledBy(fn, name, this.values);
    return growths.length + more.length > 0 ? grown(val, growths, more, this.values) : val;
  }

  exported(atom: Atom & { kind: 'module' }, name: string): Val {
    for (const file of atom.files) {
      const found = this.values.modules.exported(file, name);
      if (found && (!Array.isArray(found) || found.length > 0)) return this.defined(found);
    }
    return DYNAMIC;
  }

  receiver(fn: Fn): Val {
    const method = methodOf(fn);
    for (let f: Fn | undefined = fn; f && f !== method; f = f.outer)
      if (f.thisOf && f.outer) return this.values.eval(f.thisOf, f.outer);
    if (!method) return DYNAMIC;
    const typed =
      method.extendsType === '' ? undefined : valueOfType(method.extendsType, method.file, this.values.scope);
    return typed ?? [{ kind: 'param', fn: method, index: -1, path: [] }];
  }

  private param(fn: Fn, index: number): Val {
    if (this.values.handlers.has(fn)) {
      const given = handlerParam(fn, index, this.values.scope);
      // What the platform does not give, a decorator may.
      return index > 1 && given === DYNAMIC ? [{ kind: 'param', fn, index, path: [] }, ...DYNAMIC] : given;
    }
    return declaredParam(fn, index, this.values.scope) ?? [{ kind: 'param', fn, index, path: [] }];
  }
}
