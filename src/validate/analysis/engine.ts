/** What the parts of the analysis need of each other: they are one recursion, and each is in a file of its own. */

import type { LanguageFacts, ModuleIndex } from '../ir/language';
import type {
  Arg,
  CallExpr,
  Class,
  Expr,
  FilledExpr,
  Fn,
  IndexExpr,
  Param,
  Range,
  SourceFile,
} from '../ir/program';
import type { PackageScope } from '../ir/scope';
import type { Atom, Val } from '../ir/values';
import type { Put } from './call-shapes';
import type { Recorder } from './recorder';
import type { CallSite } from './calls';
import type { ParamValue } from './substitution';
import type { LibraryPaths } from './library-paths';
import type { MemberSource } from './members';

/** What names stand for. */
export interface NameSource {
  lookup(name: string, fn: Fn, use?: Range): Val;
  receiver(fn: Fn): Val;
  classes(): readonly Class[];
  exported(atom: Atom & { kind: 'module' }, name: string): Val;
}

/** Classes and their objects. */
export interface ObjectSource {
  fits(atom: Atom, type: string): boolean;
  declares(cls: Class, name: string): boolean;
  typed(atom: Atom & { kind: 'param' }, name: string): Val;
  candidates(atom: Atom & { kind: 'param' }): readonly Fn[];
  /** The package's class that something a caller gives is declared to be of. */
  classOf(atom: Atom & { kind: 'param' }): Class | undefined;
  /** Whether something that a caller gives is a field of one of the package's classes: it may hold a function. */
  holds(atom: Atom & { kind: 'param' }): boolean;
  /** The package's class that a field is declared to be of. */
  typeOf(cls: Class, field: string): Class | undefined;
  /** Methods of that name of named types that are no structs. */
  ofNamedType(name: string): Val;
  /** The package's class that a type names, where it is written. */
  named(type: string, file: SourceFile): Class | undefined;
  chain(cls: Class): readonly Class[];
  /** Whether there are classes below. */
  isExtended(cls: Class): boolean;
  method(cls: Class, name: string): Val;
  statics(cls: Class, name: string): Val;
  members(cls: Class): Val;
  stored(cls: Class, name: string): Val;
  storedIn(file: SourceFile, name: string): Val;
  field(object: Atom & { kind: 'object' }, name: string): Val;
  /** An object of a class as a dictionary of its fields. */
  asTable(object: Atom & { kind: 'object' }): Val;
  constructorParams(cls: Class, count: number): readonly Param[];
  constructorOf(cls: Class, count: number): Fn | undefined;
  extension(atom: Atom, name: string): Val;
}

/** What calls answer. */
export interface CallSource {
  evaluate(call: CallExpr, fn: Fn): Val;
  index(indexers: Val, expr: IndexExpr, fn: Fn): Val;
  /** A call's argument: of what is not known, that it may be a function that makes a text. */
  argument(arg: Arg, fn: Fn): Val;
  read(call: CallExpr, fn: Fn, receiver: Val, args: readonly Val[]): Val;
  /** An entry of a dictionary, or what stands in for it. */
  lookUp(of: Atom & { kind: 'object' }, args: readonly Val[]): Val;
  runGetters(val: Val, at: Range, fn: Fn): Val;
  askByName(args: readonly Val[]): Val;
}

/** What calls do besides. */
export interface EffectSource {
  /** What a call puts into one of its arguments. */
  growthsAt(call: CallExpr, index: number, fn: Fn): readonly Put[];
  /** What a call leaves in one of its `out` arguments. */
  filled(expr: FilledExpr, fn: Fn): Val;
  /** What the calls that are written in a stretch of a function may throw. */
  thrownIn(fn: Fn, within: Range): Val;
  /** What a call of a function may throw, in terms of its parameters. */
  thrownBy(fn: Fn): Val;
}

/** Where objects of the package's classes are made. */
export interface MakingSource {
  construct(cls: Class, call: CallExpr, fn: Fn): Val;
  /** An object of a class whose constructor was handed over: `names.map(Key::new)`. */
  made(cls: Class, args: readonly Val[]): Val;
  /** Rust: the fields of a struct that is made by its places. */
  fieldsByPlace(call: CallExpr, fn: Fn): ReadonlyMap<string, Val>;
}

/** Functions that are handed over. */
export interface HandedSource {
  applied(atom: Atom, args: readonly Val[], what: 'answer' | 'thrown'): Val;
  callBack(callee: Atom, args: readonly Val[], call: CallExpr, fn: Fn): Val;
}

export interface Engine extends MemberSource {
  readonly scope: PackageScope;
  readonly facts: LanguageFacts;
  readonly handlers: ReadonlySet<Fn>;
  readonly modules: ModuleIndex;
  readonly paths: LibraryPaths;
  readonly names: NameSource;
  readonly objects: ObjectSource;
  readonly calls: CallSource;
  readonly effects: EffectSource;
  readonly making: MakingSource;
  readonly handed: HandedSource;
  readonly told: Recorder;
  eval(expr: Expr, fn: Fn): Val;
  /** A value found from others, each once. */
  solve(key: string, compute: () => Val): Val;
  /** `a[k]`: by the key when it is known, else any of the elements. */
  element(of: Val, key: Val): Val;
  /** What a function answers, at one call. */
  answer(fn: Fn, site: Pick<CallSite, 'args' | 'self'>): Val;
  /** The parameters of a function, at one call. */
  given(callee: Fn, site: Pick<CallSite, 'args' | 'self'>): ParamValue;
}
