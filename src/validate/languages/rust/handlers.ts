/** A Rust node's handler is a function of the node's name in snake case. */

import { snakeCase } from '../../../sdkgen/naming';
import { functionIn, functionLike, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) => functionIn(file, snakeCase(node)) ?? functionLike(file, node),
};
