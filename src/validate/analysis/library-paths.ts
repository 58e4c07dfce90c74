/** By which name a library's function is called, whatever an import, a variable or a package's prefix makes of it. */

import type { LanguageFacts } from '../ir/language';
import { pathOf } from '../ir/paths';
import { STATIC_IMPORT, type Expr, type Fn, type Import, type SourceFile } from '../ir/program';

/** Names that stand for names further than this are not followed. */
const MAX_NAMES = 3;

export class LibraryPaths {
  private readonly tables: readonly RegExp[];
  private readonly known = new Map<string, boolean>();
  /** Each call is looked at by several tables. */
  private readonly found = new Map<Expr, string>();
  /** The one that was asked for last, which is asked for again. */
  private last: Expr | undefined;
  private lastPath = '';
  private readonly spelled = new Map<SourceFile, Map<string, string | undefined>>();
  private readonly imports = new Map<SourceFile, ReadonlyMap<string, readonly Import[]>>();

  constructor(private readonly facts: LanguageFacts) {
    this.tables = Object.values(facts.library) as RegExp[];
  }

  /** The path by which the tables know what is called; as it is written when they do not. */
  of(expr: Expr | undefined, fn: Fn): string {
    if (!expr) return '';
    if (expr === this.last) return this.lastPath;
    let path = this.found.get(expr);
    if (path === undefined) this.found.set(expr, (path = this.find(expr, fn)));
    this.last = expr;
    this.lastPath = path;
    return path;
  }

  /** Whether what is written there is a function that the tables know. */
  knows(expr: Expr, fn: Fn): boolean {
    return this.isKnown(this.of(expr, fn));
  }

  private find(expr: Expr, fn: Fn): string {
    const written = pathOf(expr);
    if (written === '' || this.isKnown(written)) return written;
    const spelling = this.spellingIn(fn.file, written);
    return spelling ?? this.variables(written, fn, MAX_NAMES).find((path) => this.isKnown(path)) ?? written;
  }

  /** The path that a file's imports make of another one, if the tables know it: the same wherever it is written. */
  private spellingIn(file: SourceFile, path: string): string | undefined {
    let ofFile = this.spelled.get(file);
    if (!ofFile) this.spelled.set(file, (ofFile = new Map<string, string | undefined>()));
    if (!ofFile.has(path))
      ofFile.set(
        path,
        this.spellings(path, file).find((one) => this.isKnown(one)),
      );
    return ofFile.get(path);
  }

  private isKnown(path: string): boolean {
    let known = this.known.get(path);
    if (known === undefined) this.known.set(path, (known = this.tables.some((table) => table.test(path))));
    return known;
  }

  private spellings(path: string, file: SourceFile): readonly string[] {
    const [root, rest] = parted(path);
    const bare = path.replace(this.facts.qualifiers, '');
    const imports = this.importsOf(file);
    return [
      ...(bare === path ? [] : [bare]),
      ...(imports.get(root) ?? []).flatMap((entry) => spelled(entry).map((name) => name + rest)),
      ...(imports.get(STATIC_IMPORT) ?? []).map(({ module }) => `${module.at(-1) ?? ''}.${path}`),
    ];
  }

  /** `const log = console.log`, `p := fmt.Println`. */
  private variables(path: string, fn: Fn, names: number): readonly string[] {
    if (names === 0) return [];
    const [root, rest] = parted(path);
    for (let at: Fn | undefined = fn; at; at = at.outer) {
      const [only, ...others] = at.bindings.get(root) ?? [];
      if (!only) continue;
      const value = others.length === 0 ? valuePath(only.value) : '';
      if (value === '' || value === root) return [];
      const meant = value + rest;
      return [meant, ...this.spellings(meant, only.fn.file), ...this.variables(meant, only.fn, names - 1)];
    }
    return [];
  }

  private importsOf(file: SourceFile): ReadonlyMap<string, readonly Import[]> {
    const found = this.imports.get(file);
    if (found) return found;
    const known = new Map<string, Import[]>();
    for (const entry of file.imports) known.set(entry.local, [...(known.get(entry.local) ?? []), entry]);
    this.imports.set(file, known);
    return known;
  }
}

/** A path's first name, and what follows it. */
function parted(path: string): readonly [root: string, rest: string] {
  const end = path.search(/\.|::/);
  return end < 0 ? [path, ''] : [path.slice(0, end), path.slice(end)];
}

/** A variable's value as a path: `console.log`, and `{ log } = console`. */
function valuePath(value: Expr): string {
  if (value.kind !== 'steps') return pathOf(value);
  const of = pathOf(value.of);
  return of !== '' && value.steps.every((step) => /^\.\w+$/.test(step)) ? of + value.steps.join('') : '';
}

/** `pprint.pprint` for `from pprint import pprint as pp`, `log` for Go's `stdlog "log"`. */
function spelled({ module, symbol }: Import): readonly string[] {
  const owner = module.at(-1)?.replace(/^node:/, '') ?? '';
  if (symbol === undefined || symbol === 'default') return [owner];
  return [`${owner}.${symbol}`, `${owner}::${symbol}`, symbol];
}
