/** A Rust node's handler is a function of the node's name in snake case. */

import { snakeCase } from '../common/naming';
import { RUST_NAMES } from './names';
import { functionIn, functionLike, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) =>
    functionIn(file, RUST_NAMES.handler(node).function) ??
    functionIn(file, snakeCase(node)) ??
    functionLike(file, node),
};
