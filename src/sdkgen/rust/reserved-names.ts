/** Rust's words, and how a node of such a name is written. */

import { snakeCase } from '../naming';
import { NONE, words, type ReservedNames } from '../reserved-words';

/** Strict and reserved keywords of every edition up to 2024 (Reference, "Keywords"). */
const KEYWORDS = words(`
  abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in
  let loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof
  unsafe unsized use virtual where while yield`);

/** Those that cannot be raw identifiers. */
const NEVER_RAW = words('crate self super');

/** What service.rs itself declares beside the nodes' modules. */
const TAKEN_MODULES = words('axiom_agent axiom_context axiom_host axiom_noop gen');

export const RUST_NAMES: ReservedNames = {
  handler(node) {
    const file = snakeCase(node);
    return { file, function: rustIdentifier(file) };
  },
  // prost writes types and values in camel case, fields as raw identifiers or with an underscore behind.
  refusedTypes: NONE,
  refusesFile: () => false,
  refusedValues: NONE,
  madeNames: () => [],
};

/** `r#match`, `self_`; other words as they are. */
export function rustIdentifier(word: string): string {
  if (NEVER_RAW.has(word)) return `${word}_`;
  return KEYWORDS.has(word) ? `r#${word}` : word;
}

/** The module of a handler's file in service.rs. */
export function rustModule(file: string): string {
  return TAKEN_MODULES.has(file) ? `${file}_node` : rustIdentifier(file);
}
