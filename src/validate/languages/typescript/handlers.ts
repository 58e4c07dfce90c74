/** A TypeScript node's handler is a function of the node's name, its first letter small. */

import { lowerFirst } from '../common/naming';
import { TYPESCRIPT_NAMES } from './names';
import { functionIn, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) =>
    functionIn(file, TYPESCRIPT_NAMES.handler(node).function) ??
    functionIn(file, lowerFirst(node)) ??
    functionIn(file, node),
};
