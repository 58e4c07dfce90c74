/** A Java node's handler is a static method of the class of the node's name, in package nodes. */

import { elsewhere, methodIn, typesOf, type Handlers } from '../common/handlers';
import { JAVA_NAMES } from './names';

export const HANDLERS: Handlers = {
  in: (file, node) => methodIn(file.top.classes.get(node), JAVA_NAMES.handler(node).function),
  unserved({ file: { path }, name, fn }, node) {
    const names = JAVA_NAMES.handler(node);
    const what = `class ${node}`;
    if (!path.startsWith('nodes/')) return elsewhere(path, what, `nodes/${names.file}.java`);
    if (fn?.cls && fn.cls.namespace !== 'nodes')
      return `${path} holds ${what} outside of package nodes, where no node host looks for it; begin the file with package nodes;`;
    if (name !== names.function)
      return `${path} holds ${what} with a method ${name}, which no node host calls; rename it to ${names.function}`;
    return fn && !fn.isStatic
      ? `${path} holds ${what} with a method ${name} that is not static; write public static`
      : undefined;
  },
  wanted: (node, names) =>
    `public static ${names.function} in public class ${node} in nodes/${names.file}.java`,
  shape: (fn) => ({
    takes: 'context',
    isAsync: false,
    isStream: fn.params.length > 2,
    takesToken: false,
    parameters: typesOf(fn),
  }),
};
