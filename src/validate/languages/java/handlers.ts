/** A Java node's handler is a method of the class of the node's name. */

import { lowerFirst } from '../../../sdkgen/naming';
import { methodIn, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) => methodIn(file.top.classes.get(node), lowerFirst(node)),
};
