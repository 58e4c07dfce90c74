/** A Java node's handler is a method of the class of the node's name. */

import { JAVA_NAMES } from './names';
import { methodIn, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) => methodIn(file.top.classes.get(node), JAVA_NAMES.handler(node).function),
};
