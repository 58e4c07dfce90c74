/** What each language refuses of the names in messages. How nodes are called is in validate/languages/<lang>/names.ts. */

import type { Language } from '../manifest/manifest';
import { CSHARP_RESERVED } from './csharp/reserved-names';
import { GO_RESERVED } from './go/reserved-names';
import { JAVA_RESERVED } from './java/reserved-names';
import { PYTHON_RESERVED } from './python/reserved-names';
import type { ReservedNames } from './reserved-words';
import { RUST_RESERVED } from './rust/reserved-names';
import { TYPESCRIPT_RESERVED } from './typescript/reserved-names';

const NAMES: Readonly<Record<Language, ReservedNames>> = {
  python: PYTHON_RESERVED,
  go: GO_RESERVED,
  typescript: TYPESCRIPT_RESERVED,
  rust: RUST_RESERVED,
  java: JAVA_RESERVED,
  csharp: CSHARP_RESERVED,
};

/** The language's own table. */
export function reservedNames(language: Language): ReservedNames {
  return NAMES[language];
}

/**
 * The stem of a node's test, `greet_test`; `run_node_test` for a node Run beside a node RunTest, whose handler is in
 * run_test.
 */
export function testStem(stem: string, handlers: Iterable<string>): string {
  const taken = new Set(handlers);
  let own = stem;
  while (taken.has(`${own}_test`)) own += '_node';
  return `${own}_test`;
}
