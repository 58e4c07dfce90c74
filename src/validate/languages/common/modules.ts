/** Finds what a name stands for in other files of the package; each language says by which rules. */

import type { Definition, ModuleIndex } from '../../ir/language';
import { WHOLE, type Import, type SourceFile } from '../../ir/program';

/** A language's rules of import. */
export interface ImportRules {
  /** `from x import *`: all names of a module are the file's own. */
  readonly starImports: boolean;
  /** The files of a folder see each other's names. */
  readonly foldersAreModules: boolean;
  /** A module's name alone stands for it. */
  readonly modulesByName: boolean;
  /** Types of the whole package are in sight, by namespace or path. */
  readonly typesInSight: boolean;
  /** So are other definitions. */
  readonly valuesInSight: boolean;
  /** A class is imported by its package and name. */
  readonly importsClasses: boolean;
  /** A file sees the names of its own namespace and of those it uses. */
  readonly namespaces: boolean;
  /** A module's folder holds its inner modules. */
  readonly innerModules: boolean;
  /** The files that a module path means. */
  filesOf(index: ModuleFiles, from: SourceFile, module: readonly string[]): readonly SourceFile[];
}

/** The package's files, by where they are and how they are called. */
export interface ModuleFiles {
  readonly byFolder: ReadonlyMap<string, readonly SourceFile[]>;
  readonly byStem: ReadonlyMap<string, readonly SourceFile[]>;
}

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
export const stemOf = (path: string): string => path.replace(/\.[^./]+$/, '');

export class Modules implements ModuleIndex, ModuleFiles {
  private readonly byName = new Map<string, Definition[]>();
  readonly byFolder = new Map<string, SourceFile[]>();
  readonly byStem = new Map<string, SourceFile[]>();
  private readonly imports = new Map<SourceFile, Map<string, Import>>();

  constructor(
    private readonly rules: ImportRules,
    files: readonly SourceFile[],
  ) {
    for (const file of files) {
      push(this.byFolder, folderOf(file.path), file);
      const stem = stemOf(file.path).replace(/\/(?:__init__|index|mod)$/, '');
      push(this.byStem, stem.slice(stem.lastIndexOf('/') + 1), file);
      for (const name of new Set([
        ...file.top.fns.keys(),
        ...file.top.classes.keys(),
        ...file.top.bindings.keys(),
      ])) {
        const found = define(file, name);
        if (found) push(this.byName, name, found);
      }
      this.imports.set(file, new Map(file.imports.map((entry) => [entry.local, entry])));
    }
  }

  /** What a free name in a file stands for: a definition, or modules of the package. */
  lookup(file: SourceFile, name: string, depth = 4): Definition | readonly SourceFile[] | undefined {
    const own = define(file, name);
    if (own || depth === 0) return own;
    const entry = this.imports.get(file)?.get(name);
    if (entry) return this.follow(file, entry, depth - 1);
    if (this.rules.starImports) {
      for (const { local, module } of file.imports)
        for (const other of local === '*' ? this.filesOf(file, module) : []) {
          const found = other === file ? undefined : this.exported(other, name, depth - 1);
          if (found) return found;
        }
    }
    for (const other of this.rules.foldersAreModules ? (this.byFolder.get(folderOf(file.path)) ?? []) : []) {
      const found = define(other, name);
      if (found) return found;
    }
    // A path may start at any module of the package.
    const modules = this.rules.modulesByName ? this.byStem.get(name) : undefined;
    return modules ?? this.anywhere(name, file);
  }

  /** A name that one file of the package defines, and only one: star imports, packages, namespaces. */
  private anywhere(name: string, file: SourceFile): Definition | undefined {
    const found = (this.byName.get(name) ?? []).filter((d) => !d.file.suspect || d.file === file);
    const used = this.rules.namespaces && found.length > 1 ? inSight(found, file) : undefined;
    if (used) return used;
    if (found.length === 1) return this.visible(found[0] as Definition) ? found[0] : undefined;
    return found.find(
      (d) =>
        folderOf(d.file.path) === folderOf(file.path) &&
        (d.cls ?? d.fn) !== undefined &&
        this.rules.typesInSight,
    );
  }

  /** Variables of other files are not in sight without an import; types may be. */
  private visible(found: Definition): boolean {
    if (this.rules.foldersAreModules) return false;
    return !this.rules.typesInSight || found.cls !== undefined || this.rules.valuesInSight;
  }

