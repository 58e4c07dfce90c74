/** A Python node's handler is a function of the node's name in snake case. */

import type { Fn, SourceFile } from '../../ir/program';
import { snakeCase } from '../common/naming';
import { functionIn, functionLike, type Handlers } from '../common/handlers';

/** The name of handlers that take the message first and the context second. */
export const OLDEST_HANDLER = 'handle';

export const HANDLERS: Handlers = {
  in: (file, node) => functionIn(file, snakeCase(node)) ?? functionLike(file, node),
  oldest,
};

/** Before nodes had functions of their own name, a node's file held `def handle(input, context)`. */
function oldest(file: SourceFile): Fn | undefined {
  const fn = file.top.fns.get(OLDEST_HANDLER);
  return fn?.params.length === 2 ? fn : undefined;
}
