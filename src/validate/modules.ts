/** Finds what a name stands for in other files of the package, by each language's rules of import. */

import type { Language } from '../manifest/manifest';
import type { Class, Fn, Import, SourceFile } from './program';

/** A top-level definition: one of a file's functions, classes or bound names. */
export interface Definition {
  readonly file: SourceFile;
  /** As it is called there; an import may call it something else. */
  readonly name: string;
  readonly fn?: Fn;
  readonly cls?: Class;
  /** True when it is a variable: its values are the bindings of the file's top level. */
  readonly bound: boolean;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
const stemOf = (path: string): string => path.replace(/\.[^./]+$/, '');

export class Modules {
  private readonly byName = new Map<string, Definition[]>();
  private readonly byFolder = new Map<string, SourceFile[]>();
  private readonly byStem = new Map<string, SourceFile[]>();
  private readonly imports = new Map<SourceFile, Map<string, Import>>();

  constructor(
    private readonly language: Language,
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
    if (this.language === 'python' || this.language === 'go') {
      for (const { local, module } of file.imports)
        for (const other of local === '*' ? this.filesOf(file, module) : []) {
          const found = other === file ? undefined : this.exported(other, name, depth - 1);
          if (found) return found;
        }
    }
    if (this.language === 'go' || this.language === 'rust') {
      const beside = this.byFolder.get(folderOf(file.path)) ?? [];
      for (const other of this.language === 'go' ? beside : []) {
        const found = define(other, name);
        if (found) return found;
      }
      // `mod util;` makes util a name; a path may also start at any module of the crate.
      if (this.language === 'rust') {
        const modules = this.byStem.get(name);
        if (modules) return modules;
      }
    }
    return this.anywhere(name, file);
  }

  /** A name that one file of the package defines, and only one: star imports, packages, namespaces. */
  private anywhere(name: string, file: SourceFile): Definition | undefined {
    const found = (this.byName.get(name) ?? []).filter((d) => !d.file.suspect || d.file === file);
    const used = this.language === 'csharp' && found.length > 1 ? inSight(found, file) : undefined;
    if (used) return used;
    if (found.length === 1) return this.visible(found[0] as Definition) ? found[0] : undefined;
    return found.find(
      (d) => folderOf(d.file.path) === folderOf(file.path) && (d.cls ?? d.fn) !== undefined && this.shared(),
    );
  }

  /** Variables of other files are not in sight without an import; types of Java and C# are. */
  private visible(found: Definition): boolean {
    return this.shared()
      ? found.cls !== undefined || this.language === 'rust'
      : this.language === 'go'
        ? false
        : true;
  }

  private shared(): boolean {
    return this.language === 'java' || this.language === 'csharp' || this.language === 'rust';
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
    const cls = this.typed() ? this.classIn(entry) : undefined;
    if (cls) return cls;
    // `from . import util`: the symbol is a module.
    const nested = this.filesOf(file, [...entry.module, entry.symbol]);
    if (nested.length > 0) return nested;
    if (this.shared()) {
      // Java's `import static nodes.Keys.API`, `import nodes.Keys`; Rust's `use super::util::f`.
      const owner = (this.byName.get(entry.symbol) ?? []).filter(
        (d) => d.cls !== undefined || d.fn !== undefined || this.language === 'rust',
      );
      if (owner.length === 1) return owner[0];
    }
    return undefined;
  }

  private typed(): boolean {
    return this.language === 'java' || this.language === 'csharp';
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
    if (!this.typed() || folder === undefined) return undefined;
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
    const own = define(module, name);
    if (own || depth === 0) return own;
    for (const entry of module.imports) {
      if (entry.local === name) return this.follow(module, entry, depth - 1);
      if (entry.local !== '*') continue;
      for (const other of this.filesOf(module, entry.module)) {
        const found = this.exported(other, name, depth - 1);
        if (found) return found;
      }
    }
    const nested = this.language === 'rust' || this.language === 'python' ? this.byStem.get(name) : undefined;
    return nested?.filter((f) => folderOf(f.path).startsWith(folderOf(module.path)));
  }

  /** The files that an import's module path means. */
  filesOf(from: SourceFile, module: readonly string[]): readonly SourceFile[] {
    if (this.language === 'typescript') return this.typescriptFiles(from, module[0] ?? '');
    if (this.language === 'go') {
      const folder = module.at(-1) ?? '';
      const found = [...this.byFolder].filter(
        ([path]) => path === `${folder}/` || path.endsWith(`/${folder}/`),
      );
      return found.flatMap(([, files]) => files);
    }
    const path = module.filter((part) => part !== '' && !/^(?:crate|super|self)$/.test(part));
    const last = path.at(-1);
    if (last === undefined) {
      return this.language === 'python' ? [] : (this.byFolder.get(folderOf(from.path)) ?? []);
    }
    const found = this.byStem.get(last) ?? [];
    if (path.length === 1 || found.length <= 1)
      return nearest(found, from, path.length > 1 || this.language !== 'python' || module[0] === '');
    const tail = `${path.join('/')}`;
    const exact = found.filter((f) =>
      stemOf(f.path)
        .replace(/\/__init__$/, '')
        .endsWith(tail),
    );
    return exact.length > 0 ? exact : found;
  }

  private typescriptFiles(from: SourceFile, source: string): readonly SourceFile[] {
    if (!source.startsWith('.') && !/^(?:@|~|src)\//.test(source)) return [];
    const stem = (source.split('/').at(-1) ?? '').replace(/\.[cm]?[jt]sx?$/, '');
    const wanted = normalize(folderOf(from.path) + source).replace(/\.[cm]?[jt]sx?$/, '');
    const name = stem === '.' || stem === '..' || stem === '' ? (wanted.split('/').at(-1) ?? '') : stem;
    const found = this.byStem.get(name) ?? [];
    const exact = found.filter((f) => stemOf(f.path) === wanted || stemOf(f.path) === `${wanted}/index`);
    return exact.length > 0 || source.startsWith('.') ? exact : found;
  }
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

function normalize(path: string): string {
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
