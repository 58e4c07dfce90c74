/** All that is known of Python. */

import { NO_QUALIFIERS } from '../common/words';
import { Modules } from '../common/modules';
import type { LanguageReader } from '../common/language-reader';
import { HANDLERS, OLDEST_HANDLER } from './handlers';
import { LIBRARY } from './library';
import { RULES, SYNTAX } from './lower';
import { IMPORTS } from './modules';

export const PYTHON: LanguageReader = {
  extensions: /\.py$/,
  grammarFor: () => 'python',
  syntax: SYNTAX,
  rules: RULES,
  handlers: HANDLERS,
  implicitThis: false,
  classBodyIsApart: true,
  fieldsBesideMethods: false,
  embeds: false,
  tupleStructs: false,
  accessors: false,
  modulePaths: false,
  callsByCall: false,
  argumentsAreOptional: false,
  unboundMethods: false,
  keyComesFirst: false,
  handsOverPairs: false,
  classesAreCalled: true,
  catchesResults: false,
  loopsCall: false,
  entriesAreMembers: false,
  parsesToDictionaries: true,
  qualifiers: NO_QUALIFIERS,
  makesEmpty: undefined,
  textMethods: ['__str__', '__repr__', '__format__'],
  debugMethods: ['__repr__'],
  answersWithError: false,
  emitParam: undefined,
  handlerParam(fn, index) {
    // `def handler(log, secrets, input)`, the shape before there was a context.
    if (fn.params.length === 3 || (fn.params[0]?.name ?? '').includes('log'))
      return (['log', 'secrets'] as const)[index];
    return index === (fn.name === OLDEST_HANDLER ? 1 : 0) ? 'context' : undefined;
  },
  library: LIBRARY,
  modules: (files) => new Modules(IMPORTS, files),
};
