/** Rust's words, how a node of such a name is written, and the constants of secrets' names. */

import { secretConstant, snakeCase } from '../common/naming';
import { constantsOf, type SourceNames } from '../common/source-names';
import { wordSet } from '../common/word-set';

/** Strict and reserved keywords of every edition up to 2024 (Reference, "Keywords"). */
const keywords = wordSet(`
  abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in
  let loop macro match mod move mut override priv pub ref return self static struct super trait true try type typeof
  unsafe unsized use virtual where while yield`);

/** Those that cannot be raw identifiers. */
const NEVER_RAW = wordSet('_ crate self super');

/** `r#match`, `self_`; other words as they are. */
export function rustIdentifier(word: string): string {
  if (NEVER_RAW.has(word)) return `${word}_`;
  return keywords.has(word) ? `r#${word}` : word;
}

export const RUST_NAMES: SourceNames = {
  keywords,
  handler(node) {
    const file = snakeCase(node);
    return { file, function: rustIdentifier(file) };
  },
  refusesFile: () => false,
  constants: (declared) =>
    constantsOf(declared, (name) => rustIdentifier(secretConstant(name)), rustIdentifier),
};
