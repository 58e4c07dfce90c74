/** A Go node's handler is an exported function of the node's name in package nodes. */

import type { Fn } from '../../ir/program';
import { elsewhere, functionIn, typesOf, type Handlers, type HandlerTakes } from '../common/handlers';
import { isBuiltHere, leftOut } from './built-files';
import { GO_NAMES } from './names';

export const HANDLERS: Handlers = {
  in(file, node) {
    const fn = functionIn(file, node);
    // A test's `func TestFlow(t *testing.T)` is not the handler of a node TestFlow.
    return fn?.params.some(({ type }) => /\btesting\.[TBFM]\b/.test(type)) === true ? undefined : fn;
  },
  unserved({ file: { path, text } }, node) {
    const stem = /^nodes\/([^/]+)\.go$/.exec(path)?.[1];
    if (stem === undefined)
      return elsewhere(path, `func ${node}`, `nodes/${GO_NAMES.handler(node).file}.go, in package nodes`);
    return isBuiltHere(stem, text) ? undefined : leftOut(node, path, text);
  },
  wanted: (node, names) => `func ${node} in nodes/${names.file}.go`,
  shape: (fn) => ({
    takes: takenBy(fn),
    isAsync: false,
    isStream: typesOf(fn).some((type) => /^(?:<-\s*)?chan\b/.test(type)),
    takesToken: false,
    parameters: typesOf(fn),
  }),
};

/**
 * What is between a handler's context.Context and its input: axiom.Context, or, in handlers of before it
 * existed, nothing, the logger, or the logger and the secrets.
 */
function takenBy(fn: Fn): HandlerTakes {
  const takes = (name: string): number => fn.params.filter(({ type }) => type.endsWith(`.${name}`)).length;
  // context.Context, and the package's own, whatever name it is imported by.
  if (takes('Context') > 1) return 'context';
  if (takes('Logger') === 0) return 'nothing';
  return takes('Secrets') > 0 ? 'logAndSecrets' : 'log';
}
