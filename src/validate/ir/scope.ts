/** A package's functions and classes while they are made, and what its files share. */

import type { LanguageFacts } from './language';
import type { Class, Fn, Range, SourceFile } from './program';

/** Go: an interface, and what it asks for. */
export interface Interface extends Range {
  readonly name: string;
  readonly file: SourceFile;
  readonly outer: Fn;
  readonly methods: readonly string[];
  /** The interfaces of its folder whose methods it asks for, too. */
  readonly embedded: readonly string[];
}

/** Shared by the files of one package: a type's methods may be in several of them. */
export class PackageScope {
  private ids = 0;
  readonly fns: Fn[] = [];
  /** Types of the languages that spread one type over files, by name. */
  readonly spreadClasses = new Map<string, Class>();
  /** `type Ctx = AxiomContext`: what type aliases stand for. */
  readonly typeAliases = new Map<string, string>();
  /** Interfaces whose types do not say that they have them. */
  readonly interfaces: Interface[] = [];

  /** Fields that literals and initializers fill: a class's own value of such a field may not be the object's. */
  readonly filled = new Set<string>();

  /** `(string Name, string Value)`: at which places parts of tuples have a name. */
  readonly tupleParts = new Map<string, Set<number>>();

  constructor(readonly language: LanguageFacts) {}

  newFile(
    source: { readonly path: string; readonly text: string; readonly suspect: boolean },
    end: number,
  ): SourceFile {
    const file: Omit<SourceFile, 'top'> & { top?: Fn } = { ...source, imports: [] };
    const top = this.newFn({ name: '', file: file as SourceFile, start: 0, end });
    return Object.assign(file, { top });
  }

  newFn(init: Partial<Fn> & Pick<Fn, 'name' | 'file' | 'start' | 'end'>): Fn {
    const fn: Fn = {
      id: this.ids++,
      cls: undefined,
      outer: undefined,
      params: [],
      nameAt: init.start,
      bodyAt: init.end,
      self: undefined,
      isStatic: false,
      isGetter: false,
      thisOf: undefined,
      decorated: undefined,
      overloads: [],
      chained: undefined,
      extendsType: '',
      bindings: new Map(),
      fns: new Map(),
      classes: new Map(),
      uses: [],
      stores: [],
      growths: new Map(),
      handed: new Map(),
      returns: [],
      results: [],
      yields: [],
      throws: [],
      tries: [],
      isTest: false,
      ...init,
    };
    this.fns.push(fn);
    return fn;
  }

  newClass(name: string, file: SourceFile, outer: Fn, at: Range, namespace = ''): Class {
    const scope = this.newFn({ name: `${name}.fields`, file, start: at.start, end: at.end, outer });
    const cls: Class = {
      id: this.ids++,
      name,
      namespace,
      file,
      bases: [],
      methods: new Map(),
      abstracts: new Set(),
      values: new Map(),
      types: new Map(),
      fieldParams: [],
      classes: new Map(),
      scope,
      isEnum: false,
      hasVariants: false,
      showsFields: false,
      hidden: new Set(),
    };
    Object.assign(scope, { cls });
    return cls;
  }
}
