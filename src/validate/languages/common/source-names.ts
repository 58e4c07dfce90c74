/** The names of handlers and of constants in a package's sources: the form of each language's table. */

/** Where a node's handler is and what it is called. */
export interface HandlerNames {
  /** Its file under nodes/, without extension. */
  readonly file: string;
  /** Its function, as the language writes it: `import_` in Python, `r#match` in Rust. */
  readonly function: string;
}

/** What a language makes of the names that authors give to nodes and to secrets. */
export interface SourceNames {
  /** Words that no name can be. */
  readonly keywords: ReadonlySet<string>;
  /** By a node's name in axiom.yaml. */
  handler(node: string): HandlerNames;
  /** Whether a handler's file cannot be called so. */
  refusesFile(stem: string): boolean;
  /** The constant that generation makes of each declared name, where the language has such constants. */
  readonly constants?: (declared: readonly string[]) => ReadonlyMap<string, string>;
}

/**
 * One constant for each name, the same in every language: the name in the language's form for constants; where two
 * names would have one constant, each is spelt as it is. So a name that is added later never gives another name's
 * constant a new meaning.
 */
export function constantsOf(
  declared: readonly string[],
  inForm: (name: string) => string,
  spelt: (identifier: string) => string,
): ReadonlyMap<string, string> {
  const plain = unique(declared, inForm);
  const own = unique(declared, (name) => spelt(name.replaceAll(/[^A-Za-z0-9]/g, '_')));
  const coded = (name: string): string =>
    spelt(name.replaceAll(/[^A-Za-z0-9]/g, (other) => `_${other.charCodeAt(0).toString(16)}_`));
  return new Map(declared.map((name) => [name, plain.get(name) ?? own.get(name) ?? coded(name)]));
}

/** Of the names, those that have a form of their own. */
function unique(names: readonly string[], form: (name: string) => string): ReadonlyMap<string, string> {
  const forms = names.map((name) => [name, form(name)] as const);
  return new Map(forms.filter(([name, own]) => forms.every(([other, its]) => other === name || its !== own)));
}
