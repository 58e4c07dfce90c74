/** What an analysis needs of a package's sources, in one shape for all six languages. */

/** A stretch of a source: offsets in UTF-16 code units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** One source of the package. */
export interface SourceFile {
  /** Relative to the package's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** Its top level, as a function without parameters. */
  readonly top: Fn;
  readonly imports: Import[];
  /** A generated or vendored file, a test or a double by its name: read only when nodes reach it. */
  readonly suspect: boolean;
}

/** A name that a file takes from elsewhere. `symbol` is undefined when the name stands for the module itself. */
export interface Import {
  readonly local: string;
  /** As written, in parts: `['', 'util']` for `.util`, `['nodes', 'util']`, `['./lib/x']`. */
  readonly module: readonly string[];
  readonly symbol: string | undefined;
}

export interface Arg {
  readonly name: string | undefined;
  readonly value: Expr;
  /** All of a list's elements, or all of a dictionary's entries by their names. */
  readonly spread: boolean | 'named';
}

type Base = Range;

export interface StrExpr extends Base {
  readonly kind: 'str';
  readonly value: string;
}
export interface NameExpr extends Base {
  readonly kind: 'name';
  readonly name: string;
}
export interface ThisExpr extends Base {
  readonly kind: 'this';
  /** `super`, `base`: its members are those of the classes above. */
  readonly above?: boolean;
}
export interface MemberExpr extends Base {
  readonly kind: 'member';
  readonly object: Expr;
  readonly name: string;
  /** `a::b`, not `a.b`. */
  readonly scoped: boolean;
}
export interface IndexExpr extends Base {
  readonly kind: 'index';
  readonly object: Expr;
  readonly index: Expr;
}
export interface CallExpr extends Base {
  readonly kind: 'call';
  readonly callee: Expr;
  readonly args: readonly Arg[];
  /** `new C(…)`: the callee is a class. */
  readonly construct: boolean;
}
/** `+` or a text with insertions; `text` is false for operators that may add numbers. */
export interface ConcatExpr extends Base {
  readonly kind: 'concat';
  readonly parts: readonly Expr[];
}
/** A list, tuple or set. */
export interface ListExpr extends Base {
  readonly kind: 'list';
  readonly items: readonly Expr[];
  /** False when the items stand for any number of such: a comprehension. */
  readonly exact: boolean;
  /** Go: a loop is given what was sent, and no numbers. */
  readonly channel?: boolean;
}
/** A dictionary, object literal, struct literal or object initializer. */
export interface RecordExpr extends Base {
  readonly kind: 'record';
  /** The struct or class named before the braces. */
  readonly type: Expr | undefined;
  readonly entries: readonly { readonly key: string | Expr; readonly value: Expr }[];
  /** `...x`, `..x`, `**x`. */
  readonly spreads: readonly Expr[];
  /** Values without keys, in a literal that may have them. */
  readonly items: readonly Expr[];
  /** Arguments of the constructor, when it is one that takes an initializer too. */
  readonly args: readonly Arg[];
}
/** One of several: `a if c else b`, `a or b`, `match`. */
export interface EitherExpr extends Base {
  readonly kind: 'either';
  readonly options: readonly Expr[];
  /** The second stands in where the first is empty: `a or b`, `a ?? b`. */
  readonly fallback?: boolean;
}
/** Steps into a value: await, `?`, unwrapping, iteration, destructuring. */
export interface StepsExpr extends Base {
  readonly kind: 'steps';
  readonly of: Expr;
  readonly steps: readonly string[];
  /** Of a slice from the beginning, where it ends. */
  readonly upTo?: Expr;
}
/** A value as it prints for who looks for a fault: `{x!r}`, `{x:?}`. */
export interface DebugExpr extends Base {
  readonly kind: 'debug';
  readonly of: Expr;
}
/** `x as AxiomContext`, `x.(axiom.Context)`. */
export interface CastExpr extends Base {
  readonly kind: 'cast';
  readonly of: Expr;
  readonly type: string;
}
export interface LambdaExpr extends Base {
  readonly kind: 'lambda';
  readonly fn: Fn;
}
/** Numbers, booleans, null: no text. */
export interface NothingExpr extends Base {
  readonly kind: 'nothing';
  readonly number?: 'zero' | 'other';
}
/** What a `catch` is given: something that the stretch it guards has thrown. */
export interface CaughtExpr extends Base {
  readonly kind: 'caught';
  readonly body: Range;
  /** What is caught; empty where anything is. */
  readonly types: readonly Expr[];
}
/** What a call leaves in one of its `out` arguments. */
export interface FilledExpr extends Base {
  readonly kind: 'filled';
  readonly call: CallExpr;
  readonly index: number;
}
/** Anything else; what it makes of its parts is not known. */
export interface OtherExpr extends Base {
  readonly kind: 'other';
}

export type Expr =
  | StrExpr
  | NameExpr
  | ThisExpr
  | MemberExpr
  | IndexExpr
  | CallExpr
  | ConcatExpr
  | ListExpr
  | RecordExpr
  | EitherExpr
  | StepsExpr
  | CastExpr
  | DebugExpr
  | LambdaExpr
  | NothingExpr
  | CaughtExpr
  | FilledExpr
  | OtherExpr;

export interface Param {
  readonly name: string;
  /** The type as written; empty when there is none. */
  readonly type: string;
  readonly default: Expr | undefined;
  /** Takes all remaining positional arguments, or all remaining named ones. */
  readonly rest: boolean | 'named';
}

