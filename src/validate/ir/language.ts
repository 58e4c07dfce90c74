/** What the analysis asks about a language: how its names and objects work, and what its libraries' functions do. */

import type { Import, Fn, SourceFile, Class } from './program';

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

/** Finds what a name stands for in other files of the package, by the language's rules of import. */
export interface ModuleIndex {
  /** What a free name in a file stands for: a definition, or modules of the package. */
  lookup(file: SourceFile, name: string): Definition | readonly SourceFile[] | undefined;
  /** A name that a module offers, its re-exports included. */
  exported(module: SourceFile, name: string): Definition | readonly SourceFile[] | undefined;
  /** The files that an import's module path means. */
  filesOf(from: SourceFile, module: Import['module']): readonly SourceFile[];
  /** `axiom.SecretNames`, `Nodes.Keys`: a class by its package or namespace and its name. */
  qualified(path: readonly string[]): Definition | undefined;
}

/** Functions and methods of a language's libraries, by what they make of a value. Paths are joined with `.` or `::`. */
export interface LibraryFacts {
  /** Printing and logging beside the node's own log. */
  readonly prints: RegExp;
  /** Functions that answer with a logger, or with one that has more to say: `getLogger(…)`, `log.child(…)`. */
  readonly loggers: RegExp;
  /** Functions that make an empty text, list or dictionary to be filled, or one that begins with its arguments. */
  readonly buffers: RegExp;
  /** Functions that write into their first argument what the others say: `fmt.Fprintf(&b, …)`, `write!(f, …)`. */
  readonly writesInto: RegExp;
  /** Functions that answer with what the function they are handed answers: now, later or once. */
  readonly runs: RegExp;
  /** Methods that hand their first argument to a function, and answer with what it answers: `computeIfAbsent`. */
  readonly fills: RegExp;
  /** Functions that make of a value something that prints nothing of it, and the methods that give it back. */
  readonly seals: RegExp;
  readonly unseals: RegExp;
  /** Functions that make a request of an address: it prints nothing of it. */
  readonly requests: RegExp;
  /** Functions that answer with their first argument, as far as texts, contexts and pairs go. */
  readonly identity: RegExp;
  /** Functions that make a list of their arguments, or of their one list. */
  readonly listing: RegExp;
  /** Functions that make a dictionary of alternating keys and values. */
  readonly pairing: RegExp;
  /** Functions that make a dictionary of a list of pairs. */
  readonly ofPairs: RegExp;
  /** Functions that answer with a dictionary as it is. */
  readonly sameMap: RegExp;
  /** Functions that make a dictionary's entry of a key and a value. */
  readonly entry: RegExp;
  /** Functions that put texts together by a template or one after the other, or write them in another notation. */
  readonly formatting: RegExp;
  /** Fields of a library's objects that their text tells: an address's query. */
  readonly tells: RegExp;
  /** Types whose objects' text, `String()`, tells what is in their fields: an address with who asks. */
  readonly showsFields: RegExp;
  /** Functions that make of a text what is written in it: JSON. All that is in there is of the text. */
  readonly parses: RegExp;
  /** Members that tell all that was put into what a library's builder makes: `builder.ConnectionString`. */
  readonly whole: RegExp;
  /** Functions of a text whose first argument is kept and whose others are not. */
  readonly textOf: RegExp;
  /** Methods that answer with what they are called on, as far as texts and contexts go. */
  readonly same: RegExp;
  /** Methods of a text that keep what it says, or part of it. */
  readonly text: RegExp;
  /** Methods that wait for what runs elsewhere, and answer with it. */
  readonly waits: RegExp;
  /** Methods of a list that answer with some of it, or all of it in another order. */
  readonly listSame: RegExp;
  /** Methods that hand what was thrown to a function. */
  readonly catches: RegExp;
  /** Functions that look at what they are given, and call nothing of it. */
  readonly keeps: RegExp;
  /** Functions whose exceptions tell their arguments: a command line. */
  readonly echoes: RegExp;
  /** Functions whose errors tell the address that they are given, wherever among their arguments that is. */
  readonly tellsAddress: RegExp;
  /** Methods that hand each element to a function. */
  readonly each: RegExp;
  /** Functions that answer with a number, a truth or a digest: nothing of the value is left. */
  readonly measures: RegExp;
}

/** How a language's names, objects and calls work, where languages differ. */
export interface LanguageFacts {
  /** Members may be named without their object. */
  readonly implicitThis: boolean;
  /** A class body's names are not in sight of its methods. */
  readonly classBodyIsApart: boolean;
  /** A class may have a field and a method of one name. */
  readonly fieldsBesideMethods: boolean;
  /** A struct has what the structs and interfaces that it embeds have. */
  readonly embeds: boolean;
  /** A call of a struct's or variant's name fills its fields by position. */
  readonly tupleStructs: boolean;
  /** A call may leave any of its last arguments out. */
  readonly argumentsAreOptional: boolean;
  /** A call without arguments of what an object holds answers with it: a record's accessor. */
  readonly accessors: boolean;
  /** Names are reached by paths of modules, whatever a variable beside is called: `keys::TOKEN`. */
  readonly modulePaths: boolean;
  /** `f.call(self, x)` and `f.apply(self, [x])` are calls of f. */
  readonly callsByCall: boolean;
  /** `Kind::name` stands for a method of each element. */
  readonly unboundMethods: boolean;
  /** A dictionary's `forEach` gives the key first. */
  readonly keyComesFirst: boolean;
  /** What a `get` answers hands over the pair of value and found, not the value alone. */
  readonly handsOverPairs: boolean;
  /** An object is made by a call of its class's name, without `new`. */
  readonly classesAreCalled: boolean;
  /** An error is answered in a value that is asked for what is in it, and not thrown. */
  readonly catchesResults: boolean;
  /** A loop over a function calls it, and is given what that hands to its own function. */
  readonly loopsCall: boolean;
  /** A dictionary's entries are read as members: `env.NAME`. */
  readonly entriesAreMembers: boolean;
  /** What a text is parsed to, where no type is named, is a dictionary of the language; else it is asked as a text is. */
  readonly parsesToDictionaries: boolean;
  /** The packages or namespaces that may be written in front of a class. */
  readonly qualifiers: RegExp;
  /** The function of a type that makes an empty object of it. */
  readonly makesEmpty: string | undefined;
  /** The methods that say how an object prints. */
  readonly textMethods: readonly string[];
  /** The same where it is printed for who looks for a fault: Python's `!r`, Rust's `{:?}`. */
  readonly debugMethods: readonly string[];
  /** A handler answers with a message and an error: the first counts. */
  readonly answersWithError: boolean;
  /** The handler's parameter by which a pipeline hands over its messages. */
  readonly emitParam: number | undefined;
  /** What a handler's parameter is when its type does not tell. */
  handlerParam(fn: Fn, index: number): 'context' | 'log' | 'secrets' | undefined;
  readonly library: LibraryFacts;
  modules(files: readonly SourceFile[]): ModuleIndex;
}
