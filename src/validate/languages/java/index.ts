/** All that is known of Java. */

import { Modules } from '../common/modules';
import type { LanguageReader } from '../common/language-reader';
import { HANDLERS } from './handlers';
import { LIBRARY } from './library';
import { RULES, SYNTAX } from './lower';
import { IMPORTS } from './modules';

export const JAVA: LanguageReader = {
  extensions: /\.java$/,
  grammarFor: () => 'java',
  syntax: SYNTAX,
  rules: RULES,
  handlers: HANDLERS,
  constantsFile: {
    path: 'src/main/java/axiom/SecretNames.java',
    constant: (name, literal) => `public static final String ${name} = ${literal};`,
    around: (lines) => `package axiom;\npublic final class SecretNames {\n${lines.join('\n')}\n}\n`,
  },
  implicitThis: true,
  classBodyIsApart: false,
  fieldsBesideMethods: true,
  embeds: false,
  tupleStructs: false,
  accessors: true,
  modulePaths: false,
  callsByCall: false,
  argumentsAreOptional: false,
  unboundMethods: true,
  keyComesFirst: true,
  handsOverPairs: false,
  classesAreCalled: false,
  catchesResults: false,
  loopsCall: false,
  entriesAreMembers: false,
  parsesToDictionaries: false,
  qualifiers: /^(?:[a-z]\w*\.)+(?=[A-Z])/,
  makesEmpty: undefined,
  textMethods: ['toString'],
  debugMethods: ['toString'],
  answersWithError: false,
  emitParam: undefined,
  handlerParam: (_fn, index) => (index === 0 ? 'context' : undefined),
  library: LIBRARY,
  modules: (files) => new Modules(IMPORTS, files),
};
