/** All that is known of TypeScript and JavaScript. */

import { NO_QUALIFIERS } from '../common/words';
import { Modules } from '../common/modules';
import type { LanguageReader } from '../common/language-reader';
import { HANDLERS } from './handlers';
import { LIBRARY } from './library';
import { RULES, SYNTAX } from './lower';
import { IMPORTS } from './modules';

export const TYPESCRIPT: LanguageReader = {
  extensions: /(?<!\.d)\.[cm]?[jt]sx?$/,
  grammarFor: (path) => (/\.[jt]sx$/.test(path) ? 'tsx' : 'typescript'),
  syntax: SYNTAX,
  rules: RULES,
  handlers: HANDLERS,
  implicitThis: false,
  classBodyIsApart: false,
  fieldsBesideMethods: false,
  embeds: false,
  tupleStructs: false,
  accessors: false,
  modulePaths: false,
  callsByCall: true,
  argumentsAreOptional: true,
  unboundMethods: false,
  keyComesFirst: false,
  handsOverPairs: false,
  classesAreCalled: false,
  catchesResults: false,
  loopsCall: false,
  entriesAreMembers: true,
  parsesToDictionaries: true,
  qualifiers: NO_QUALIFIERS,
  makesEmpty: undefined,
  textMethods: ['toString', 'toJSON'],
  debugMethods: ['toString', 'toJSON'],
  answersWithError: false,
  emitParam: undefined,
  handlerParam: (_fn, index) => (index === 0 ? 'context' : undefined),
  library: LIBRARY,
  modules: (files) => new Modules(IMPORTS, files),
};
