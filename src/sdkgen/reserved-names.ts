/**
 * What a language refuses of the names that authors give to nodes and to messages, and what is written instead: the
 * shape of the table that each language's folder holds, and the questions that generation and validate ask of it.
 */

import type { Language } from '../manifest/manifest';
import { CSHARP_NAMES } from './csharp/reserved-names';
import { GO_NAMES } from './go/reserved-names';
import { JAVA_NAMES } from './java/reserved-names';
import { PYTHON_NAMES } from './python/reserved-names';
import type { HandlerNames, ReservedNames } from './reserved-words';
import { RUST_NAMES } from './rust/reserved-names';
import { TYPESCRIPT_NAMES } from './typescript/reserved-names';

const NAMES: Readonly<Record<Language, ReservedNames>> = {
  python: PYTHON_NAMES,
  go: GO_NAMES,
  typescript: TYPESCRIPT_NAMES,
  rust: RUST_NAMES,
  java: JAVA_NAMES,
  csharp: CSHARP_NAMES,
};

/** The language's own table. */
export function reservedNames(language: Language): ReservedNames {
  return NAMES[language];
}

/** How a node's file and function are called in a language. */
export function handlerNames(node: string, language: Language): HandlerNames {
  return NAMES[language].handler(node);
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
