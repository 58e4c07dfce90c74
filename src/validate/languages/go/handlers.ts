/** A Go node's handler is an exported function of the node's name. */

import { functionIn, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = { in: functionIn };
