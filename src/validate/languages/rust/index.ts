/** All that is known of Rust. */

import { NO_QUALIFIERS } from '../common/words';
import { Modules } from '../common/modules';
import type { LanguageReader } from '../common/language-reader';
import { CONTEXT_WORDS } from './context-use';
import { HANDLERS } from './handlers';
import { LIBRARY } from './library';
import { macrosAsCalls } from './macros';
import { DEBUG, RULES, SYNTAX } from './lower';
import { IMPORTS } from './modules';

export const RUST: LanguageReader = {
  extensions: /\.rs$/,
  grammarFor: () => 'rust',
  prepare: macrosAsCalls,
  syntax: SYNTAX,
  rules: RULES,
  handlers: HANDLERS,
  context: CONTEXT_WORDS,
  constantsFile: {
    path: 'src/axiom_context.rs',
    constant: (name, literal) => `pub const ${name}: &str = ${literal};`,
    around: (lines) => `pub mod secret_names {\n${lines.join('\n')}\n}\n`,
  },
  implicitThis: false,
  classBodyIsApart: false,
  fieldsBesideMethods: true,
  embeds: false,
  tupleStructs: true,
  accessors: false,
  modulePaths: true,
  callsByCall: false,
  argumentsAreOptional: false,
  unboundMethods: false,
  keyComesFirst: false,
  handsOverPairs: true,
  classesAreCalled: false,
  catchesResults: true,
  loopsCall: false,
  entriesAreMembers: false,
  parsesToDictionaries: false,
  qualifiers: NO_QUALIFIERS,
  makesEmpty: 'default',
  textMethods: ['fmt'],
  debugMethods: [DEBUG],
  answersWithError: false,
  emitParam: undefined,
  handlerParam: (_fn, index) => (index === 0 ? 'context' : undefined),
  library: LIBRARY,
  modules: (files) => new Modules(IMPORTS, files),
};
