/** What reading a language's sources needs, beside what the analysis asks. */

import type { LanguageFacts } from '../../ir/language';
import type { GrammarName } from './grammars';
import type { Handlers } from './handlers';

export interface LanguageReader extends LanguageFacts {
  /** The names of its sources. */
  readonly extensions: RegExp;
  grammarFor(path: string): GrammarName;
  /** Makes of a source what its grammar can read, of the same length. */
  prepare?(text: string): string;
  readonly handlers: Handlers;
}
