/** What reading a language's sources needs, beside what the analysis asks. */

import type { LanguageFacts } from '../../ir/language';
import type { GrammarName } from './grammars';
import type { Handlers } from './handlers';

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
  /** Makes of a source what its grammar can read, of the same length. */
  prepare?(text: string): string;
  readonly handlers: Handlers;
  /** The generated file of the constants of secrets' names; Python and TypeScript have types instead. */
  readonly constantsFile?: ConstantsFile;
}
