/** How a language's syntax is read where languages differ: what each language's lower.ts says. */

export interface SyntaxFacts {
  /** Names that stand for nothing and are no keywords: `None`. */
  readonly nothings: ReadonlySet<string>;
  /** `f(out var x)` and `f(ref x)` bind a name. */
  readonly outArguments: boolean;
  /** A tuple's parts may have names. */
  readonly tuplesNameParts: boolean;
  /** `x[k]` may call a method of x's class. */
  readonly indexers: boolean;
  /** The grammar gives a cast's type no name of its own. */
  readonly castsNameNoType: boolean;
  /** `"…%s" % x` formats. */
  readonly percentFormats: boolean;
  /** `a if c else b`. */
  readonly conditionIsSecond: boolean;
  /** The grammar gives a type pattern's parts no names. */
  readonly patternsAreUnnamed: boolean;
  /** The grammar gives initial and default values no names. */
  readonly valuesAreUnnamed: boolean;
  /** A function may name its results, which a bare `return` answers with. */
  readonly namesResults: boolean;
  /** The parameter that takes all remaining arguments has no node of its own. */
  readonly restIsBare: boolean;
  /** `a, b string`: several parameters of one type. */
  readonly sharesTypes: boolean;
  /** A constructor's parameter with a modifier is a field. */
  readonly parametersAreFields: boolean;
  /** `this T x` as a first parameter adds a method to T. */
  readonly extensionMethods: boolean;
  /** `get x() {…}` reads as a field. */
  readonly getWord: boolean;
  /** How a method names what it is called on: its first parameter, a parameter of its own, or not at all. */
  readonly receiver: 'first' | 'self' | 'none';
  /** A type's parts are looked for in one folder. */
  readonly typesPerFolder: boolean;
  /** A class may be in parts. */
  readonly partialClasses: boolean;
  /** A class body binds names, which are its fields. */
  readonly classBodiesBind: boolean;
  /** An enum's values are numbers. */
  readonly enumsAreNumbers: boolean;
  /** `"{name}"` in a text may stand for a variable. */
  readonly textsNameVariables: boolean;
  /** An insertion into a text that prints for who looks for a fault: `{x!r}`. */
  readonly debugs: RegExp | undefined;
  /** A name that is bound in a block is not in sight behind it. */
  readonly blocksHaveNames: boolean;
  /** A block is worth its last expression. */
  readonly blocksHaveValues: boolean;
  /** `for (k in x)` gives keys. */
  readonly inGivesKeys: boolean;
  /** A loop over a dictionary gives its keys. */
  readonly loopsGiveKeys: boolean;
  /** A loop that takes apart what a dictionary gives has keys and values. */
  readonly entriesAreTakenApart: boolean;
  /** `yield` is what a switch is worth. */
  readonly yieldLeavesSwitch: boolean;
  /** An import of a namespace opens it: all its names are in sight. */
  readonly opensNamespaces: boolean;
  /** A value may be made an object of the type that its variable is declared to be. */
  readonly valuesConvert: boolean;
  /** Whether a type's objects print their fields, unless they say otherwise: by its syntax node, and what is written before it and as its bases. */
  showsFields(node: string, before: string, bases: readonly string[]): boolean;
}

/** What most languages have: each says how it differs. */
export const PLAIN_SYNTAX: SyntaxFacts = {
  nothings: new Set(),
  outArguments: false,
  tuplesNameParts: false,
  indexers: false,
  castsNameNoType: false,
  percentFormats: false,
  conditionIsSecond: false,
  patternsAreUnnamed: false,
  valuesAreUnnamed: false,
  namesResults: false,
  restIsBare: false,
  sharesTypes: false,
  parametersAreFields: false,
  extensionMethods: false,
  getWord: false,
  receiver: 'none',
  typesPerFolder: false,
  partialClasses: false,
  classBodiesBind: false,
  enumsAreNumbers: false,
  textsNameVariables: false,
  debugs: undefined,
  blocksHaveNames: true,
  blocksHaveValues: false,
  inGivesKeys: false,
  loopsGiveKeys: false,
  entriesAreTakenApart: false,
  yieldLeavesSwitch: false,
  opensNamespaces: false,
  valuesConvert: false,
  showsFields: () => false,
};
