/** A C# node's handler is a static method of the node's name in the class of its name and Node, in namespace Nodes. */

import { beforeName, methodIn, typesOf, type Handlers } from '../common/handlers';

export const HANDLERS: Handlers = {
  in: (file, node) => methodIn(file.top.classes.get(`${node}Node`) ?? file.top.classes.get(node), node),
  unserved({ file: { path }, name, fn }, node) {
    const cls = fn?.cls;
    const wanted = `public static ${node} in public class ${node}Node in namespace Nodes`;
    if (!cls || (cls.name === `${node}Node` && cls.namespace === 'Nodes' && name === node && fn.isStatic))
      return undefined;
    const where = [cls.namespace, cls.name, name].filter((part) => part !== '').join('.');
    const what = fn.isStatic ? where : `${where}, which is not static`;
    return `${path} holds ${what}, which no node host calls; write ${wanted}`;
  },
  wanted: (node, names) => `public static ${node} in public class ${node}Node in nodes/${names.file}.cs`,
  shape: (fn) => ({
    takes: 'context',
    isAsync: /\bTask\s*</.test(beforeName(fn)),
    isStream: /\bIAsyncEnumerable\s*</.test(beforeName(fn)),
    takesToken: typesOf(fn).some((type) => /\bCancellationToken\b/.test(type)),
    parameters: typesOf(fn),
  }),
};
