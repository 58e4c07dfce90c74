/** All that is known of Go. */

import { NO_QUALIFIERS } from '../common/words';
import { Modules } from '../common/modules';
import type { LanguageReader } from '../common/language-reader';
import { CONTEXT_WORDS } from './context-use';
import { isPublished } from './built-files';
import { HANDLERS } from './handlers';
import { joinInterfaces } from './interfaces';
import { LIBRARY } from './library';
import { RULES, SYNTAX } from './lower';
import { IMPORTS } from './modules';

export const GO: LanguageReader = {
  extensions: /\.go$/,
  isPublished: (path, text) => isPublished(/([^/]*)\.go$/.exec(path)?.[1] ?? '', text),
  grammarFor: () => 'go',
  complete: joinInterfaces,
  syntax: SYNTAX,
  rules: RULES,
  handlers: HANDLERS,
  context: CONTEXT_WORDS,
  constantsFile: {
    path: 'axiom/context.go',
    constant: (name, literal) => `const ${name} = ${literal}`,
    around: (lines) => ['package axiom', ...lines, ''].join('\n'),
  },
  implicitThis: false,
  classBodyIsApart: false,
  fieldsBesideMethods: false,
  embeds: true,
  tupleStructs: false,
  accessors: false,
  modulePaths: false,
  callsByCall: false,
  argumentsAreOptional: false,
  unboundMethods: false,
  keyComesFirst: false,
  handsOverPairs: false,
  classesAreCalled: false,
  catchesResults: false,
  loopsCall: true,
  entriesAreMembers: false,
  parsesToDictionaries: false,
  qualifiers: NO_QUALIFIERS,
  makesEmpty: undefined,
  textMethods: ['Error', 'String', 'LogValue', 'GoString', 'MarshalJSON', 'Format'],
  debugMethods: ['Error', 'String', 'LogValue', 'GoString', 'MarshalJSON', 'Format'],
  answersWithError: true,
  emitParam: 3,
  handlerParam: (_fn, index) => (index === 1 ? 'context' : undefined),
  library: LIBRARY,
  modules: (files) => new Modules(IMPORTS, files),
};
