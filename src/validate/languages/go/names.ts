/** Go's words, which file holds a node, and the constants of secrets' names. */

import { snakeCase } from '../common/naming';
import { constantsOf, type SourceNames } from '../common/source-names';
import { wordSet } from '../common/word-set';
import { builtFor, isBuiltHere } from './built-files';

/** The specification's keywords: no package can be called so. */
const keywords = wordSet(`
  break case chan const continue default defer else fallthrough for func go goto if import interface map package range
  return select struct switch type var`);

export const GO_NAMES: SourceNames = {
  keywords,
  /** RunTest belongs into run_test_node.go: run_test.go is a test's. */
  handler(node) {
    const stem = snakeCase(node);
    return { file: builtFor(stem).kind === 'all' ? stem : `${stem}_node`, function: node };
  },
  refusesFile: (stem) => !isBuiltHere(stem),
  constants: (declared) =>
    constantsOf(
      declared,
      (name) => `SecretName${camelCase(name)}`,
      (name) => `SecretName_${name}`,
    ),
};

/** `ApiKey` for API_KEY. */
function camelCase(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => {
      const rest = word.slice(1);
      return word.charAt(0).toUpperCase() + (word === word.toUpperCase() ? rest.toLowerCase() : rest);
    })
    .join('');
}