/** One place where a name is given a value. */
export interface Binding {
  readonly value: Expr;
  /** Where that is written: a function may give what is outside of it a new value. */
  readonly fn: Fn;
  /** Uses from here on may see it. */
  readonly from: number;
  /** The innermost block or branch around it. */
  readonly block: Range;
  /** True when the name lives in that block only; false when an outer name is given a new value. */
  readonly declares: boolean;
  /** The outermost loop around it in its function: what is above in there may see it in the next turn. */
  readonly loop: Range | undefined;
}

/** `target.field = value`. */
export interface Store {
  readonly target: Expr;
  readonly field: string;
  readonly value: Expr;
}

/** `names.append(x)`, `names[key] = x`, `names.putAll(more)`: what is put into a list or dictionary later on. */
export interface Growth {
  readonly key: Expr | undefined;
  readonly value: Expr;
  /** The value's elements, not the value itself. */
  readonly spread: boolean;
}

/** The same, and the function that it is written in: a lambda may fill what is outside of it. */
export interface GrowthIn extends Growth {
  readonly fn: Fn;
}

/** A function, method, lambda, or a file's top level. */
export interface Fn extends Range {
  readonly id: number;
  readonly name: string;
  readonly file: SourceFile;
  readonly cls: Class | undefined;
  /** Where its free names are looked up. */
  readonly outer: Fn | undefined;
  readonly params: Param[];
  /** Where its name begins: what is before are its modifiers, and in some languages the type of its answer. */
  readonly nameAt: number;
  /** Where its body begins, or it ends. */
  readonly bodyAt: number;
  /** The receiver's name where a language names it: `self` in Python, `c` in Go. */
  self: string | undefined;
  isStatic: boolean;
  /** Reads as a field: TypeScript's `get x()`, Python's `@property`. */
  isGetter: boolean;
  /** What its decorators make of it: its name stands for that. */
  decorated: Expr | undefined;
  /** Others of its name in its class, itself included: the number of arguments decides. */
  overloads: readonly Fn[];
  /** A constructor's call of another one: `super(…)`, `this(…)`. */
  chained: { readonly own: boolean; readonly args: readonly Arg[] } | undefined;
  /** The object literal that it is a method of. */
  thisOf: Expr | undefined;
  /** The type whose methods it extends from outside: C# `this T`, Rust `impl Trait for T`. */
  extendsType: string;
  readonly bindings: Map<string, Binding[]>;
  readonly fns: Map<string, Fn>;
  readonly classes: Map<string, Class>;
  /** Every call, name and member in the body, outermost first. */
  readonly uses: Expr[];
  readonly stores: Store[];
  /** By the name of one of its variables. */
  readonly growths: Map<string, GrowthIn[]>;
  /** By the name of one of its variables: the calls that it is handed to, which may fill it. */
  readonly handed: Map<string, { readonly call: CallExpr; readonly index: number; readonly fn: Fn }[]>;
  readonly returns: Expr[];
  /** Go: the names of its results, which a bare `return` answers with. */
  results: readonly string[];
  readonly yields: Expr[];
  readonly throws: Expr[];
  /** Stretches whose exceptions are caught. */
  readonly tries: Range[];
  /** Test code inside a source: Rust's `#[cfg(test)]`. */
  readonly isTest: boolean;
}

/** The local name of an import of every member of a class: `import static nodes.Keys.*;`. */
export const STATIC_IMPORT = '*static';

/** The step to a call's result that tells whether it succeeded: of a text that a library made, nothing is in there. */
export const OF_OUTCOME = 'outcome ';

/** The method by which a class makes an object of another value, without being asked: C#'s `implicit operator`. */
export const CONVERTS = 'implicit operator';

/** The name under which a file binds what it offers as a whole: CommonJS's `module.exports`. */
export const WHOLE = 'module.exports';

/** The step into a value that is of a class: `x instanceof Token t`. */
export const AS = 'as ';

/** The step to an object whose fields are just these: one variant of several. */
export const WITH_FIELDS = 'with fields ';

/** The step from a context manager to what its block is given: `with open(x) as f`. */
export const ENTERED = 'entered';

/** The method that `a[k]` calls: Python's name for it stands for C#'s too. */
export const INDEXER = '__getitem__';

/** A class, struct, enum, trait or interface. */
export interface Class {
  readonly id: number;
  readonly name: string;
  /** The namespace or package that it is in, in C# and Java; empty elsewhere. */
  readonly namespace: string;
  readonly file: SourceFile;
  readonly bases: string[];
  readonly methods: Map<string, Fn>;
  /** Methods without a body: classes below have one. */
  readonly abstracts: Set<string>;
  /** Static fields, constants, enum members and initial values of fields, evaluated in `scope`. */
  readonly values: Map<string, Expr>;
  /** Declared types of fields. */
  readonly types: Map<string, string>;
  /** Fields that are filled from the constructor's parameters in order: records, dataclasses. */
  readonly fieldParams: Param[];
  readonly classes: Map<string, Class>;
  /** Where the expressions of `values` are evaluated. */
  readonly scope: Fn;
  /** Its members are all there are, and know their own names. */
  isEnum: boolean;
  /** A Rust enum: each of its variants has fields of its own. */
  hasVariants: boolean;
  /** Its objects print what is in their fields: a record, a dataclass, a Go struct. */
  showsFields: boolean;
  /** Fields that are left out when it does. */
  readonly hidden: Set<string>;
}