  private follow(
    file: SourceFile,
    entry: Import,
    depth: number,
  ): Definition | readonly SourceFile[] | undefined {
    const files = this.filesOf(file, entry.module);
    if (entry.symbol === undefined) return files.length > 0 ? files : undefined;
    for (const module of files) {
      const found = this.exported(module, entry.symbol, depth);
      if (found) return found;
    }
    const cls = this.rules.importsClasses ? this.classIn(entry) : undefined;
    if (cls) return cls;
    // `from . import util`: the symbol is a module.
    const nested = this.filesOf(file, [...entry.module, entry.symbol]);
    if (nested.length > 0) return nested;
    if (this.rules.typesInSight) {
      // Java's `import static nodes.Keys.API`, `import nodes.Keys`; Rust's `use super::util::f`.
      const owner = (this.byName.get(entry.symbol) ?? []).filter(
        (d) => d.cls !== undefined || d.fn !== undefined || this.rules.valuesInSight,
      );
      if (owner.length === 1) return owner[0];
    }
    return undefined;
  }

  /** Java's `import util.Keys;`: the class whose file lies in a folder named as the package ends. */
  private classIn({ module, symbol }: Import): Definition | undefined {
    const folder = `${module.at(-1) ?? ''}/`.toLowerCase();
    const classes = (this.byName.get(symbol ?? '') ?? []).filter((d) => d.cls !== undefined);
    return (
      classes.find((d) => d.cls?.namespace === module.join('.')) ??
      classes.find((d) => `/${folderOf(d.file.path)}`.toLowerCase().endsWith(`/${folder}`)) ??
      (classes.length === 1 ? classes[0] : undefined)
    );
  }

  /** `axiom.SecretNames`, `Nodes.Keys`: a class by its package or namespace and its name. */
  qualified(path: readonly string[]): Definition | undefined {
    const folder = path.at(-2)?.toLowerCase();
    if (!this.rules.importsClasses || folder === undefined) return undefined;
    const found = this.byName.get(path.at(-1) ?? '') ?? [];
    const namespace = path.slice(0, -1).join('.');
    const named = found.find((d) => d.cls && d.cls.namespace !== '' && d.cls.namespace === namespace);
    if (named) return named;
    return found.find(
      (d) => d.cls !== undefined && `/${folderOf(d.file.path)}`.toLowerCase().endsWith(`/${folder}/`),
    );
  }

  /** A name that a module offers, its re-exports included. */
  exported(module: SourceFile, name: string, depth = 4): Definition | readonly SourceFile[] | undefined {
    const own = define(module, name) ?? (name === 'default' ? define(module, WHOLE) : undefined);
    if (own || depth === 0) return own;
    for (const entry of module.imports) {
      if (entry.local === name) return this.follow(module, entry, depth - 1);
      if (entry.local !== '*') continue;
      for (const other of this.filesOf(module, entry.module)) {
        const found = this.exported(other, name, depth - 1);
        if (found) return found;
      }
    }
    const nested = this.rules.innerModules ? this.byStem.get(name) : undefined;
    return nested?.filter((f) => folderOf(f.path).startsWith(folderOf(module.path)));
  }

  /** The files that an import's module path means. */
  filesOf(from: SourceFile, module: readonly string[]): readonly SourceFile[] {
    return this.rules.filesOf(this, from, module);
  }
}

/** Modules by their last name, and by the whole path where several have it. */
export function filesByPath(
  { byFolder, byStem }: ModuleFiles,
  from: SourceFile,
  module: readonly string[],
  far: boolean,
): readonly SourceFile[] {
  const path = module.filter((part) => part !== '' && !/^(?:crate|super|self)$/.test(part));
  const last = path.at(-1);
  if (last === undefined) return far ? (byFolder.get(folderOf(from.path)) ?? []) : [];
  const found = byStem.get(last) ?? [];
  if (path.length === 1 || found.length <= 1)
    return nearest(found, from, path.length > 1 || far || module[0] === '');
  const tail = path.join('/');
  const exact = found.filter((f) =>
    stemOf(f.path)
      .replace(/\/__init__$/, '')
      .endsWith(tail),
  );
  return exact.length > 0 ? exact : found;
}

/** `import util` beside it in the package, not a library's module of that name far away. */
function nearest(found: readonly SourceFile[], from: SourceFile, anywhere: boolean): readonly SourceFile[] {
  const beside = found.filter((f) => folderOf(f.path) === folderOf(from.path) || !f.path.includes('/'));
  return beside.length > 0 ? beside : anywhere ? found : [];
}

/** C#: the one class among those of a name whose namespace the file is in, or uses. */
function inSight(found: readonly Definition[], file: SourceFile): Definition | undefined {
  const own = [...file.top.classes.values()].map((cls) => cls.namespace);
  const used = new Set([...own, ...file.imports.map((i) => (i.local === '*' ? i.module.join('.') : ''))]);
  const fits = found.filter((d) => d.cls && used.has(d.cls.namespace));
  return fits.length === 1 ? fits[0] : undefined;
}

export function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function define(file: SourceFile, name: string): Definition | undefined {
  const { fns, classes, bindings } = file.top;
  const fn = fns.get(name);
  if (fn) return { file, name, fn, bound: false };
  const cls = classes.get(name);
  if (cls) return { file, name, cls, bound: false };
  return bindings.has(name) ? { file, name, bound: true } : undefined;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
