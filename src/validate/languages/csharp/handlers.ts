/** A C# node's handler is a method of the class of the node's name, which may end in Node. */

import { methodIn, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) => methodIn(file.top.classes.get(`${node}Node`) ?? file.top.classes.get(node), node),
};
