/** What reading a language's sources needs, beside what the analysis asks. */

import type { LanguageFacts } from '../../ir/language';
import type { PackageScope } from '../../ir/scope';
import type { ContextWords } from './context-use';
import type { GrammarName } from './grammars';
import type { Rule } from './lowering';
import type { Handlers } from './handlers';
import type { SyntaxFacts } from './syntax-facts';

/** How generation writes constants, as far as names and values go. */
export interface ConstantsFile {
  /** Relative to the package's root. */
  readonly path: string;
  constant(name: string, literal: string): string;
  around(lines: readonly string[]): string;
}

export interface LanguageReader extends LanguageFacts {
  /** The names of its sources. */
  readonly extensions: RegExp;
  grammarFor(path: string): GrammarName;
  /** Whether a published package has a source: Go leaves some out by their names and build lines. */
  isPublished?(path: string, text: string): boolean;
  /** Makes of a source what its grammar can read, of the same length. */
  prepare?(text: string): string;
  /** What only all of the sources together tell. */
  complete?(scope: PackageScope): void;
  readonly syntax: SyntaxFacts;
  /** Its own rules, for nodes that mean something else, or nothing, in other languages. */
  readonly rules?: ReadonlyMap<string, Rule>;
  readonly handlers: Handlers;
  /** What its packages may expect of the context, where generation has to know. */
  readonly context?: ContextWords;
  /** The generated file of the constants of secrets' names; Python and TypeScript have types instead. */
  readonly constantsFile?: ConstantsFile;
}
