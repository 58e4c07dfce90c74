/** All that is known of C#. */

import { Modules } from '../common/modules';
import type { LanguageReader } from '../common/language-reader';
import { HANDLERS } from './handlers';
import { LIBRARY } from './library';
import { RULES, SYNTAX } from './lower';
import { IMPORTS } from './modules';

export const CSHARP: LanguageReader = {
  extensions: /\.cs$/,
  grammarFor: () => 'c-sharp',
  syntax: SYNTAX,
  rules: RULES,
  handlers: HANDLERS,
  constantsFile: {
    path: 'Axiom/SecretNames.cs',
    constant: (name, literal) => `public const string ${name} = ${literal};`,
    around: (lines) => `namespace Axiom;\npublic static class SecretNames\n{\n${lines.join('\n')}\n}\n`,
  },
  implicitThis: true,
  classBodyIsApart: false,
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
  classesAreCalled: false,
  catchesResults: false,
  loopsCall: false,
  entriesAreMembers: false,
  parsesToDictionaries: false,
  qualifiers: /^(?:global::)?(?:System|Microsoft)\.(?:[A-Z]\w*\.)*(?=[A-Z]\w*(?:\.\w+)?$)/,
  makesEmpty: undefined,
  textMethods: ['ToString', 'PrintMembers'],
  debugMethods: ['ToString', 'PrintMembers'],
  answersWithError: false,
  emitParam: undefined,
  handlerParam: (_fn, index) => (index === 0 ? 'context' : undefined),
  library: LIBRARY,
  modules: (files) => new Modules(IMPORTS, files),
};
